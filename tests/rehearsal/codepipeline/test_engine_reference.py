"""The engine against a second, much simpler statement of what a stage does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.rehearsal.codepipeline.bench import Bench, action, pipeline, stage

ORDERS = st.lists(st.integers(1, 4), min_size=1, max_size=6)
STAGES = st.lists(ORDERS, min_size=1, max_size=3)


def names_of(orders: list[list[int]]) -> list[list[tuple[str, int]]]:
    return [[(f"s{i}a{j}", order) for j, order in enumerate(stage)] for i, stage in enumerate(orders)]


def expected(orders: list[list[int]], broken: set[str]) -> list[set[str]]:
    """The groups of actions that begin, one after the other, given those that break."""
    begun: list[set[str]] = []
    for actions in names_of(orders):
        for order in sorted({order for _, order in actions}):
            group = {name for name, own in actions if own == order}
            begun.append(group)
            if group & broken:
                return begun
    return begun


@given(STAGES, st.sets(st.sampled_from([f"s{i}a{j}" for i in range(3) for j in range(6)])), st.randoms())
def test_groups_begin_in_order_and_stop_at_the_first_that_breaks(
    orders: list[list[int]], broken: set[str], chance: st.DataObject
) -> None:
    bench = Bench()
    stages = [
        stage(f"Stage{i}", *(action(name, order) for name, order in actions))
        for i, actions in enumerate(names_of(orders))
    ]
    bench.create(pipeline(*stages))
    execution = bench.start()
    bench.end("Source")
    begun = []
    while group := bench.at_work():
        begun.append(set(group))
        chance.shuffle(group)  # type: ignore[attr-defined]  # hypothesis names no type for a random
        for name in group:
            bench.fail(name) if name in broken else bench.end(name)
    assert begun == expected(orders, broken)
    there = {name for actions in names_of(orders) for name, _ in actions}
    assert bench.status(execution) == ("Failed" if there & broken else "Succeeded")


@given(st.lists(st.sampled_from(["start", "Source", "Build", "Deploy"]), max_size=30), st.booleans())
def test_no_stage_ever_holds_two_executions_and_none_overtakes(steps: list[str], queued: bool) -> None:
    bench = Bench()
    mode = {"executionMode": "QUEUED"} if queued else {}
    bench.create(pipeline(stage("Build", action("Build")), stage("Deploy", action("Deploy")), **mode))
    started: list[str] = []
    ended: list[str] = []
    for step in steps:
        if step == "start":
            started.append(bench.start())
        elif step in bench.at_work():
            execution = next(r.execution.id for r in bench.begun if r.active and r.action.name == step)
            bench.end(step)
            ended += [execution] if step == "Deploy" else []
        assert len(bench.at_work()) == len(set(bench.at_work()))
    assert ended == [execution for execution in started if execution in ended]
    if queued:
        assert all(bench.status(execution) != "Superseded" for execution in started)
