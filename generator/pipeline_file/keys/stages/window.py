"""The key `window` of a stage: when it may be entered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.aws_rules import cron
from generator.errors import Problem
from generator.model.condition import Window
from generator.model.text import literal
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.stages.approval import beside
from generator.pipeline_file.schema_parts import Schema, mapping

_TIME_ZONE = "UTC"
SCHEMA: Schema = {
    **mapping(
        {
            "cron": {
                "type": "string",
                "minLength": 1,
                "maxLength": 255,
                "description": "When it is open, as AWS's DeploymentWindow rule has it: seconds (always *), "
                "minutes, hours, day of the month, month, day of the week, perhaps a year.",
                "examples": ["* * 9-16 ? * MON-FRI *"],
            },
            "time_zone": {
                "type": "string",
                "pattern": r"^[A-Za-z][A-Za-z0-9_+-]*([/:][A-Za-z0-9_+-]+)*$",
                "default": _TIME_ZONE,
                "x-what": "a time zone such as Europe/Berlin",
                "description": "The time zone of the hours.",
            },
        },
        required=["cron"],
    ),
    "description": "When the stage may be entered. Outside of it an execution waits before the stage.",
}
_REASON = "a window is looked at before its stage begins, and the approval may come hours later"


def read(settings: Mapping[str, str], _entry: Entry) -> Fields:
    """The window, if there is one."""
    if not settings:
        return {"window": None}
    return {"window": Window(literal(settings["cron"]), settings.get("time_zone", _TIME_ZONE))}


def problems(settings: Mapping[str, str], entry: Entry) -> Iterator[Problem]:
    """An approval in the same pipeline stage, an invalid expression, an unknown time zone."""
    if not settings:
        return
    document, path = entry.file.document, (*entry.path, "window")
    yield from beside(entry, "window", _REASON)
    try:
        cron.parse(settings["cron"])
    except ValueError as error:
        hint = 'weekdays from nine to five: "* * 9-16 ? * MON-FRI *"'
        yield document.problem((*path, "cron"), str(error), hint)
    try:
        cron.zone(settings.get("time_zone", _TIME_ZONE))
    except ValueError as error:
        yield document.problem((*path, "time_zone"), str(error), "for example Europe/Berlin, UTC or UTC+05:30")
    except LookupError:
        return  # AWS will say; a machine without time zones is no reason to refuse one.
