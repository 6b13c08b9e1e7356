"""Which types of resources a launched role covers, by their names: the build of a later commit asks it.

A build needs no more than sed and grep to compare, and a later launch reads the names back from the launched template.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

TYPES_VARIABLE = "COVERED_TYPES"
"""The variable of the build that lists every covered type, separated by spaces."""
TESTS_VARIABLE = "COVERED_TEST_TYPES"
"""The same of the role that deploys the test stack, where it has rights of its own."""
WORDS_VARIABLE = "UNCOVERED_WORDS"
"""The variable of the build that lists keys and types of events which make SAM add resources that are not covered. A
key is written with its colon."""
NAMES_VARIABLE = "COVERED_NAMES"
"""The variable of the build that lists the names of their own that resources have in the launched templates: the
property, `=`, and the name as the template writes it."""
STACK_NAMES = "${AWS::StackName}-*"
"""What begins with the stack's name is reached, whatever stands in the list."""
CUSTOM = "AWS::CloudFormation::CustomResource"
"""The type that stands for all types of custom resources."""
ALL_CUSTOM = "Custom::*"
"""All types of custom resources; `AWS::<service>::*` are all of a service. No other name has a star."""


def named(types: Iterable[str]) -> str:
    """These types as the variable lists them; custom resources have types of the user's own."""
    names = frozenset(types)
    return " ".join(sorted({*names, *((ALL_CUSTOM,) if CUSTOM in names else ())}))


def covers(names: Collection[str], kind: str) -> bool:
    """Whether a type is among these names, as the build's grep would say."""
    return _among(_lowered(names), kind)


def uncovered(roles: Collection[Collection[str]], adding: Mapping[str, Iterable[str]]) -> str:
    """The words of which one of these roles, each a list of names, does not cover all that they make SAM add.

    `adding` are words with the types of the resources that SAM may add.
    """
    lowered = [_lowered(role) for role in roles]
    words = (
        word for word, kinds in adding.items() if not all(_among(role, kind) for role in lowered for kind in kinds)
    )
    return " ".join(sorted(words))


def _lowered(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _among(lowered: frozenset[str], kind: str) -> bool:
    return kind.lower() in lowered or f"{kind.rpartition('::')[0].lower()}::*" in lowered
