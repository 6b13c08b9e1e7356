"""What the seconds of a rehearsal went to: its events cut into parts, and figures of several runs brought together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.family import Line, Run

BEFORE = "emulator up, commit read"
LAUNCH = "template made and checked, stack launched"
PUSH = "first execution over, commit pushed"
SUMMARY = "summary"
TEARDOWN = "teardown"

_MILLISECOND = 0.001


def parts(run: Run) -> dict[str, float]:
    """The parts of one rehearsal that told its events as JSON: what it did -> seconds, in its order.

    A part lasts from the end of the one before it, so together they are the whole of the run. Raises ValueError for a
    run that did not succeed.
    """
    seconds, since = {}, 0.0
    for line in run.lines:
        name = _ending(json.loads(line.text))
        if name:
            seconds[name] = line.at - since
            since = line.at
    if run.code or TEARDOWN in seconds or SUMMARY not in seconds:
        raise ValueError(f"the rehearsal ended with {run.code}:\n{_last(run.lines)}")
    return {**seconds, TEARDOWN: run.wall - since}


def _ending(event: Mapping[str, Any]) -> str:
    """The part that is over when this event comes; nothing for an event in the middle of one."""
    match event["type"]:
        case "Begun":
            return BEFORE
        case "Launched":
            return LAUNCH
        case "ActionStarted" if event["stage"] == "Source":
            return PUSH
        case "ActionEnded":
            return f"{event['stage']}: {event['action']}"
        case "result":
            return SUMMARY
    return ""


def _last(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines[-5:])


def phases(build: Mapping[str, Any]) -> dict[str, float]:
    """The phases of a build as BatchGetBuilds tells it: name -> seconds, those left out that took no time."""
    lasted = {
        phase["phaseType"]: (phase["endTime"] - phase["startTime"]).total_seconds()
        for phase in build["phases"]
        if "endTime" in phase
    }
    return {name: seconds for name, seconds in lasted.items() if seconds >= _MILLISECOND}


def medians(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each figure of several runs. Raises ValueError for runs that do not have the same figures."""
    names = list(runs[0])
    if any(list(run) != names for run in runs):
        raise ValueError("the runs did different things")
    return {name: median(run[name] for run in runs) for name in names}


def ratio(seconds: Iterable[float], floors: Iterable[float]) -> float:
    """The median of how often the floor goes into a run, each taken with the floor that was measured beside it."""
    return median(whole / floor for whole, floor in zip(seconds, floors, strict=True))
