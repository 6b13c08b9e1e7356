"""The key `approval` of a stage: a person's yes before it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.aws_rules import limits
from generator.errors import Problem
from generator.model.stage import APPROVAL_MESSAGE_LENGTH, GUARDED_STAGE, Approval
from generator.model.text import literal
from generator.pipeline_file import references
from generator.pipeline_file.durations import minutes
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema, duration, mapping

_FULL: Schema = {
    **mapping(
        {
            "notify": {
                "type": "array",
                "items": {"$ref": "#/$defs/address"},
                "minItems": 1,
                "uniqueItems": True,
                "description": "E-mail addresses that are notified when the approval waits.",
            },
            "topic": {
                "$ref": "#/$defs/topic",
                "description": "An existing SNS topic that is notified instead.",
            },
            "message": {
                "type": "string",
                "minLength": 1,
                "maxLength": APPROVAL_MESSAGE_LENGTH,
                "description": "What the approver reads first.",
            },
            "timeout": duration("How long it waits, 5 minutes to 60 days.", "7 days"),
            "separate": {
                "type": "boolean",
                "default": False,
                "description": "Whether it is asked for in a pipeline stage of its own, before the one that deploys.",
            },
            "approvers_policy": {
                "type": "boolean",
                "default": False,
                "description": "Whether the stack has a managed policy that allows to answer this approval alone.",
            },
        }
    ),
    "not": {"required": ["notify", "topic"]},
}
SCHEMA: Schema = {
    "anyOf": [{"type": "boolean"}, _FULL],
    "description": "A person must say yes before this stage changes; a stage called prod asks unless false.",
}


def read(_settings: object, entry: Entry) -> Fields:
    """The approval, if the stage asks for one."""
    return {"approval": approval(entry)}


def approval(entry: Entry) -> Approval | None:
    """The approval of a stage: what the file says, else one in the stage that always asks."""
    written: Any = entry.settings.get("approval", entry.word == GUARDED_STAGE)
    if written is False:
        return None
    settings = {} if written is True else written
    return Approval(
        addresses=tuple(settings.get("notify", ())),
        topic=settings.get("topic", ""),
        message=literal(settings.get("message", "")),
        timeout_minutes=minutes(settings["timeout"]) if "timeout" in settings else 0,
        separate=settings.get("separate", False),
        approvers_policy=settings.get("approvers_policy", False),
    )


def problems(_settings: object, entry: Entry) -> Iterator[Problem]:
    """A wait that CodePipeline does not know, and variables that do not exist."""
    value = approval(entry)
    if value is None:
        return
    path = (*entry.path, "approval")
    if value.timeout_minutes and value.timeout_minutes not in limits.APPROVAL_MINUTES:
        message, hint = "an approval waits 5 minutes to 60 days", "for example: 7 days"
        yield entry.file.document.problem((*path, "timeout"), message, hint)
    yield from references.unknown(entry.file.document, (*path, "message"), value.message, entry.namespaces)


def beside(entry: Entry, key: str, reason: str) -> Iterator[Problem]:
    """A key that cannot stand in one pipeline stage with an approval, and why."""
    value = approval(entry)
    if value and not value.separate:
        message = f"not in one stage with an approval: {reason}"
        hint = "give the approval a pipeline stage of its own: approval: {separate: true}"
        yield entry.file.document.problem((*entry.path, key), message, hint, at="key")
