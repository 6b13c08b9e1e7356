"""Which types of resources a launched role covers, in few words: the build of a later commit asks it.

The words are extended regular expressions, so that a build needs no more than sed and grep; they are also what a later
launch reads back from the launched template.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from generator.permissions.patterns import shortest

TYPES_VARIABLE = "COVERED_TYPES"
"""The variable of the build whose value matches every covered type, whole."""
TESTS_VARIABLE = "COVERED_TEST_TYPES"
"""The same of the role that deploys the test stack, where it has rights of its own."""
WORDS_VARIABLE = "CHECKED_WORDS"
"""The variable of the build whose value matches what it looks at: every type, and keys and types of events that make
SAM add resources which are not covered. A key is written with its colon."""
CUSTOM = "AWS::CloudFormation::CustomResource"
"""The type that stands for all types of custom resources."""
SAM = "AWS::Serverless::*"
"""All types of SAM: what they add counts by itself, and by the words that make SAM add more."""

_AWS = "AWS::"
_ANY_TYPE = ".+::.*[^:]"
_SHAPE = re.compile(r"AWS::\((?P<services>.*?)\)(\|Custom::\.\*)?")
_SERVICE = re.compile(r"([A-Za-z0-9]+)::(?:\(([^)]*)\)|([^|()]+))")


def pattern(types: Iterable[str], known: Iterable[str] = ()) -> str:
    """An extended regular expression that matches these types and, of the `known` ones, no other; in any capitals.

    Without known ones it has every type in full. Custom resources have types of the user's own.
    """
    wanted, others = frozenset(types), _by_service(known)
    services = (
        f"{service}::{_alternatives(_shortened(names, others.get(service)))}"
        for service, names in sorted(_by_service(wanted).items())
    )
    return f"{_AWS}({'|'.join(services)})" + (r"|Custom::.*" if CUSTOM in wanted else "")


def _by_service(types: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind in sorted(types):
        if kind.startswith(_AWS):
            _, service, name = kind.split("::", 2)
            found.setdefault(service, []).append(name)
    return found


def _shortened(names: list[str], known: Collection[str] | None) -> Iterable[str]:
    if known and set(names) >= set(known):
        return ["*"]
    return shortest(names, [*names, *known], reads=False) if known else names


def _alternatives(names: Iterable[str]) -> str:
    written = [name.replace("*", ".*") for name in names]
    return written[0] if len(written) == 1 else f"({'|'.join(written)})"


def covered(written: str, known: Iterable[str]) -> frozenset[str]:
    """The types a pattern matches, of the `known` ones and of those it names in full; none for any other text."""
    shape = _SHAPE.fullmatch(written)
    if shape is None:
        return frozenset()
    named = frozenset(one for one in _named(shape["services"]) if "*" not in one)
    return named | {kind for kind in known if covers(written, kind)}


def _named(services: str) -> Iterator[str]:
    for service, several, one in _SERVICE.findall(services):
        yield from (f"{_AWS}{service}::{name.replace('.*', '*')}" for name in (several or one).split("|"))


def covers(written: str, kind: str) -> bool:
    """Whether a pattern matches a type, as the build's grep would say."""
    return _SHAPE.fullmatch(written) is not None and re.fullmatch(written, kind, re.IGNORECASE) is not None


def checked(written: Collection[str], adding: Mapping[str, Iterable[str]]) -> str:
    """An extended regular expression for what a build compares with patterns of covered types.

    `adding` are words that make SAM add resources, with the types these may have.
    """
    words = (word for word, kinds in adding.items() if not all(covers(each, one) for each in written for one in kinds))
    return "|".join((_ANY_TYPE, *sorted(words)))
