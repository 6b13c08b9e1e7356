"""YAML's events of a text, from libyaml or, where PyYAML was built without it, from PyYAML alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import yaml

_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"
# PyYAML's types are loose here: the events of both parsers have the same attributes.
Events = Callable[[str], Iterator[Any]]


def from_libyaml(text: str) -> Iterator[Any]:
    """The events of a text. Raises yaml.MarkedYAMLError where it is no YAML."""
    taken = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            yield event
            taken += 1
    except yaml.MarkedYAMLError as error:
        if error.problem != _LIBYAML_TOO_DEEP:
            raise
        # libyaml 0.2.6 and later stop at 1,000 levels by themselves, and read so far ahead that the events before that
        # are lost. How deep a file may be is our rule, so the other parser goes on to the level that it allows.
        yield from islice(from_pyyaml(text), taken, None)


def from_pyyaml(text: str) -> Iterator[Any]:
    """The same, about ten times slower."""
    met: Any = None
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            met = event.end_mark
            yield event
    except (ValueError, OverflowError) as error:
        # An escape beyond Unicode, which libyaml refuses, makes this one stumble over Python.
        raise yaml.MarkedYAMLError(problem="invalid Unicode", problem_mark=met) from error


FASTEST: Events = from_libyaml if yaml.__with_libyaml__ else from_pyyaml
