"""YAML's events of a text, from libyaml or, where PyYAML was built without it, from PyYAML alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml

# PyYAML's types are loose here: the events of both parsers have the same attributes.
Events = Callable[[str], Iterator[Any]]


def from_libyaml(text: str) -> Iterator[Any]:
    """The events of a text. Raises yaml.MarkedYAMLError where it is no YAML."""
    return yaml.parse(text, Loader=yaml.CSafeLoader)


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
