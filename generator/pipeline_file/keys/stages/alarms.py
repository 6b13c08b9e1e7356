"""The key `alarms` of a stage: CloudWatch alarms that roll it back when they go off soon after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.aws_rules import limits
from generator.errors import Problem
from generator.model.condition import Alarms
from generator.pipeline_file.durations import minutes
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.stages.approval import beside
from generator.pipeline_file.schema_parts import Schema, duration, mapping
from generator.pipeline_file.texts import named

_WAIT_TIME = "15 minutes"
# No page of AWS says how long the rule may wait; an hour is what AWS itself announced it with, and stage conditions
# hold everything behind them up: https://aws.amazon.com/about-aws/whats-new/2024/08/aws-codepipeline-stage-level-conditions-implement-pipeline-gates
_WAIT_MINUTES = range(1, 60 + 1)
_NAMES: Schema = {
    "type": "array",
    "items": {
        "type": "string",
        "pattern": r"^[^\x00-\x1f]+$",
        "maxLength": limits.NAME_LENGTHS["AWS::CloudWatch::Alarm"],
        "x-what": "the name of an alarm",
    },
    "minItems": 1,
    "maxItems": limits.RULES_OF_A_CONDITION,
    "uniqueItems": True,
    "description": "The names of the alarms.",
}
_WAIT: Schema = duration("How long they are watched, 1 to 60 minutes.", _WAIT_TIME)
SCHEMA: Schema = {
    "anyOf": [_NAMES, mapping({"names": _NAMES, "wait_time": _WAIT}, required=["names"])],
    "description": "CloudWatch alarms that are watched once the stage has succeeded; one that goes off rolls it back.",
}
_REASON = "a rollback runs its stage again, and would wait for the approval before it takes anything back"


def read(settings: Sequence[str] | Mapping[str, Any], _entry: Entry) -> Fields:
    """The alarms that are watched after the stage, if any."""
    return {"alarms": _alarms(settings)}


def problems(settings: Sequence[str] | Mapping[str, Any], entry: Entry) -> Iterator[Problem]:
    """An approval in the same pipeline stage, and a time that is too long."""
    value = _alarms(settings)
    if value is None:
        return
    yield from beside(entry, "alarms", _REASON)
    if value.wait_minutes not in _WAIT_MINUTES:
        hint = f"at most {_WAIT_MINUTES[-1]} minutes; everything behind the stage waits as long"
        path = (*entry.path, "alarms", "wait_time")
        yield entry.file.document.problem(path, "alarms are watched for 1 to 60 minutes", hint)


def _alarms(settings: Sequence[str] | Mapping[str, Any]) -> Alarms | None:
    if not settings:
        return None
    full: Mapping[str, Any] = settings if isinstance(settings, Mapping) else {"names": settings}
    return Alarms(tuple(map(named, full["names"])), minutes(full.get("wait_time", _WAIT_TIME)))
