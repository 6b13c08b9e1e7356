"""Statements that users write: their schema, and their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.model.iam import Statement
from generator.permissions.by_hand import MOST_ACTIONS
from generator.pipeline_file.schema_parts import Schema, mapping
from generator.pipeline_file.texts import named

# A part of an ARN, in which a reference may hold colons; region and account may be left out.
_PART = r"(\$\{[A-Za-z:/]+\}|[!-#%-9;-~])"


def schema(description: str) -> Schema:
    """A list of statements: actions, and the ARNs they hold for."""
    action = {
        "type": "string",
        "pattern": r"^[a-z0-9-]{1,63}:[A-Za-z0-9*?]{1,128}$",
        "x-what": "an action of IAM such as s3:PutObject",
    }
    resource = {
        "type": "string",
        # No count on a class of all Unicode: the validator would unroll it, and each command waits for that.
        "pattern": rf"^(\*|arn:{_PART}+:{_PART}+:{_PART}*:{_PART}*:[!-~]+)$",
        "maxLength": limits.ARN_LENGTH,
        "x-what": "an ARN, in which * stands for anything",
    }
    statement = mapping(
        {
            "actions": {**_some(action), "description": "Actions as IAM spells them."},
            "resources": {**_some(resource), "description": "ARNs of what they may be done to."},
        },
        required=["actions", "resources"],
    )
    return {"type": "array", "items": statement, "minItems": 1, "maxItems": 20, "description": description}


def statements(written: Iterable[Mapping[str, Any]], sid: str) -> tuple[Statement, ...]:
    """The statements; `sid` and a number call them."""
    return tuple(
        Statement(f"{sid}{number}", tuple(statement["actions"]), tuple(map(named, statement["resources"])))
        for number, statement in enumerate(written, 1)
    )


def _some(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": MOST_ACTIONS, "uniqueItems": True}
