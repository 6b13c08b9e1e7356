"""A resource's properties as the service's own API writes them: CreatePipeline's shape from AWS::…::Pipeline's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Shape = Any  # botocore's shapes have members, a member or a value, depending on their kind


class PropertyError(ValueError):
    """A property CloudFormation does not know or whose value is not of its type."""


def to_api(shape: Shape, value: Any, path: str = "") -> Any:
    """The value with the model's member names and types.

    CloudFormation writes PascalCase names, and texts for numbers and booleans if the template does. A map of
    texts (an action's Configuration) may hold any JSON value. Raises PropertyError naming the property.
    """
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, value, path)
    if kind == "list":
        return [to_api(shape.member, item, f"{path}/{number}") for number, item in enumerate(_list(value, path))]
    if kind == "map":
        return {name: to_api(shape.value, item, f"{path}/{name}") for name, item in _map(value, path).items()}
    return _scalar(kind, value, path)


def _structure(shape: Shape, value: Any, path: str) -> dict[str, Any]:
    names = {member.lower(): member for member in shape.members}
    converted = {}
    for name, item in _map(value, path).items():
        member = names.get(name.lower())
        if member is None:
            raise PropertyError(f"#{path}: extraneous key [{name}] is not permitted")
        if item is not None:
            converted[member] = to_api(shape.members[member], item, f"{path}/{name}")
    return converted


def _scalar(kind: str, value: Any, path: str) -> Any:
    if kind == "string":
        return text(value)
    try:
        if kind in {"integer", "long"}:
            return int(value)
        if kind == "boolean":
            return {"true": True, "false": False}[text(value).lower()]
    except (KeyError, TypeError, ValueError) as problem:
        raise PropertyError(f"#{path}: expected type: {kind.capitalize()}, found: {text(value)}") from problem
    return value


def text(value: Any) -> str:
    """A value where AWS wants a text: true and 1 as JSON writes them, lists and maps as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def _map(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PropertyError(f"#{path}: expected type: JSONObject, found: {text(value)}")
    return value


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise PropertyError(f"#{path}: expected type: JSONArray, found: {text(value)}")
    return value


def api_tags(properties: Mapping[str, Any]) -> list[dict[str, str]]:
    """The Tags property as most Code* services take them: [{"key": ..., "value": ...}]."""
    return [{"key": name, "value": value} for name, value in sorted(tag_map(properties).items())]


def tag_map(properties: Mapping[str, Any]) -> dict[str, str]:
    """The Tags property as a map, whether the type writes a list or a map, without CloudFormation's own tags."""
    tags = properties.get("Tags") or {}
    pairs = tags.items() if isinstance(tags, dict) else ((tag["Key"], tag["Value"]) for tag in tags)
    return {name: text(value) for name, value in pairs if not name.startswith("aws:")}
