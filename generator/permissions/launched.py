"""What a launched template says that its deploy roles cover, which an exact role keeps until it is pruned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from generator.permissions import coverage, lists


class Kept(NamedTuple):
    """The types whose rights the roles of the stages keep, and those that the role of the test stack keeps."""

    stages: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()


NOTHING = Kept()


def covered_by(template: Mapping[str, Any]) -> Kept:
    """What a template of ours covers; nothing for one that does not say so."""
    match template:
        case {"Resources": {"BuildProject": {"Properties": {"Environment": {"EnvironmentVariables": [*variables]}}}}}:
            environment = dict(_variable(variable) for variable in variables)
        case _:
            return NOTHING
    stages = _types(environment.get(coverage.TYPES_VARIABLE))
    return Kept(stages, _types(environment.get(coverage.TESTS_VARIABLE)) or stages)


def _variable(values: Any) -> tuple[Any, Any]:
    return (str(values.get("Name")), values.get("Value")) if isinstance(values, Mapping) else ("", None)


def _types(written: Any) -> frozenset[str]:
    names = written.split() if isinstance(written, str) else []
    return frozenset(lists.listed(kind) for kind in names if lists.is_covered(kind))
