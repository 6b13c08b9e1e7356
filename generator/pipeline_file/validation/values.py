"""What can be wrong with a single value of the right type: its spelling, its size, its place among others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain

from generator.document import quote
from generator.pipeline_file.validation.failures import Failure, Schema
from generator.pipeline_file.validation.findings import Context, Finding
from generator.pipeline_file.validation.words import (
    alternatives,
    as_yaml,
    called,
    choices,
    did_you_mean,
    foreign,
    nearest,
    shape,
)

_LONGEST_NAME = 200
_REPAIRS = (
    (r"^\s+|\s+$", ""),
    (r"[\s_.]+", "-"),
    (r"(?<=\d)(?=[a-z])", " "),
)
_RANGES = {
    "minimum": ("is too small", "write {} or more"),
    "maximum": ("is too large", "write {} or less"),
    "exclusiveMinimum": ("is too small", "write more than {}"),
    "exclusiveMaximum": ("is too large", "write less than {}"),
    "multipleOf": ("is not a multiple of {}", "round it"),
}


def no_choice(failure: Failure, context: Context) -> Iterator[Finding]:
    """A word that is not among the allowed ones."""
    written = _written(failure, context)
    value = quote(written) if written else called(failure.value)
    words = failure.rule.get("enum", [failure.rule.get("const")])
    few = ", ".join(map(as_yaml, words))
    meant = nearest(written, list(map(str, words)))
    if failure.value in failure.rule.get("x-later-values", ()):
        message, hint = f"{value} is not supported yet", f"for now: {few}"
    elif "x-what" in failure.rule:
        message, hint = f"{value} is not {failure.rule['x-what']}", did_you_mean(meant, f"one of: {few}")
    else:
        message = f"must be {alternatives(chain.from_iterable(map(shape, failure.forms)))}, not {value}"
        hint = did_you_mean(meant, next(filter(None, map(choices, failure.forms)), ""))
    yield Finding(failure.path, message + foreign(written), hint)


def misspelt(failure: Failure, context: Context) -> Iterator[Finding]:
    """A text, or the name of a key, that does not have the form it must have."""
    text = _written(failure, context)
    what = failure.rule.get("x-what") or f"of the form {failure.rule.get('pattern', failure.rule.get('format'))}"
    examples = failure.rule.get("examples", ())
    hint = did_you_mean(_repaired(text, failure.rule), f"for example: {as_yaml(examples[0])}" if examples else "")
    yield Finding(failure.path, f"{quote(text)} is not {what}{foreign(text)}", hint)


def too_short(failure: Failure, _: Context) -> Iterator[Finding]:
    """A text or list with less in it than it must have."""
    least, unit = failure.kind.limit, _unit(failure)
    if least == 1:
        yield Finding(failure.path, "must not be empty", "write something, or remove it")
    else:
        message = f"at least {least} {unit}, not {len(failure.value)}"
        yield Finding(failure.path, message, "write more, or remove it")


def too_long(failure: Failure, _: Context) -> Iterator[Finding]:
    """A text or list with more in it than it may have."""
    message = f"at most {failure.kind.limit} {_unit(failure)}, not {len(failure.value)}"
    if isinstance(failure.value, str):
        yield Finding(failure.path, f"{quote(failure.value)} is too long: {message}", "shorten it")
    else:
        yield Finding(failure.path, message, "remove some")


def out_of_range(failure: Failure, _: Context) -> Iterator[Finding]:
    """A number that is too small, too large, or between the steps."""
    message, hint = _RANGES[failure.keyword]
    limit = failure.rule[failure.keyword]
    yield Finding(failure.path, f"{failure.value} {message.format(limit)}", hint.format(limit))


def repeated(failure: Failure, _: Context) -> Iterator[Finding]:
    """Items of a list that are the same as one before them."""
    first: dict[str, int] = {}
    for number, item in enumerate(failure.value):
        same = first.setdefault(json.dumps(item, sort_keys=True), number)
        if same != number:
            named = quote(item) if isinstance(item, str) else called(item)
            hint = f"remove it: it is item {same + 1} already"
            yield Finding((*failure.path, number), f"{named} is listed twice", hint)
    if len(first) == len(failure.value):
        # To JSON Schema 1.0 is the same as 1, and it does not say where.
        yield Finding(failure.path, "two items are the same", "remove one")


def excluded(failure: Failure, _: Context) -> Iterator[Finding]:
    """What a schema rules out: keys that exclude each other, or the whole value."""
    together = failure.rule.get("not", {}).get("required", ())
    if len(together) > 1:
        message = f"{' and '.join(map(quote, together))} exclude each other"
        yield Finding(failure.path, message, "keep one of them", "key")
    else:
        yield Finding(failure.path, f"this is not {failure.rule.get('x-what', 'allowed here')}", "remove it")


def unknown_rule(failure: Failure, _: Context) -> Iterator[Finding]:
    """A rule that no pipeline file has so far and that has no words of its own."""
    what = failure.rule.get("x-what")
    yield Finding(failure.path, f"this is not {what}" if what else f"this breaks the rule {quote(failure.keyword)}")


def _written(failure: Failure, context: Context) -> str:
    """The word as the user wrote it; a name is no value of the document's. Empty for what is no word."""
    return failure.value if isinstance(failure.value, str) else context.document.written(failure.path)


def _unit(failure: Failure) -> str:
    return "characters" if isinstance(failure.value, str) else "items"


def _repaired(written: str, rule: Schema) -> str:
    """The text in the form it must have, where small letters, hyphens or a space are all that it takes."""
    pattern, text = rule.get("pattern"), written[:_LONGEST_NAME].lower()
    for pattern_of_mistake, put in (("", ""), *_REPAIRS) if pattern else ():
        text = re.sub(pattern_of_mistake, put, text)
        if text and re.search(str(pattern), text) and len(text) <= rule.get("maxLength", _LONGEST_NAME):
            return text
    return ""
