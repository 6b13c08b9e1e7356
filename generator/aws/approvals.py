"""Approvals: what the approver should know before answering, and the answer, which only ever goes to what was shown.

https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from generator.aws.door import Door
from generator.aws.expected_errors import declined, no
from generator.aws.pipeline import Action, Counts, Execution, Pipeline, Stage
from generator.aws.pipeline_answers import with_runs
from generator.aws.pipeline_queries import action_runs
from generator.aws.stage_choice import chosen_stage
from generator.aws_rules import limits
from generator.errors import InvalidInputError, Problem, RefusedError

_AGAIN = "`penstock status` shows what the stage holds now"
_ANSWERED = {
    "ApprovalAlreadyCompletedException": "somebody else answered this approval just now",
    "InvalidApprovalTokenException": "this approval is gone: it was answered, or ran out of time, just now",
}


@dataclass(frozen=True, slots=True)
class Passed:
    """The tests an execution passed in an earlier stage."""

    stage: str
    tests: Counts


@dataclass(frozen=True, slots=True)
class Question:
    """An approval that waits, and what speaks for and against it.

    `changes` is what the change set will do, `message` and `link` are what the pipeline tells its approvers, `behind`
    the executions that wait for this one to leave the stage, the newest last. The token is the right to answer.
    """

    pipeline: str
    stage: str
    action: str
    execution: Execution
    since: datetime
    changes: str
    message: str
    link: str
    tests: tuple[Passed, ...]
    behind: tuple[Execution, ...]
    token: str = field(repr=False)


def ask(door: Door, pipeline: Pipeline, stage_name: str) -> Question:
    """The first approval that waits, in the stage named, before it, or in the only one where one waits.

    Raises RefusedError when nothing waits, InvalidInputError when the stage has to be named.
    """
    waiting = [stage for stage in pipeline.stages if stage.approvals]
    stage = _before(pipeline, stage_name) or chosen_stage(pipeline, waiting, stage_name, "waiting for an approval")
    action = stage.approvals[0]
    if stage.execution is None or action.run is None:
        raise _overtaken(pipeline.name, stage.name)
    token = _token(_latest(door, pipeline.name, stage.name), action.name)
    if not token:
        raise _overtaken(pipeline.name, stage.name)
    return Question(
        pipeline=pipeline.name,
        stage=stage.name,
        action=action.name,
        execution=stage.execution,
        since=action.run.started,
        changes=_changes(stage, action),
        message=action.run.configuration.get("CustomData", ""),
        link=action.run.configuration.get("ExternalEntityLink", ""),
        tests=_tests(door, pipeline, stage),
        behind=stage.waiting,
        token=token,
    )


def _before(pipeline: Pipeline, stage_name: str) -> Stage | None:
    """The stage before the one named, where that stands apart from it and waits for nothing but its approval."""
    named = pipeline.stage(stage_name) if stage_name else None
    stage = pipeline.asking_for(named) if named and not named.approvals else None
    return stage if stage and stage.approvals else None


def refuse_long(message: str) -> None:
    """Raise InvalidInputError for a message that AWS would not take."""
    if len(message) > limits.APPROVAL_SUMMARY_LENGTH:
        most = limits.APPROVAL_SUMMARY_LENGTH
        raise InvalidInputError([Problem(f"a message has at most {most} characters, not {len(message)}")])


def answer(door: Door, question: Question, *, approved: bool, message: str) -> None:
    """Answer the question, unless the pipeline has moved on since it was asked.

    Raises RefusedError when it was answered, ran out of time, or another execution is in the stage now.
    """
    state = _latest(door, question.pipeline, question.stage)
    inside = state.get("latestExecution", {}).get("pipelineExecutionId")
    if inside != question.execution.id or _token(state, question.action) != question.token:
        raise _overtaken(question.pipeline, question.stage)
    with declined(_ANSWERED, _AGAIN):
        door.client("codepipeline").put_approval_result(
            pipelineName=question.pipeline,
            stageName=question.stage,
            actionName=question.action,
            token=question.token,
            result={"status": "Approved" if approved else "Rejected", "summary": message},
        )


def _overtaken(pipeline: str, stage: str) -> RefusedError:
    return no(f"nothing was answered: what waited in {stage} of {pipeline} does not wait there any more", _AGAIN)


def _latest(door: Door, pipeline: str, stage: str) -> Mapping[str, Any]:
    states = door.client("codepipeline").get_pipeline_state(name=pipeline)["stageStates"]
    return next((state for state in states if state["stageName"] == stage), {})


def _token(state: Mapping[str, Any], action: str) -> str:
    runs = (each.get("latestExecution", {}) for each in state.get("actionStates", ()) if each["actionName"] == action)
    return next((str(run.get("token", "")) for run in runs if run.get("status") == "InProgress"), "")


def _changes(stage: Stage, asking: Action) -> str:
    """The text that describe_changes published in the same stage, without the commit and the tests, told apart."""
    texts = (a.run.variables.get("Text", "") for a in stage.actions if a.run and a.order < asking.order)
    lines = next(filter(None, texts), "").split("\n")
    text = "\n".join(line for line in lines if not line.startswith("Tests in "))
    commit = stage.execution.commit if stage.execution else None
    first, _, rest = text.partition("\n")
    return rest if commit and first.startswith(commit.id[:7]) else text


def _tests(door: Door, pipeline: Pipeline, stage: Stage) -> tuple[Passed, ...]:
    """What the tests of earlier stages said, the nearest first; a rollback was tested when it was first delivered."""
    execution = stage.execution
    if execution is None:
        return ()
    details = action_runs(door, pipeline.name, execution.rollback_of or execution.id)
    passed = (with_runs(earlier, details) for earlier in pipeline.before(stage))
    return tuple(Passed(earlier.name, earlier.tests) for earlier in passed if earlier.tests)
