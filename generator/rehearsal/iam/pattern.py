"""Texts of a policy with wildcards and variables in them, and what they match.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from generator.rehearsal.iam.absent_keys import is_absent
from generator.rehearsal.iam.question import Value

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_WITH_DEFAULT = re.compile(r"\s*([^,\s]+)\s*,\s*'([^']*)'\s*", re.DOTALL)
_SPECIAL = frozenset("*?$")


@dataclass(frozen=True, slots=True)
class Scene:
    """The condition keys of one request, in lower case.

    `unknown` gathers what could not be judged while looking at it, `valueless` the variables without a value.
    """

    context: dict[str, Value | None]
    action: str = ""
    unknown: set[str] = field(default_factory=set)
    valueless: set[str] = field(default_factory=set)

    def values(self, key: str) -> tuple[str, ...] | None:
        """The values of a key; None when the request does not carry it."""
        value = self.context.get(key.lower())
        return (value,) if isinstance(value, str) else value

    def lacks(self, key: str) -> bool:
        """Whether AWS would not send a key that has no value here; one that it may send is noted."""
        if not self.action or is_absent(self.action, key, self.context):
            return True
        self.unknown.add(f"condition key {key} of {self.action}")
        return False


Pieces = tuple[tuple[bool, str], ...]
"""A text in order: True with what is taken literally, False with what may hold wildcards."""


def expand(text: str, scene: Scene) -> Pieces | None:
    """The text with its variables replaced, which are never wildcards; None when one of them has no value."""
    if "${" not in text:
        return ((False, text),)
    pieces: list[tuple[bool, str]] = []
    end = 0
    for variable in _VARIABLE.finditer(text):
        value = _value(variable.group(1), scene)
        if value is None:
            return None
        pieces += [(False, text[end : variable.start()]), (True, value)]
        end = variable.end()
    return (*pieces, (False, text[end:]))


def _value(variable: str, scene: Scene) -> str | None:
    if variable in _SPECIAL:
        return variable
    named = _WITH_DEFAULT.fullmatch(variable)
    key, default = named.groups() if named else (variable.strip(), None)
    values = scene.values(key)
    if values is not None and len(values) == 1:
        return values[0]
    # "You cannot use a multivalued condition key as a variable."
    if values is not None:
        scene.unknown.add(f"${{{variable}}} has no single value in this request")
        return None
    if not scene.lacks(key):
        return None
    if default is None:
        scene.valueless.add(f"${{{variable}}} has no single value in this request")
    return default


def literal(pieces: Pieces) -> str:
    """The text of an operator that knows no wildcards."""
    return "".join(text for _, text in pieces)


def matches(pieces: Pieces, value: str, *, ignore_case: bool = False) -> bool:
    """Whether the text matches all of `value`: `*` any characters, `?` one."""
    if pieces == ((False, "*"),):
        return True
    return _compiled(pieces, ignore_case).fullmatch(value) is not None


def matches_resource(pieces: Pieces, arn: str) -> bool:
    """Whether a Resource names this ARN.

    A `*` reaches over a colon only from the end of its segment, in the five segments before the resource's own:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    if pieces == ((False, "*"),):
        return True
    return _compiled_resource(pieces).fullmatch(arn) is not None


def matches_arn(pieces: Pieces, arn: str) -> bool:
    """Whether the ARN operators find it: each of the six parts is compared by itself.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    return _compiled_arn(pieces).fullmatch(arn) is not None


@functools.lru_cache(maxsize=8192)
def _compiled(pieces: Pieces, ignore_case: bool) -> re.Pattern[str]:
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return re.compile("".join(_plain(is_literal, text) for is_literal, text in pieces), flags)


def _plain(is_literal: bool, text: str) -> str:
    if is_literal:
        return re.escape(text)
    return "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in text)


@functools.lru_cache(maxsize=8192)
def _compiled_resource(pieces: Pieces) -> re.Pattern[str]:
    return re.compile(_by_segment(pieces, spans=True), re.DOTALL)


@functools.lru_cache(maxsize=1024)
def _compiled_arn(pieces: Pieces) -> re.Pattern[str]:
    return re.compile(_by_segment(pieces, spans=False), re.DOTALL)


def _by_segment(pieces: Pieces, *, spans: bool) -> str:
    characters = [(is_literal, character) for is_literal, text in pieces for character in text]
    colons, written = 0, []
    for index, (is_literal, character) in enumerate(characters):
        colons += character == ":"
        last = index + 1 == len(characters) or characters[index + 1][1] == ":"
        if is_literal or character not in "*?":
            written.append(re.escape(character))
        elif colons >= 5 or (spans and character == "*" and last):  # noqa: PLR2004 - arn:partition:service:region:account:
            written.append(".*" if character == "*" else ".")
        else:
            written.append("[^:]*" if character == "*" else "[^:]")
    return "".join(written)
