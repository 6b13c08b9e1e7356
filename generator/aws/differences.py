"""What differs between two CloudFormation templates, resource by resource and property by property."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["added", "removed", "changed"]
_SECTIONS: Final = ("Parameters", "Mappings", "Conditions", "Resources", "Outputs")
# What tells the entries of a list apart, in the words of the types a pipeline is made of.
_NAMES: Final = ("Name", "Sid", "Id", "PolicyName", "Key", "AttributeName")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that only one of two templates has, or that differs; `at` says where below `name`, empty for all of it.

    `section` is the template's ("Resources"), `name` a logical id there; `was` and `now` are None where absent.
    """

    section: str
    name: str
    type: str
    at: str
    kind: Kind
    was: Any = None
    now: Any = None


def differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """The differences in the order of a template's sections, then by name and place."""
    for section in (*sorted({*was, *now} - {*_SECTIONS}), *_SECTIONS):
        before, after = was.get(section, {}), now.get(section, {})
        if section in _SECTIONS:
            for name in sorted({*before, *after}):
                yield from _entry(section, name, before.get(name), after.get(name))
        else:
            yield from _entry(section, "", was.get(section), now.get(section))


def _entry(section: str, name: str, was: Any, now: Any) -> Iterator[Difference]:
    body = now if now is not None else was
    kind = body.get("Type", "") if section == "Resources" and isinstance(body, Mapping) else ""
    for at, before, after in _walk("", was, now):
        how: Kind = "added" if before is None else "removed" if after is None else "changed"
        yield Difference(section, name, kind, at.removeprefix(".").removeprefix("Properties."), how, before, after)


def _walk(at: str, was: Any, now: Any) -> Iterator[tuple[str, Any, Any]]:
    if _same(was, now):
        return
    before, after = _children(was), _children(now)
    # A function call ({"Fn::Sub": ...}) is one value to a reader.
    if before is None or after is None or _is_call(was) or _is_call(now):
        yield at, was, now
        return
    for key in dict.fromkeys((*before, *after)):
        yield from _walk(f"{at}{key}", before.get(key), after.get(key))
    if list(before) != list(after) and {*before} == {*after} and isinstance(was, Sequence):
        yield f"{at} (order)", [key.strip("[]") for key in before], [key.strip("[]") for key in after]


def _children(value: Any) -> dict[str, Any] | None:
    """The values inside a value by where they stand; None for one that has none."""
    if isinstance(value, Mapping):
        return {f".{key}": inner for key, inner in value.items()}
    if not isinstance(value, list):
        return None
    names = [_name(inner) for inner in value]
    if all(names) and len(set(names)) == len(names):
        return {f"[{name}]": inner for name, inner in zip(names, value, strict=True)}
    if any(isinstance(inner, Mapping | list) for inner in value):
        return {f"[{index}]": inner for index, inner in enumerate(value)}
    return None


def _name(value: Any) -> str:
    match = (value.get(key) for key in _NAMES) if isinstance(value, Mapping) else iter(())
    return next((name for name in match if isinstance(name, str)), "")


def _is_call(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def _same(was: Any, now: Any) -> bool:
    # CloudFormation takes 1 and "1", true and "true" for the same.
    return bool(_plain(was) == _plain(now))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str) or value is None else json.dumps(value)
