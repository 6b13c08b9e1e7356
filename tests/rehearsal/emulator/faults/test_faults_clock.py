"""Time can be put forward, and whoever waits for a moment notices."""

from __future__ import annotations

import threading
from datetime import timedelta

from generator.rehearsal.emulator.faults.clock import MovableClock


def test_who_waits_for_hours_is_woken_when_they_are_over() -> None:
    clock, changed = MovableClock(), threading.Condition()
    answers: list[bool] = []

    def wait() -> None:
        with changed:
            answers.append(clock.wait(changed, lambda: False, clock.now() + timedelta(hours=3)))

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    clock.advance(timedelta(hours=4))
    thread.join(60)
    assert answers == [False]


def test_what_is_ready_is_not_waited_for() -> None:
    clock, changed = MovableClock(), threading.Condition()
    with changed:
        assert clock.wait(changed, lambda: True, None)


def test_it_ends_when_it_is_ready_without_a_limit() -> None:
    clock, changed = MovableClock(), threading.Condition()
    ready = threading.Event()

    def make_ready() -> None:
        with changed:
            ready.set()
            changed.notify_all()

    with changed:
        threading.Timer(0.01, make_ready).start()
        assert clock.wait(changed, ready.is_set, None)
