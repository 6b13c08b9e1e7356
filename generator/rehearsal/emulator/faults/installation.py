"""Puts the faults that a run is to have where they strike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.emulator.faults.chance import Chance
from generator.rehearsal.emulator.faults.deliveries import Deliveries
from generator.rehearsal.emulator.faults.dropped_requests import Silencing
from generator.rehearsal.emulator.faults.jobs import KilledJob, SlowFunctions
from generator.rehearsal.emulator.faults.kinds import DUPLICATE, KILLED, LATE, SLOW, THROTTLED
from generator.rehearsal.emulator.faults.throttle import Application, Throttling
from generator.rehearsal.emulator.functions.pool import Functions
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack import eventbridge, lambda_, sns, sts


@dataclass(frozen=True, slots=True)
class Machinery:
    """The parts of an emulator that faults reach into."""

    ledger: Ledger
    functions: Functions


def install(faults: Mapping[str, Any], machinery: Machinery, application: Application) -> Application:
    """The application with faults before it: `faults` has "seed" and "kinds". Call it when all else is installed."""
    chance, kinds = Chance(faults["seed"], machinery.ledger.injected), frozenset(faults["kinds"])
    if kinds & {DUPLICATE.word, LATE.word}:
        deliver = Deliveries(kinds, chance).deliver
        for divert in (eventbridge.divert_events, lambda_.divert_invocations, sns.divert_messages):
            divert(deliver)
    if SLOW.word in kinds:
        lambda_.around_functions(SlowFunctions(chance).around)
    if KILLED.word in kinds:
        application = _killing(machinery, application)
    if THROTTLED.word in kinds:
        application = Throttling(application, chance, sts.key_owner)
    return application


def _killing(machinery: Machinery, application: Application) -> Application:
    killed = KilledJob(machinery.ledger, machinery.functions.kill)
    lambda_.around_functions(killed.around)
    return Silencing(application, killed.strikes)
