"""The members of a request as its caller wrote them, whatever protocol carried them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from generator.rehearsal.emulator.ministack.iam import Call


def members_of(call: Call) -> Mapping[str, Any]:
    """Members by name: a JSON body's, a form's, or the query's; nothing for a body that is neither."""
    query = {name: value[0] if isinstance(value, list) else value for name, value in call.parameters.items()}
    if call.body[:1] == b"{":
        return {**query, **_of_json(call.body)}
    if "form-urlencoded" in call.headers.get("content-type", ""):
        return {**query, **dict(parse_qsl(call.body.decode(errors="replace")))}
    return query


def _of_json(body: bytes) -> Mapping[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def inside(request: Mapping[str, Any], path: str) -> list[str]:
    """The texts at a path like "Targets[].RoleArn"."""
    level: list[Any] = [request]
    for name in path.split("."):
        several = name.endswith("[]")
        values = [item.get(name.removesuffix("[]")) for item in level if isinstance(item, dict)]
        level = [each for value in values if isinstance(value, list) for each in value] if several else values
    return [value for value in level if isinstance(value, str) and value]
