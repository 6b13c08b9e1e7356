"""What a word in a file means: YAML 1.1 as PyYAML reads it, less what JSON has no value for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from yaml.constructor import SafeConstructor
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

Scalar = str | int | float | bool | None

# Python refuses to convert more digits than a few thousand, and no setting needs as many as this.
_MOST_DIGITS = 300
_PYYAML = SafeConstructor()
# Dates are left out: they stay text, as in JSON.
_MEANINGS: dict[str, Callable[[ScalarNode], Any]] = {
    "tag:yaml.org,2002:bool": _PYYAML.construct_yaml_bool,
    "tag:yaml.org,2002:float": _PYYAML.construct_yaml_float,
    "tag:yaml.org,2002:int": _PYYAML.construct_yaml_int,
    "tag:yaml.org,2002:null": _PYYAML.construct_yaml_null,
}


def resolve(written: str) -> Scalar:
    """What an unquoted word means; text where it means nothing else, or a date or number that JSON does not have."""
    if len(written) > _MOST_DIGITS:
        return written
    for tag, pattern in Resolver.yaml_implicit_resolvers.get(written[:1], ()):
        if tag in _MEANINGS and pattern.match(written):
            return _meaning(tag, written)
    return written


def _meaning(tag: str, written: str) -> Scalar:
    try:
        value: Scalar = _MEANINGS[tag](ScalarNode(tag, written))
    except ValueError:
        # `0b_` and its like look like numbers and are not.
        return written
    return written if isinstance(value, float) and not math.isfinite(value) else value
