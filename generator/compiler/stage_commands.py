"""The commands of a stage: their schema, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.commands import MOMENTS, Commands, Moment
from generator.compiler.schema_parts import Schema, mapping
from generator.compiler.texts import named
from generator.rights import Statement

_WHEN: Mapping[Moment, str] = {
    "before": "right before its deployment, after its approval",
    "after": "right after its deployment, before its tests",
}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, its default
_POLICIES = 10


def properties() -> Schema:
    """The keys of a stage that are commands."""
    return {moment: _commands(moment) for moment in MOMENTS}


def commands(settings: Mapping[str, Any], moment: Moment) -> Commands | None:
    """The commands of a moment, if there are any."""
    written = settings.get(moment)
    if not written:
        return None
    written = {"commands": written} if isinstance(written, list) else written
    return Commands(
        commands=tuple(written["commands"]),
        statements=tuple(
            Statement(f"Given{number}", tuple(one["actions"]), tuple(map(named, one["resources"])))
            for number, one in enumerate(written.get("statements", ()), 1)
        ),
        policies=tuple(map(named, written.get("policies", ()))),
    )


def _commands(moment: Moment) -> Schema:
    listed = {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": 1000},
        "minItems": 1,
        "maxItems": 50,
        "description": "The commands, in order; one that fails fails the stage.",
    }
    policies = {
        "type": "array",
        "items": {
            "type": "string",
            "pattern": r"^arn:[^\s]+:policy/[A-Za-z0-9+=,.@_/-]{1,512}$",
            "x-what": "the ARN of a managed policy",
        },
        "minItems": 1,
        "maxItems": _POLICIES,
        "uniqueItems": True,
        "description": "Managed policies that say what the commands may do.",
    }
    full = mapping({"commands": listed, "policies": policies, "statements": _statements()}, required=["commands"])
    return {
        "anyOf": [listed, full],
        "description": f"Shell commands that the stage runs on CodeBuild {_WHEN[moment]}.",
    }


def _statements() -> Schema:
    action = {
        "type": "string",
        "pattern": r"^[a-z0-9-]{1,63}:[A-Za-z0-9*?]{1,128}$",
        "x-what": "an action of IAM such as s3:PutObject",
    }
    resource = {
        "type": "string",
        "pattern": r"^(\*|arn:\S{1,2000})$",
        "x-what": "an ARN, in which * stands for anything",
    }
    one = mapping(
        {
            "actions": {**_some(action), "description": "Actions as IAM spells them."},
            "resources": {**_some(resource), "description": "ARNs of what they may be done to."},
        },
        required=["actions", "resources"],
    )
    return {
        "type": "array",
        "items": one,
        "minItems": 1,
        "maxItems": 20,
        "description": "What the commands may do, besides logging and reading the commit and the stack's outputs.",
    }


def _some(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": 50, "uniqueItems": True}
