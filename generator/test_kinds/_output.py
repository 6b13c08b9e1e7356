"""Outputs of the test stack that name what tests: several run side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model.tests import STACK
from generator.model.text import Json, Text

_NAME: Mapping[str, Json] = {
    "type": "string",
    "pattern": "^[A-Za-z0-9]{1,255}$",
    "x-what": "the name of an output",
}
_MOST = 5
SCHEMA: Mapping[str, Json] = {
    "anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1, "maxItems": _MOST, "uniqueItems": True}]
}


def names(settings: str | Sequence[str]) -> tuple[str, ...]:
    """The outputs' names: one, or several."""
    return (settings,) if isinstance(settings, str) else tuple(settings)


def arn(service: str, kind: str) -> Text:
    """The ARNs of what the test stack names itself: CloudFormation begins such names with the stack's."""
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{kind}:{STACK}-*"
