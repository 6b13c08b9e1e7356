"""Shell commands that a stage runs around its deployment: what its keys `before` and `after` share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.aws_rules import limits
from generator.model.commands import Commands
from generator.pipeline_file import statements
from generator.pipeline_file.schema_parts import Schema, mapping
from generator.pipeline_file.texts import named

_LIST: Schema = {
    "type": "array",
    # As many and as long as anybody reads: not a limit of AWS.
    "items": {"type": "string", "minLength": 1, "maxLength": 1000},
    "minItems": 1,
    "maxItems": 50,
    "description": "The commands, in order; one that fails fails the stage.",
}
PARTS: Schema = {
    "commands": _LIST,
    "policies": {
        "type": "array",
        "items": {
            "type": "string",
            "pattern": r"^arn:[^\s]+:policy/[A-Za-z0-9+=,.@_/-]+$",
            "maxLength": limits.ARN_LENGTH,
            "x-what": "the ARN of a managed policy",
        },
        "minItems": 1,
        "maxItems": limits.MANAGED_POLICIES_OF_A_ROLE,
        "uniqueItems": True,
        "description": "Managed policies that say what the commands may do.",
    },
    "statements": statements.schema(
        "What the commands may do, besides logging and reading the commit and the stack's outputs."
    ),
}
"""The keys of commands that may do more than the usual."""
_FULL: Schema = mapping(PARTS, required=["commands"])


def schema(when: str) -> Schema:
    """The schema of commands that run at a moment, which `when` says in words."""
    return {"anyOf": [_LIST, _FULL], "description": f"Shell commands that the stage runs on CodeBuild {when}."}


def commands(settings: Sequence[str] | Mapping[str, Any]) -> Commands | None:
    """The commands, if there are any."""
    if not settings:
        return None
    full: Mapping[str, Any] = settings if isinstance(settings, Mapping) else {"commands": settings}
    return Commands(
        commands=tuple(full["commands"]),
        statements=statements.statements(full.get("statements", ()), "Given"),
        policies=tuple(map(named, full.get("policies", ()))),
    )
