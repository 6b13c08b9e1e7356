"""What a stage's file entry says of getting into it and out of it: failures, alarms, window, and what excludes what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws_rules import cron
from generator.compiler.durations import minutes
from generator.compiler.texts import named
from generator.document import Document, Path
from generator.errors import Problem
from generator.model.condition import Alarms, OnFailureResult, Window
from generator.model.stage import Stage
from generator.model.text import literal

WAIT_TIME = "15 minutes"
# No page of AWS says how long the rule may wait; an hour is what AWS itself announced it with, and stage conditions
# hold everything behind them up: https://aws.amazon.com/about-aws/whats-new/2024/08/aws-codepipeline-stage-level-conditions-implement-pipeline-gates
WAIT_MINUTES = range(1, 60 + 1)
TIME_ZONE = "UTC"
_SEPARATE = "give the approval a pipeline stage of its own: approval: {separate: true}"
# Why an approval cannot stand in the same pipeline stage, by the key that excludes it.
_APART = {
    "retry": "a rejected approval fails its stage, and a retry would ask again",
    "rollback": "a rejected approval fails its stage, and would roll it back; the rollback itself would ask, too",
    "alarms": "a rollback runs its stage again, and would wait for the approval before it takes anything back",
    "window": "a window is looked at before its stage begins, and the approval may come hours later",
}


def on_failure(settings: Mapping[str, Any]) -> OnFailureResult | None:
    """What the stage does by itself when it has failed."""
    word = settings.get("on_failure")
    return "RETRY" if word == "retry" else "ROLLBACK" if word == "rollback" else None


def alarms(settings: Mapping[str, Any]) -> Alarms | None:
    """The alarms that are watched after the stage."""
    written = settings.get("alarms")
    if not written:
        return None
    written = {"names": written} if isinstance(written, list) else written
    return Alarms(tuple(map(named, written["names"])), minutes(written.get("wait_time", WAIT_TIME)))


def window(settings: Mapping[str, Any]) -> Window | None:
    """When the stage may be entered."""
    written = settings.get("window")
    return Window(literal(written["cron"]), written.get("time_zone", TIME_ZONE)) if written else None


def problems(document: Document, settings: Mapping[str, Any], stage: Stage, path: Path) -> Iterator[Problem]:
    """What AWS would refuse, or would do otherwise than it reads."""
    yield from _beside_an_approval(document, settings, stage, path)
    if stage.alarms and stage.alarms.wait_minutes not in WAIT_MINUTES:
        hint = f"at most {WAIT_MINUTES[-1]} minutes; everything behind the stage waits as long"
        yield document.problem((*path, "alarms", "wait_time"), "alarms are watched for 1 to 60 minutes", hint)
    if stage.window:
        yield from _window_problems(document, settings["window"], (*path, "window"))


def _beside_an_approval(document: Document, settings: Mapping[str, Any], stage: Stage, path: Path) -> Iterator[Problem]:
    if not stage.approval or stage.asks_apart:
        return
    for key in ("on_failure", "alarms", "window"):
        if key in settings:
            why = _APART[settings[key] if key == "on_failure" else key]
            yield document.problem((*path, key), f"not in one stage with an approval: {why}", _SEPARATE, at="key")


def _window_problems(document: Document, written: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    try:
        cron.parse(written["cron"])
    except ValueError as error:
        hint = 'weekdays from nine to five: "* * 9-16 ? * MON-FRI *"'
        yield document.problem((*path, "cron"), str(error), hint)
    try:
        cron.zone(written.get("time_zone", TIME_ZONE))
    except ValueError as error:
        yield document.problem((*path, "time_zone"), str(error), "for example Europe/Berlin, UTC or UTC+05:30")
    except LookupError:
        return  # AWS will say; a machine without time zones is no reason to refuse one.
