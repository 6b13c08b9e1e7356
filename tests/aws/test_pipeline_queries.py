"""How often AWS is asked for how a pipeline stands, and for what."""

from __future__ import annotations

from typing import Any

from generator.aws.pipeline import Commit, Execution
from generator.aws.pipeline_queries import PAUSE, RECENT, look, views
from tests.aws import answers
from tests.aws.answers import COMMIT, FIRST, NAME, SECOND, detail, stage_state, state, summary
from tests.aws.stubbed import Stubbed


def tell(aws: Stubbed, *stages: dict[str, Any], recent: list[dict[str, Any]], more: bool = False) -> None:
    """AWS will tell of the sample pipeline, of these executions and, after them, of its stages in this state."""
    aws.answers("codepipeline", "get_pipeline", {"pipeline": answers.declared()}, name=NAME)
    page = {"pipelineExecutionSummaries": recent, **({"nextToken": "more"} if more else {})}
    aws.answers("codepipeline", "list_pipeline_executions", page, pipelineName=NAME)
    aws.answers("codepipeline", "get_pipeline_state", state(*stages), name=NAME)


def act(aws: Stubbed, execution: str, *details: dict[str, Any]) -> None:
    """AWS will tell what this execution did."""
    chosen = {"pipelineName": NAME, "filter": {"pipelineExecutionId": execution}}
    aws.answers("codepipeline", "list_action_executions", {"actionExecutionDetails": list(details)}, **chosen)


def others(number: int) -> list[dict[str, Any]]:
    return [summary(f"{n:08x}-0000-4000-8000-{'f' * 12}") for n in range(number)]


def test_recent_executions_are_enough_when_those_in_stages_are_among_them() -> None:
    aws = Stubbed()
    tell(aws, stage_state("Prod", FIRST), recent=[summary(FIRST), *others(RECENT)], more=True)
    act(aws, FIRST, detail("Prod/Approve"))
    assert len(look(aws.door, NAME).executions) == RECENT
    aws.check()


def test_an_older_execution_that_is_still_in_a_stage_is_asked_for() -> None:
    aws = Stubbed()
    tell(aws, stage_state("Prod", FIRST), recent=others(RECENT + 5))
    revision = {"name": "Code", "revisionId": COMMIT, "revisionSummary": "Set the clock"}
    answer = {"pipelineExecutionId": FIRST, "status": "InProgress", "artifactRevisions": [revision]}
    asked = {"pipelineName": NAME, "pipelineExecutionId": FIRST}
    aws.answers("codepipeline", "get_pipeline_execution", {"pipelineExecution": answer}, **asked)
    act(aws, FIRST, detail("Prod/Approve"))
    pipeline = look(aws.door, NAME)
    aws.check()
    assert len(pipeline.executions) == RECENT + 1
    assert pipeline.stages[2].execution == Execution(FIRST, "InProgress", Commit(COMMIT, "Set the clock"))


def test_an_execution_that_history_has_forgotten_leaves_its_stage_without_commit() -> None:
    aws = Stubbed()
    tell(aws, stage_state("Prod", FIRST), recent=[summary(SECOND)])
    aws.refuses("codepipeline", "get_pipeline_execution", "PipelineExecutionNotFoundException")
    act(aws, FIRST)
    prod = look(aws.door, NAME).stages[2]
    assert (prod.status, prod.execution) == ("Succeeded", None)


def test_the_actions_of_each_execution_are_asked_for_once() -> None:
    aws = Stubbed()
    stages = (stage_state("Source", SECOND), stage_state("Beta", FIRST), stage_state("Prod", FIRST))
    tell(aws, *stages, recent=[summary(SECOND), summary(FIRST)])
    act(aws, SECOND, detail("Source/Source", SECOND))
    act(aws, FIRST, detail("Prod/Approve"), detail("Beta/Test"), detail("Source/Source"))
    runs = [[run.execution for run in stage.runs] for stage in look(aws.door, NAME).stages]
    aws.check()
    assert runs == [[SECOND], [FIRST], [FIRST]]


def test_it_is_looked_at_again_after_a_pause_until_nothing_runs() -> None:
    aws, pauses = Stubbed(), list[float]()
    aws.door.sleep = pauses.append
    for status in ("InProgress", "Stopping", "Stopped"):
        tell(aws, stage_state("Beta", FIRST, "InProgress"), recent=[summary(FIRST, status)])
        act(aws, FIRST)
    seen = [pipeline.executions[0].status for pipeline in views(aws.door, NAME)]
    aws.check()
    assert seen == ["InProgress", "Stopping", "Stopped"]
    assert pauses == [PAUSE, PAUSE]
