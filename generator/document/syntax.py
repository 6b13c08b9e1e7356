"""What is wrong with a file that is no YAML, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from generator.document.nodes import Mark
from generator.document.page import Page, Spot
from generator.document.text import in_words
from generator.errors import Problem


class _Meaning(NamedTuple):
    """What PyYAML's words mean to a person. `at_opening` points to where the thing began instead of where it failed."""

    theirs: str
    message: str
    hint: str
    at_opening: bool = False


_QUOTE_IT = "if it is a text, put it in quotes"
_AS_A_WHOLE = "put a text that holds quotes or brackets in quotes as a whole"
_ALIKE = "indent all keys of a mapping alike, and all items of a list"
_BACKSLASH = r"write \\ for a backslash, or use single quotes"

# Words of both of PyYAML's parsers. The first entry found in theirs counts.
_MEANINGS = (
    _Meaning(
        r"quoted scalar: found unexpected (end|document)",
        "the quote that opens here is never closed",
        "close it, or put the whole text in the other kind of quotes",
        at_opening=True,
    ),
    _Meaning(r"unknown escape", "a backslash in double quotes begins an escape, and this is not one", _BACKSLASH),
    _Meaning(r"hexdecimal|scalar: .*hexadecimal|invalid Unicode", "this escape names no character", _BACKSLASH),
    _Meaning(
        r"scanning an (anchor|alias)", "'*' and '&' have a meaning of their own in YAML", _QUOTE_IT, at_opening=True
    ),
    _Meaning(r"directive", "a line that begins with '%' has a meaning of its own in YAML", _QUOTE_IT, at_opening=True),
    _Meaning(
        r"tag handle|(scanning|parsing) a tag", "'!' has a meaning of its own in YAML", _QUOTE_IT, at_opening=True
    ),
    _Meaning(
        r"block scalar",
        "a text after '|' or '>' begins on the line below",
        "break the line after it, or put the text in quotes",
        at_opening=True,
    ),
    _Meaning(
        r"simple key",
        "a ':' is missing after this",
        "write 'key: value', or '- item' in a list; put a text of several lines in quotes",
        at_opening=True,
    ),
    _Meaning(r"sequence entries", "no list item can begin here", "write each '- item' on a line of its own"),
    _Meaning(r"mapping keys", "no key can begin here", "put a text that begins with '?' in quotes"),
    _Meaning(r"node content", "a value is missing here", 'close every bracket; write "" for an empty text'),
)
_UNKNOWN = _Meaning("", "this is not YAML", "look at quotes, brackets and indentation around it")


def explain(error: Any, page: Page) -> Iterator[Problem]:
    """The problems behind one of PyYAML's marked errors: one, or one for each line that a tab indents."""
    words = f"{error.context or ''}: {error.problem or ''}"
    mark: Mark = error.problem_mark or error.context_mark or Spot(0, 0)
    line = page.lines[mark.line] if mark.line < len(page.lines) else ""
    before, character = line[: mark.column], line[mark.column : mark.column + 1]
    if "found a tab" in words or ("cannot start any token" in words and character == "\t"):
        yield from _tabs(page, mark)
    elif "cannot start any token" in words and character:
        yield _at(page, mark, f"no value can begin with {in_words(character)}", _QUOTE_IT)
    elif "mapping values" in words:
        yield _colon(page, mark, before)
    elif "flow sequence" in words or "flow mapping" in words:
        yield _brackets(page, mark, error.context_mark or mark)
    elif re.search(r"block (collection|mapping)|document start", words):
        yield _beside(page, mark, before)
    else:
        meaning = next((m for m in _MEANINGS if re.search(m.theirs, words)), _UNKNOWN)
        opening = error.context_mark if meaning.at_opening else None
        yield _at(page, opening or mark, meaning.message, meaning.hint)


def _tabs(page: Page, met: Mark) -> Iterator[Problem]:
    """Where one line is indented with a tab, more are; they would be met one after the other."""
    yield _at(page, met, "a tab cannot indent", "use spaces")
    for number in range(met.line + 1, len(page.lines)):
        line = page.lines[number]
        if line.startswith("\t") and line.strip():
            yield _at(page, Spot(number, 0), "a tab cannot indent", "use spaces")


def _colon(page: Page, mark: Mark, before: str) -> Problem:
    """A ': ' where none can be."""
    if re.search(r":\s", before):
        return _at(page, mark, "a second ': ' in one line", 'put the text that holds it in quotes: key: "one: two"')
    hint = "indent it like the keys beside it, and see whether the line above lacks a space after its ':'"
    start = len(before) - len(before.lstrip())
    return _at(page, Spot(mark.line, start), "no key can stand here", hint)


def _brackets(page: Page, mark: Mark, opening: Mark) -> Problem:
    """Something within brackets that neither goes on nor ends; on a later line, the end was forgotten."""
    closing = "]" if page.lines[opening.line][opening.column] == "[" else "}"
    if mark.line == opening.line and mark.column < len(page.lines[mark.line]):
        return _at(page, mark, f"a ',' or '{closing}' is missing before this", _AS_A_WHOLE)
    return _at(page, opening, f"the '{closing}' that closes this is missing", "close it before the next key")


def _beside(page: Page, mark: Mark, before: str) -> Problem:
    """Something after a complete value, on its line or below it."""
    if before.strip():
        return _at(page, mark, "nothing can follow here: the value before it is complete", _AS_A_WHOLE)
    return _at(page, mark, "this is not indented like what stands above it", _ALIKE)


def _at(page: Page, mark: Mark, message: str, hint: str) -> Problem:
    return page.problem(mark, Spot(mark.line, mark.column + 1), message, hint)
