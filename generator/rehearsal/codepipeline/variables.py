"""Variables of an execution: finding `#{namespace.key}` in a configuration and putting values in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.aws_rules import limits

RESERVED = ("codepipeline", "variables")
"""Namespaces CodePipeline keeps for itself: the execution's own values, and the pipeline's variables."""

_REFERENCE = re.compile(r"#\{([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_]+)\}")

Namespaces = Mapping[str, Mapping[str, str]]


class UnresolvedError(Exception):
    """A configuration names a variable that has no value, or grows too long with its values."""


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One `#{namespace.key}`."""

    namespace: str
    key: str

    def __str__(self) -> str:
        return f"#{{{self.namespace}.{self.key}}}"


def references(text: str) -> Iterator[Reference]:
    """Every variable the text names, in order."""
    for match in _REFERENCE.finditer(text):
        yield Reference(*match.groups())


def resolved(configuration: Mapping[str, str], namespaces: Namespaces) -> dict[str, str]:
    """The configuration with every variable replaced, once: a value that looks like a variable stays.

    Raises UnresolvedError naming every variable without a value, or the limit that is passed.
    https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
    """
    missing = sorted({r for text in configuration.values() for r in references(text) if _value(r, namespaces) is None})
    if missing:
        raise UnresolvedError(_unresolved(missing, namespaces))
    answer = {key: _filled(text, namespaces) for key, text in configuration.items()}
    if sum(_size(k) + _size(v) for k, v in answer.items()) > limits.RESOLVED_CONFIGURATION_BYTES:
        raise UnresolvedError(f"The resolved action configuration exceeds {limits.RESOLVED_CONFIGURATION_BYTES} bytes.")
    return answer


def too_large(variables: Mapping[str, str]) -> bool:
    """Whether these output variables are more than one action may give."""
    return sum(_size(key) + _size(value) for key, value in variables.items()) > limits.OUTPUT_VARIABLES_BYTES


def _filled(text: str, namespaces: Namespaces) -> str:
    return _REFERENCE.sub(lambda match: namespaces[match[1]][match[2]], text)


def _value(reference: Reference, namespaces: Namespaces) -> str | None:
    return namespaces.get(reference.namespace, {}).get(reference.key)


def _unresolved(missing: list[Reference], namespaces: Namespaces) -> str:
    names = ", ".join(map(str, missing))
    there = sorted(f"#{{{space}.{key}}}" for space, keys in namespaces.items() for key in keys)
    return f"Unresolved variables in the action configuration: {names}. There are: {', '.join(there)}."


def _size(text: str) -> int:
    return len(text.encode())
