"""Phrases in the checks' messages: lists of names, and suggestions for misspelt ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.document import quote


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: `beta, gamma and prod`."""
    shown = [quote(name)[1:-1] for name in names]
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def choice_of(names: Sequence[str]) -> str:
    """The names somebody may choose from: `one of info, warn`."""
    return f"one of {', '.join(quote(name)[1:-1] for name in names)}"


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of these words that may have been meant; empty where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 -- only a mistake pays for it

    return next(iter(get_close_matches(word, list(words), n=1)), "")


def did_you_mean(word: str, there: Iterable[str], kind: str) -> str:
    """A hint for a name that is not there: the nearest one, and all there are."""
    names = [quote(name)[1:-1] for name in sorted(there)]
    if not names:
        return f"there are no {kind}"
    near = next((name for name in names if name.lower() == word.lower()), "") or nearest(word, names)
    meant = f"did you mean '{near}'? " if near else ""
    return f"{meant}{kind}: {', '.join(names)}"
