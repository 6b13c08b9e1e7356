"""One delivery becomes two, or comes late: nothing is ever lost."""

from __future__ import annotations

import threading

import pytest

from generator.rehearsal.emulator.faults.chance import Chance
from generator.rehearsal.emulator.faults.deliveries import Deliveries

SUBJECTS = [f"event {number}" for number in range(30)]
PATIENCE = 60.0  # seconds


@pytest.mark.parametrize(("kinds", "extra"), [((), False), (("late",), False), (("duplicate", "late"), True)])
def test_every_delivery_arrives_and_those_struck_arrive_twice(kinds: tuple[str, ...], extra: bool) -> None:
    noted: list[tuple[str, str]] = []
    deliveries = Deliveries(frozenset(kinds), Chance(3, lambda *what: noted.append(what)))
    arrived: list[str] = []
    each_twice = threading.Semaphore(0)

    def arrive(subject: str) -> None:
        arrived.append(subject)
        each_twice.release()

    for subject in SUBJECTS:
        deliveries.deliver(subject, lambda subject=subject: arrive(subject))  # type: ignore[misc]  # a default binds it
    twice = [subject for kind, subject in noted if kind == "duplicate"]
    assert bool(twice) == extra
    assert all(each_twice.acquire(timeout=PATIENCE) for _ in [*SUBJECTS, *twice])
    assert sorted(arrived) == sorted([*SUBJECTS, *twice])
    assert (arrived[: len(SUBJECTS)] == SUBJECTS) == ("late" not in kinds)
