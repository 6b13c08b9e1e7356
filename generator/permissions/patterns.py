"""Many rights in few words: patterns that match nothing but what is needed, or what is harmless to read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_READS = ("describe", "get", "list")
# Words of reads that give out what a resource holds, instead of how it is set up.
_CONTENTS = re.compile(
    "code|content|credential|data|event|execution|export|import|item|log|message|object|parameter|password|query|record"
    "|secret|share|token|value"
)
_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = 4


def matches(pattern: str, action: str) -> bool:
    """Whether IAM takes an action for one of a pattern's; capitals mean nothing.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), action, re.IGNORECASE) is not None


def is_harmless(name: str) -> bool:
    """Whether an action, without its service, only reads how something is set up."""
    lowered = name.lower()
    return lowered.startswith(_READS) and not _CONTENTS.search(lowered)


def shortest(names: Collection[str], known: Collection[str], *, reads: bool) -> tuple[str, ...]:
    """Patterns that match these actions of one service and no other `known` one, harmless `reads` apart; sorted.

    Greedy: always what saves most. Ends of a pattern are whole words, so that a reader sees what it means.
    """
    needed = {name.lower() for name in names}
    others = {name.lower() for name in known} - needed
    strangers = {name for name in others if not (reads and is_harmless(name))}
    candidates = {
        pattern: _among(needed, pattern)
        for pattern in {pattern for name in names for pattern in _patterns(name)}
        if not _among(strangers, pattern)
    }
    left, chosen = set(needed), []
    while left:
        best = min(candidates, key=lambda one: (_price(one, candidates[one] & left), one))
        chosen.append(best)
        left -= candidates[best]
    return tuple(sorted(_necessary(chosen, candidates)))


def _among(names: Collection[str], pattern: str) -> set[str]:
    """The names in small letters that a pattern with one star or none matches.

    Without regular expressions: there are thousands of candidates for hundreds of names.
    """
    first, star, last = pattern.lower().partition("*")
    if not star:
        return {first} & set(names)
    least = len(first) + len(last)
    return {name for name in names if len(name) >= least and name.startswith(first) and name.endswith(last)}


def _price(pattern: str, gained: Collection[str]) -> float:
    return (len(pattern) + _SEPARATORS) / len(gained) if gained else float("inf")


def _necessary(chosen: list[str], candidates: dict[str, set[str]]) -> Iterator[str]:
    """Those of the chosen without which something would be missing."""
    kept = list(chosen)
    for pattern in sorted(chosen, key=lambda one: (-len(one), one)):
        others = set[str]().union(*(candidates[one] for one in kept if one != pattern))
        if candidates[pattern] <= others:
            kept.remove(pattern)
    yield from kept


def _patterns(name: str) -> Iterator[str]:
    yield name
    words = _BOUNDARY.split(name)
    for first in range(len(words) + 1):
        for last in range(first, len(words) + 1):
            # Nothing may stand where the star is: `CreateAlias*` is no longer than what it matches.
            pattern = f"{''.join(words[:first])}*{''.join(words[last:])}"
            if len(pattern) - 1 > 0:
                yield pattern
