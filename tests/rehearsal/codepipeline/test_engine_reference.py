"""The engine against a second, much simpler statement of what a pipeline does, at every moment of random histories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.execution import ErrorDetails
from generator.rehearsal.codepipeline.state import ActionRun, Artifact, Outcome
from generator.rehearsal.service import ServiceError
from tests.rehearsal.codepipeline.pipeline_api import PipelineApi, action, source, stage
from tests.rehearsal.codepipeline.reference import ENTRY, SUCCESS, Act, Exec, Mode, Part, Reference

Pair = tuple[Callable[[], bool], Callable[[], object]]
"""A command, for the reference and for the engine."""
BROKEN = Outcome(error=ErrorDetails("JobFailed", "broke"))
RULE = {"category": "Rule", "provider": "Fake"}
FAILURES: dict[str, dict[str, Any]] = {
    "": {},
    "ROLLBACK": {"onFailure": {"result": "ROLLBACK"}},
    "RETRY failed": {"onFailure": {"result": "RETRY", "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}}},
    "RETRY all": {"onFailure": {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}},
}


@st.composite
def parts(draw: st.DrawFn, mode: Mode) -> list[Part]:
    """A source stage and up to three others, as any pipeline of this mode may have them."""
    parts = [Part([Act("Source", 1, makes=True)])]
    artifacts = ["Source"]
    for position in range(draw(st.integers(1, 3))):
        acts: list[Act] = []
        for order in sorted(draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))):
            # Side by side nobody sees what the other makes.
            readable = artifacts + [act.name for act in acts if act.makes and act.order < order]
            reads = draw(st.lists(st.sampled_from(readable), unique=True, max_size=2))
            acts.append(Act(f"s{position}a{len(acts)}", order, reads, draw(st.booleans())))
        artifacts += [act.name for act in acts if act.makes]
        parts.append(draw(reactions(mode, acts)))
    return parts


@st.composite
def reactions(draw: st.DrawFn, mode: Mode, acts: list[Act]) -> Part:
    """What the stage does on its own account. PARALLEL pipelines cannot be rolled back."""
    back = [] if mode == "PARALLEL" else ["ROLLBACK"]
    if draw(st.booleans()):
        return Part(acts, draw(st.sampled_from(["", "RETRY failed", "RETRY all", *back])))
    return Part(acts, entry=draw(st.booleans()), success=draw(st.sampled_from(["", "FAIL", *back])))


def declared(mode: Mode, stages: list[Part]) -> dict[str, Any]:
    """The same pipeline, as the API takes it."""
    first, *others = [stage(f"Stage{at}", *(_action(act) for act in part.acts)) for at, part in enumerate(stages)]
    for shape, part in zip(others, stages[1:], strict=True):
        shape.update(FAILURES[part.failure])
        if part.entry:
            shape["beforeEntry"] = _condition("FAIL", ENTRY)
        if part.success:
            shape["onSuccess"] = _condition(part.success, SUCCESS)
    return {
        "name": "line",
        "roleArn": "arn:aws:iam::123456789012:role/pipeline",
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "stages": [first, *others],
        "executionMode": mode,
        "pipelineType": "V2",
    }


def _action(act: Act) -> dict[str, Any]:
    outputs = [act.name] if act.makes else []
    return (
        source(output=act.name)
        if act.name == "Source"
        else action(act.name, act.order, inputs=act.reads, outputs=outputs)
    )


def _condition(result: str, name: str) -> dict[str, Any]:
    return {"conditions": [{"result": result, "rules": [{"name": name, "ruleTypeId": RULE}]}]}


class Twins:
    """The engine and the reference, given the same commands."""

    def __init__(self, mode: Mode, stages: list[Part]) -> None:
        self.api = PipelineApi()
        self.reference = Reference(mode, stages)
        self.api.create(declared(mode, stages))
        # Its first execution, which begins with the pipeline, is over and counts for neither.
        self.before = len(self.api.service.pipeline("line").executions)

    def ids(self) -> list[str]:
        return list(self.api.service.pipeline("line").executions)[self.before :]

    def tell(self, command: str, pick: int) -> None:
        """Give both a command; which of those it may mean, `pick` decides."""
        meant = COMMANDS[command](self)
        if meant:
            mine, theirs = meant[pick % len(meant)]
            assert self._taken(theirs) == mine(), command
        self.compare()

    @staticmethod
    def _taken(call: Callable[[], object]) -> bool:
        try:
            call()
        except ServiceError:
            return False
        return True

    # What each command may mean just now: for the reference, and for the engine.

    def starts(self) -> list[Pair]:
        return [(self.reference.start, self.api.start)]

    def ends(self, *, well: bool) -> list[Pair]:
        return [self._ending(run, well=well) for run in self.api.begun if run.active]

    def _ending(self, run: ActionRun, *, well: bool) -> Pair:
        number, name = self.ids().index(run.execution.id), run.action.name
        artifacts = tuple(Artifact(output, "artifacts", run.id) for output in run.action.outputs)
        outcome = Outcome(artifacts=artifacts) if well else BROKEN
        line = self.api.service.pipeline("line")
        return (
            lambda: self.reference.finish(number, name, run.id, well=well),
            lambda: self.api.service.engine.ended(line, run, outcome),
        )

    def stops(self, *, abandon: bool) -> list[Pair]:
        return [self._stop(number, execution, abandon=abandon) for number, execution in enumerate(self.ids())]

    def _stop(self, number: int, execution: str, *, abandon: bool) -> Pair:
        request: dict[str, Any] = {"pipelineExecutionId": execution, "abandon": abandon}
        return (
            lambda: self.reference.stop(number, abandon=abandon),
            lambda: self.api.call("StopPipelineExecution", pipelineName="line", **request),
        )

    def retries(self, *, everything: bool) -> list[Pair]:
        places = [(number, at) for number, execution in enumerate(self.reference.execs) for at in execution.visits]
        return [self._retry(number, at, everything=everything) for number, at in places]

    def _retry(self, number: int, at: int, *, everything: bool) -> Pair:
        mode = "ALL_ACTIONS" if everything else "FAILED_ACTIONS"
        request: dict[str, Any] = {
            "stageName": f"Stage{at}",
            "pipelineExecutionId": self.ids()[number],
            "retryMode": mode,
        }
        return (
            lambda: self.reference.retry(number, at, everything=everything),
            lambda: self.api.call("RetryStageExecution", pipelineName="line", **request),
        )

    def rollbacks(self) -> list[Pair]:
        places = [(at, number) for number, execution in enumerate(self.reference.execs) for at in execution.visits]
        return [self._roll_back(at, number) for at, number in places]

    def _roll_back(self, at: int, number: int) -> Pair:
        request: dict[str, Any] = {"stageName": f"Stage{at}", "targetPipelineExecutionId": self.ids()[number]}
        return (
            lambda: self.reference.roll_back(at, number),
            lambda: self.api.call("RollbackStage", pipelineName="line", **request),
        )

    def switches(self) -> list[Pair]:
        last = len(self.reference.parts) - 1
        into = [self._switch(at, inbound=True) for at in range(1, last + 1)]
        return into + [self._switch(at, inbound=False) for at in range(last)]

    def _switch(self, at: int, *, inbound: bool) -> Pair:
        closed = self.reference.no_way_in if inbound else self.reference.no_way_out
        on = at in closed
        operation = "EnableStageTransition" if on else "DisableStageTransition"
        request: dict[str, Any] = {"stageName": f"Stage{at}", "transitionType": "Inbound" if inbound else "Outbound"}
        why: dict[str, Any] = {} if on else {"reason": "not now"}
        return (
            lambda: self.reference.switch(at, inbound=inbound, on=on),
            lambda: self.api.call(operation, pipelineName="line", **request, **why),
        )

    # What must be the same.

    def compare(self) -> None:
        line = self.api.service.pipeline("line")
        executions = [line.executions[execution] for execution in self.ids()]
        assert [execution.status for execution in executions] == [program.status for program in self.reference.execs]
        assert self._under_way() == [_doing(program) for program in self.reference.execs]
        if self.reference.mode != "PARALLEL":
            at_work = {(run.stage.name, run.execution.id) for run in self.api.begun if run.active}
            assert len(at_work) == len({name for name, _ in at_work}), "two executions in one stage"
        for at, queue in enumerate(self.reference.queues):
            gate = line.gate(f"Stage{at}")
            assert [self.ids().index(request.id) for request in gate.waiting] == [expected.number for expected in queue]
        for expected, execution in zip(self.reference.execs, executions, strict=True):
            visits = {f"Stage{at}": visit.status for at, visit in expected.visits.items()}
            assert {name: run.status for name, run in execution.stages.items()} == visits

    def _under_way(self) -> list[dict[str, dict[str, str]]]:
        """Each execution's actions at work, with what they read and who made it."""
        ids: list[dict[str, dict[str, str]]] = [{} for _ in self.ids()]
        for run in self.api.begun:
            if run.active:
                inputs = {name: artifact.key for name, artifact in run.inputs.items()}
                ids[self.ids().index(run.execution.id)][run.action.name] = inputs
        return ids


def _doing(execution: Exec) -> dict[str, dict[str, str]]:
    return execution.visits[execution.at].doing if execution.at in execution.visits else {}


COMMANDS: dict[str, Callable[[Twins], list[Pair]]] = {
    "end well": lambda twins: twins.ends(well=True),
    "end badly": lambda twins: twins.ends(well=False),
    "start": Twins.starts,
    "stop": lambda twins: twins.stops(abandon=False),
    "abandon": lambda twins: twins.stops(abandon=True),
    "retry failed": lambda twins: twins.retries(everything=False),
    "retry all": lambda twins: twins.retries(everything=True),
    "roll back": Twins.rollbacks,
    "switch": Twins.switches,
}
"""What can happen to a pipeline."""
OFTEN = ["end well"] * 9 + ["start"] * 3 + ["end badly"] * 2
HISTORIES = st.lists(st.tuples(st.sampled_from([*OFTEN, *COMMANDS]), st.integers(0, 30)), min_size=25, max_size=60)
# Histories are cheap, and what is rare in them takes many: more than of other properties, and what a profile asks for.
MANY = settings(deadline=None, max_examples=max(400, settings().max_examples))


@pytest.mark.slow
@MANY
@given(st.data(), st.sampled_from(["SUPERSEDED", "QUEUED", "PARALLEL"]), HISTORIES)
def test_the_engine_does_what_the_documentation_says(
    data: st.DataObject, mode: Mode, history: list[tuple[str, int]]
) -> None:
    twins = Twins(mode, data.draw(parts(mode)))
    for command, pick in history:
        twins.tell(command, pick)
