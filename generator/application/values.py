"""What a value of a template says before the stack exists, as far as intrinsic functions let it be known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_SUBSTITUTED = re.compile(r"\$\{([^${}]*)\}")


def text_of(value: Any, values: Mapping[str, str]) -> str | None:
    """The text of a value, given the `values` of parameters and pseudo parameters; None when only a launch can tell.

    Understands scalars, Ref, Fn::GetAtt (of which `values` may have some, as `Queue.Arn`), Fn::Sub and Fn::Join;
    `choices` evaluates Fn::If and Fn::FindInMap before.
    """
    if isinstance(value, dict):
        return _call(value, values) if len(value) == 1 else None
    return scalar(value)


def pattern_of(value: Any, values: Mapping[str, str]) -> str:
    """The text of a value, with `*` for what only a launch can tell."""
    return text_of(value, _Pattern(values)) or "*"


class _Pattern(dict[str, str]):
    """Values of which none is missing."""

    def get(self, name: str, default: str | None = None) -> str:  # type: ignore[override]  # it has them all
        return super().get(name, "*" if default is None else default)


def scalar(value: Any) -> str | None:
    """A scalar as CloudFormation passes it on: text. None for what is no scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


def names_in(value: Any) -> Iterator[str]:
    """Every name that Ref, Fn::GetAtt and Fn::Sub inside a value refer to: `Function`, `Function.Arn`."""
    if isinstance(value, list):
        for part in value:
            yield from names_in(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _names_of_call(key, part)


def _call(value: Mapping[Any, Any], values: Mapping[str, str]) -> str | None:
    [(function, argument)] = value.items()
    if function == "Ref":
        return values.get(argument) if isinstance(argument, str) else None
    if function == "Fn::Sub":
        return _substituted(argument, values)
    if function == "Fn::Join":
        return _joined(argument, values)
    if function == "Fn::GetAtt":
        return values.get(".".join(map(str, argument)) if isinstance(argument, list) else str(argument))
    return None


def _substituted(argument: Any, parameters: Mapping[str, str]) -> str | None:
    own: dict[str, str | None] = {}
    match argument:
        case [str(text), dict(values)]:
            own = {str(name): text_of(value, parameters) for name, value in values.items()}
        case str(text):
            pass
        case _:
            return None
    pieces: list[str] = []
    end = 0
    for reference in _SUBSTITUTED.finditer(text):
        piece = _piece(reference[1], own, parameters)
        if piece is None:
            return None
        pieces += [text[end : reference.start()], piece]
        end = reference.end()
    return "".join([*pieces, text[end:]])


def _piece(name: str, own: Mapping[str, str | None], values: Mapping[str, str]) -> str | None:
    name = name.strip()
    if name.startswith("!"):
        return "${" + name[1:] + "}"
    return own[name] if name in own else values.get(name)


def _joined(argument: Any, values: Mapping[str, str]) -> str | None:
    match argument:
        case [str(delimiter), list(parts)]:
            unknown = values.get("") if isinstance(values, _Pattern) else None
            texts = [unknown if (text := text_of(part, values)) is None else text for part in parts]
            return None if None in texts else delimiter.join(text for text in texts if text is not None)
        case _:
            return None


def _names_of_call(function: Any, argument: Any) -> Iterator[str]:
    match function, argument:
        case "Ref", str(name):
            yield name
        case "Fn::GetAtt", str(name):
            yield name
        case "Fn::GetAtt", [str(name), *attribute]:
            yield ".".join([name, *(part for part in attribute if isinstance(part, str))])
        case "Fn::Sub", (str(text) | [str(text), *_]):
            yield from (names[1].strip() for names in _SUBSTITUTED.finditer(text) if not names[1].startswith("!"))
    if isinstance(argument, (dict, list)):
        yield from names_in(argument)
