"""Waiting: on the machine's own clock, and through the handle of an abandoned action."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from generator.execution import ActionProgressed
from generator.rehearsal.codepipeline.clock import SystemClock
from generator.rehearsal.codepipeline.failure import ActionAbandonedError
from tests.rehearsal.codepipeline.action_runner import ActionRunner
from tests.rehearsal.codepipeline.pipeline_api import action


def test_the_systems_clock_waits_no_longer_than_it_must() -> None:
    clock, changed = SystemClock(), threading.Condition()
    with changed:
        assert clock.wait(changed, lambda: True, None)
        assert not clock.wait(changed, lambda: False, clock.now())
        assert not clock.wait(changed, lambda: False, clock.now() - timedelta(hours=1))


def test_the_systems_clock_wakes_when_something_changed() -> None:
    clock, changed, done = SystemClock(), threading.Condition(), threading.Event()

    def change() -> None:
        with changed:
            done.set()
            changed.notify_all()

    with changed:
        threading.Thread(target=change).start()
        assert clock.wait(changed, done.is_set, None)


def test_what_an_action_says_is_shown_and_told(runner: ActionRunner) -> None:
    context = runner.context(action("a", provider="Fake"))
    context.handle.say(summary="half", external_id="x1")
    context.handle.say(summary="nearly")
    latest = runner.api.state("Go")["actionStates"][0]["latestExecution"]
    assert (latest["summary"], latest["externalExecutionId"]) == ("nearly", "x1")
    events = [event for event in runner.api.events if isinstance(event, ActionProgressed)]
    assert [(event.summary, event.external_id) for event in events] == [("half", "x1"), ("nearly", "x1")]


def test_an_action_that_was_given_up_can_do_nothing_at_its_desk(runner: ActionRunner) -> None:
    context = runner.context(action("a", provider="Fake"))
    runner.api.call("DeletePipeline", name="line")
    handle = context.handle
    for attempt in (
        lambda: handle.say(summary="x"),
        lambda: handle.pause(1),
        handle.token,
        lambda: handle.ask("", "", context.now()),
        lambda: handle.open_job("1", {}),
    ):
        with pytest.raises(ActionAbandonedError):
            attempt()


def test_time_passes_while_an_action_pauses(runner: ActionRunner) -> None:
    context = runner.context(action("a", provider="Fake"))
    begun = context.now()
    context.handle.pause(90)
    assert context.now() - begun == timedelta(seconds=90)
