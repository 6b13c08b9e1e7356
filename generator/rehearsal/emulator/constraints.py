"""The values AWS refuses before a service sees them: null, length, pattern, enum and range, in AWS's words."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import StructureShape

Shape = Any  # botocore's shapes have members, a member or a value, depending on their kind


def violations(shape: Shape, value: Any) -> list[str]:
    """What the model does not allow in `value`, each as AWS words it, in the order of the model."""
    return list(_check(shape, value, ""))


def _check(shape: Shape, value: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure" and isinstance(shape, StructureShape):
        yield from _members(shape, value, path)
    elif kind == "list":
        yield from _size(shape, len(value), value, path)
        for index, item in enumerate(value, start=1):
            yield from _check(shape.member, item, f"{path}.{index}.member")
    elif kind == "map":
        yield from _size(shape, len(value), value, path)
        for key, item in value.items():
            yield from _check(shape.value, item, f"{path}.{key}.member")
    elif kind == "string":
        yield from _text(shape, value, path)
    elif kind in {"integer", "long", "float", "double"}:
        yield from _range(shape, value, path)


def _members(shape: StructureShape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, member in shape.members.items():
        place = f"{path}.{name}" if path else name
        if name in value:
            yield from _check(member, value[name], place)
        elif name in shape.required_members:
            yield f"Value null at '{place}' failed to satisfy constraint: Member must not be null"


def _text(shape: Shape, value: str, path: str) -> Iterator[str]:
    yield from _size(shape, len(value), value, path)
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed:
        yield _violation(value, path, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not _matches(pattern, value):
        yield _violation(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _size(shape: Shape, length: int, value: Any, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and length < least:
        yield _violation(value, path, f"Member must have length greater than or equal to {least}")
    if most is not None and length > most:
        yield _violation(value, path, f"Member must have length less than or equal to {most}")


def _range(shape: Shape, value: float, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        yield _violation(value, path, f"Member must have value greater than or equal to {least}")
    if most is not None and value > most:
        yield _violation(value, path, f"Member must have value less than or equal to {most}")


def _violation(value: Any, path: str, constraint: str) -> str:
    shown = value if isinstance(value, str) else repr(value)
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"


def _matches(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """None for a pattern only Java understands: nothing is refused on a guess."""
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None
