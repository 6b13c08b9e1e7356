"""Reads a YAML file into a Document: its characters, its events, its values, with every problem on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import NamedTuple

import yaml

from generator.document.contents import Document
from generator.document.events import FASTEST, Events
from generator.document.page import LINE_END, Page, Spot, split_lines
from generator.document.report import Report, at_most, enough
from generator.document.rules import Rules
from generator.document.syntax import explain
from generator.document.text import in_words, load_text
from generator.document.tree import Builder, GivenUpError
from generator.errors import InvalidInputError, Problem

# libyaml compares each of them with all before it: a file full of them would take seconds.
_MOST_TAG_DIRECTIVES = 100
_STAND_IN = "\ufffd"
# A character beyond U+FFFF as JSON escapes it; a backslash that is itself escaped begins no escape.
_JSON_PAIR = re.compile(r"\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|.)", re.IGNORECASE)


class Attempt(NamedTuple):
    """What could be read of a file, and what is wrong with it.

    `complete`: the document holds every value that is written, so that what it lacks is missing in the file.
    """

    document: Document
    problems: tuple[Problem, ...]
    complete: bool


def read(path: FilePath, name: str, rules: Rules) -> Document:
    """The file at a path, called `name` in messages. Raises InvalidInputError with every problem of the file."""
    return _accepted(attempt(path, name, rules))


def parse(text: str, name: str, rules: Rules) -> Document:
    """A text as if it stood in a file of that name. Raises InvalidInputError with every problem in it."""
    return _accepted(attempt_text(text, name, rules))


def attempt(path: FilePath, name: str, rules: Rules) -> Attempt:
    """What can be read of the file at a path. Raises InvalidInputError when it cannot be opened or decoded."""
    return attempt_text(load_text(path, name, rules), name, rules)


def attempt_text(text: str, name: str, rules: Rules, events_of: Events = FASTEST) -> Attempt:
    """What can be read of a text, with a choice of parser."""
    if not rules.strict:
        text = _JSON_PAIR.sub(_joined, text)
    # A stand-in is as long as what it stands for, so the rest of the file can be read and keeps its places.
    readable = rules.refused.sub(_STAND_IN, text)
    report = Report(Page(name, split_lines(readable)))
    builder = Builder(rules, report)
    is_whole = _build(readable, events_of, builder, report)
    problems = [*report.problems, *enough(_refused_characters(text, readable, rules, report.page))]
    if builder.is_empty and not problems:
        problems.append(report.page.at_start("the file is empty", rules.when_empty))
    document = Document(name, builder.root.data if builder.root else None, report.page, builder.root)
    is_complete = is_whole and builder.complete and not builder.is_empty and readable == text
    return Attempt(document, at_most(problems), is_complete)


def _accepted(attempted: Attempt) -> Document:
    if attempted.problems:
        raise InvalidInputError(attempted.problems)
    return attempted.document


def _joined(pair: re.Match[str]) -> str:
    high, low = pair.groups()
    return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF)) if high else pair[0]


def _refused_characters(text: str, readable: str, rules: Rules, page: Page) -> Iterator[Problem]:
    line, start, ends = 0, 0, LINE_END.finditer(readable)
    end = next(ends, None)
    for match in rules.refused.finditer(text):
        while end is not None and end.end() <= match.start():
            line, start, end = line + 1, end.end(), next(ends, None)
        spot = Spot(line, match.start() - start)
        message = f"the character {in_words(match[0])} is not used here"
        yield page.problem(spot, Spot(line, spot.column + 1), message, "remove it")


def _build(text: str, events_of: Events, builder: Builder, report: Report) -> bool:
    """Feeds the builder the first document; whether it was all of the file."""
    if text.count("%TAG") > _MOST_TAG_DIRECTIVES:
        report.problems.append(report.page.at_start("too many %TAG lines", "remove them"))
        return False
    try:
        for event in events_of(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        report.problems.extend(enough(explain(error, report.page)))
    except GivenUpError:
        pass
    else:
        return True
    return False
