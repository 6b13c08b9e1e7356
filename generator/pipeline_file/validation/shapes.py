"""A value of the wrong type: a list for a mapping, a number for a text, nothing at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from generator.document import quote, resolve
from generator.pipeline_file.validation.failures import Failure, json_type, types_of
from generator.pipeline_file.validation.findings import Context, Finding
from generator.pipeline_file.validation.words import (
    TYPES,
    alternatives,
    article,
    called,
    choices,
    example,
    shape,
    shown,
)

_IN_WORDS = {"null": "nothing"}
_ALSO = {"integer": ("number",)}
_WRITE = {
    "boolean": "write true or false",
    "integer": "write it in digits",
    "number": "write it in digits",
    "string": "write one text",
    "array": "write a list",
    "object": "write 'key: value' below it",
    "null": "leave it empty",
}


def wrong_type(failure: Failure, context: Context) -> Iterator[Finding]:
    """A value of a type that none of its forms has."""
    written = context.document.written(failure.path)
    if failure.value is None and "x-noun" in failure.rule:
        yield Finding(failure.path, f"{article(failure.rule['x-noun'])} is needed", choices(failure.rule))
        return
    is_fraction = isinstance(failure.value, float) and types_of(failure.rule) == ("integer",)
    value = written if is_fraction else called(failure.value)
    yield Finding(failure.path, f"must be {_expected(failure)}, not {value}", _hint(failure, written))


def _expected(failure: Failure) -> str:
    if len(failure.forms) > 1:
        return alternatives(chain.from_iterable(map(shape, failure.forms)))
    types = types_of(failure.rule)
    # What may be left empty need not be named beside what may be written.
    return alternatives(TYPES[kind] for kind in types if kind != "null" or len(types) == 1)


def _hint(failure: Failure, written: str) -> str:
    """The first advice that fits."""
    types = {kind for rule in failure.forms for kind in types_of(rule)}
    if "string" in types and written and not isinstance(failure.value, str):
        few = _few_words(failure)
        return f"write {alternatives(few)}" if few and written not in few else _quote_it(failure.value, written)
    advice = _for_text if isinstance(failure.value, str) else _for_other
    return advice(failure, types) or _example(failure) or _plainly(failure, types)


def _few_words(failure: Failure) -> list[str]:
    """The words a text must be one of; none where it may be any other."""
    texts = [rule for rule in failure.forms if "string" in types_of(rule)]
    return [word for rule in texts for word in rule["enum"]] if all("enum" in rule for rule in texts) else []


def _quote_it(value: Any, written: str) -> str:
    """YAML 1.1 reads more words as something else than one expects: yes, 3.10, 012, 12:30."""
    read, text = _IN_WORDS.get(json.dumps(value), json.dumps(value)), json.dumps(written, ensure_ascii=False)
    return f"quote it: {text}" if read == written else f"YAML reads {written} as {read}; quote it: {text}"


def _for_text(failure: Failure, types: set[str]) -> str:
    text = failure.value
    meant = json_type(resolve(text))
    if text and meant != "string" and types & {meant, *_ALSO.get(meant, ())}:
        return f"take the quotes off: {text}"
    if "array" in types:
        return f"write a list: {shown([text])}"
    if "object" in types and any(text in rule.get("properties", ()) for rule in failure.forms):
        return f"{quote(text)} is a key: write '{text}:' and what belongs to it"
    return ""


def _for_other(failure: Failure, types: set[str]) -> str:
    value = failure.value
    if isinstance(value, list) and "object" in types:
        return "write its keys without dashes"
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) and "string" in types:
        return f"write it alone: {shown(value[0])}"
    if isinstance(value, dict) and "array" in types:
        return "begin each item with '- '"
    return "round it" if isinstance(value, float) and "integer" in types else ""


def _example(failure: Failure) -> str:
    """An example of the schema's, or the keys there are below the value."""
    key = failure.path[-1] if failure.path else ""
    rules = (failure.rule, *failure.forms)
    examples = (example(key, rule) for rule in rules) if isinstance(key, str) else ()
    return next(filter(None, (*examples, *map(choices, rules))), "")


def _plainly(failure: Failure, types: set[str]) -> str:
    if failure.value is None:
        return "write it, or remove it"
    return next((advice for kind, advice in _WRITE.items() if kind in types), "")
