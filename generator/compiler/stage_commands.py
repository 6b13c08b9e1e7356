"""The commands of a stage: their schema, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.compiler import grants
from generator.compiler.schema_parts import Schema, mapping
from generator.compiler.texts import named
from generator.model.commands import MOMENTS, Commands, Moment

_WHEN: Mapping[Moment, str] = {
    "before": "right before its deployment, after its approval",
    "after": "right after its deployment, before its tests",
}
_MAY = "What the commands may do, besides logging and reading the commit and the stack's outputs."
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
        statements=grants.statements(written.get("statements", ()), "Given"),
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
    full = mapping({"commands": listed, "policies": policies, "statements": grants.schema(_MAY)}, required=["commands"])
    return {
        "anyOf": [listed, full],
        "description": f"Shell commands that the stage runs on CodeBuild {_WHEN[moment]}.",
    }
