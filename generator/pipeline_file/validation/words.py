"""The words of messages: how values, types, choices and examples are called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from generator.document import in_words, quote, resolve
from generator.pipeline_file.validation.failures import Schema, json_type, types_of

TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true/false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
# What needs no quotes in YAML, brackets around it or not, provided that it means nothing else than itself.
_PLAIN = re.compile(r"[\w/](?:[\w ./@+-]|:(?=\S))*(?<! )")

_LONGEST_SHOWN = 60
_MOST_NAMES = 10


def called(value: object) -> str:
    """What a value is, whatever it says: `a list`."""
    kind = json_type(value)
    return "a number" if kind == "integer" else TYPES[kind]


def shape(rule: Schema) -> list[str]:
    """What a schema takes, as the ends of `must be ...`: a word that is one of few, or what its types are called."""
    if "enum" in rule or "const" in rule:
        return [as_yaml(word) for word in rule.get("enum", [rule.get("const")])]
    types = types_of(rule)
    if types == ("string",) and "pattern" in rule:
        return ["a word"]
    return [TYPES[kind] for kind in types if kind != "null"]


def alternatives(words: Iterable[str]) -> str:
    """`a, b or c`."""
    several = list(dict.fromkeys(words))
    return " or ".join([", ".join(several[:-1]), several[-1]] if several[1:] else several)


def article(noun: str) -> str:
    """A noun with its article."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def plural(noun: str) -> str:
    """More than one of them."""
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"


def nearest(word: str, choices: Sequence[str]) -> str:
    """The choice that may have been meant; nothing when none is near."""
    import difflib  # noqa: PLC0415 - costs more than reading a file that has no misspelt word

    if len(word) > 2 * max(map(len, choices), default=0):
        return ""
    by_lower = {choice.lower(): choice for choice in reversed(choices)}
    close = difflib.get_close_matches(word.lower(), by_lower, 1)
    return by_lower[close[0]] if close else ""


def did_you_mean(meant: str, rest: str) -> str:
    """A hint of a near choice, if there is one, before all choices."""
    return f"did you mean {quote(meant)}? {rest}".rstrip() if meant else rest


def foreign(text: str) -> str:
    """The first character of a text that no ASCII name can hold, as the end of a message; nothing if there is none."""
    strange = next((character for character in text if not character.isascii()), "")
    return f": it holds {in_words(strange)}" if strange else ""


def as_yaml(value: Any) -> str:
    """A value as one would write it in a pipeline file, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_yaml, value))}]"
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = _PLAIN.fullmatch(value) and resolve(value) == value
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def shown(value: Any) -> str:
    """Foreign text as one would write it in a pipeline file, or dots where that would be long or strange."""
    text = as_yaml(value)
    return text if len(text) <= _LONGEST_SHOWN and text.isprintable() else "..."


def listed(names: Iterable[str]) -> str:
    """Foreign names, the first of them and none too long."""
    return ", ".join(quote(name)[1:-1] for name in islice(names, _MOST_NAMES))


def example(key: str, rule: Schema) -> str:
    """How a key could be written: an example of the schema's, its default, or what its value is; else nothing."""
    if rule.get("examples"):
        return f"for example: {key}: {as_yaml(rule['examples'][0])}"
    if "default" in rule:
        return f"for example: {key}: {as_yaml(rule['default'])}"
    return f"{quote(key)} is {rule['x-what']}" if "x-what" in rule else ""


def choices(rule: Schema) -> str:
    """All keys a mapping may have, called by its noun; nothing if it may have any."""
    names = ", ".join(sorted(rule.get("properties", {})))
    return f"{plural(rule.get('x-noun', 'key'))}: {names}" if names else ""
