"""Texts to CloudFormation's intrinsic functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.model.text import Json

_WHOLE = re.compile(r"\$\{([A-Za-z0-9:]+)(?:\.([A-Za-z0-9.]+))?\}")


def intrinsic(value: Json) -> Json:
    """A value with every text in it as the shortest intrinsic that says the same: Ref, GetAtt, Sub or plain text."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, (list, tuple)):
        return [intrinsic(inner) for inner in value]
    return value


def _text(text: str) -> Json:
    if "${" not in text:
        return text
    if whole := _WHOLE.fullmatch(text):
        return {"Fn::GetAtt": [whole[1], whole[2]]} if whole[2] else {"Ref": whole[1]}
    if "${" not in text.replace("${!", ""):
        return text.replace("${!", "${")
    return {"Fn::Sub": text}


def _mapping(value: Mapping[str, Json]) -> Json:
    if "Ref" in value:
        return dict(value)
    if isinstance(parts := value.get("Fn::Sub"), list):
        # The text is one already; only what its own variables stand for is still to be said.
        return {"Fn::Sub": [parts[0], intrinsic(parts[1])]}
    return {key: intrinsic(inner) for key, inner in value.items()}
