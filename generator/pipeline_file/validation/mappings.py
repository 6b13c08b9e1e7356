"""What can be wrong with the keys of a mapping: unknown, missing, too many, too few, not a name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from generator.document import quote
from generator.pipeline_file.validation.failures import Failure, resolved
from generator.pipeline_file.validation.findings import Context, Finding
from generator.pipeline_file.validation.values import misspelt
from generator.pipeline_file.validation.words import (
    article,
    choices,
    did_you_mean,
    example,
    foreign,
    listed,
    nearest,
    plural,
)

# A mapping may hold a hundred thousand keys; nobody reads as many problems.
_ENOUGH = 200


def unknown(failure: Failure, _: Context) -> Iterator[Finding]:
    """Keys the mapping does not have: kept for a later version, misspelt, or never heard of."""
    free = sorted(set(failure.rule.get("properties", ())) - set(failure.value))
    for key in islice(failure.kind.unexpected, _ENOUGH):
        path = (*failure.path, key)
        if key in failure.rule.get("x-later", ()):
            yield Finding(path, f"{quote(key)} is not supported yet", "remove it: a later version will take it", "key")
            continue
        moved: str = failure.rule.get("x-moved", {}).get(key, "")
        meant = moved if moved in free else nearest(key, free)
        message = f"unknown {failure.rule.get('x-noun', 'key')} {quote(key)}{foreign(key)}"
        yield Finding(path, message, did_you_mean(meant, choices(failure.rule)), "key", (*failure.path, meant))


def missing(failure: Failure, context: Context) -> Iterator[Finding]:
    """A key the mapping must have."""
    key = failure.kind.property
    rule = resolved(failure.rule.get("properties", {}).get(key, {}), context.schema)
    hint = example(key, rule) or f"add {quote(key)}"
    yield Finding(failure.path, f"{quote(key)} is missing", hint, "key", (*failure.path, key))


def not_a_name(failure: Failure, context: Context) -> Iterator[Finding]:
    """A key that is not among the names that the mapping allows."""
    for finding in misspelt(failure, context):
        yield finding._replace(path=(*failure.path, failure.value), at="key")


def too_few(failure: Failure, _: Context) -> Iterator[Finding]:
    """A mapping without enough keys."""
    least, noun = failure.kind.limit, failure.rule.get("x-noun", "key")
    message = f"{article(noun)} is needed" if least == 1 else f"at least {least} {plural(noun)} are needed"
    yield Finding(failure.path, message, choices(failure.rule), "key")


def too_many(failure: Failure, _: Context) -> Iterator[Finding]:
    """A mapping with more keys than it may have; unknown ones do not count, they are problems of their own."""
    most, rule = failure.kind.limit, failure.rule
    allowed = failure.value if rule.get("additionalProperties", True) else rule.get("properties", ())
    present = [key for key in failure.value if key in allowed]
    noun = rule.get("x-noun", "key")
    if len(present) > most > 1:
        yield Finding(failure.path, f"at most {most} {plural(noun)}, not {len(present)}", "remove some", "key")
    elif len(present) > most:
        message = f"exactly one {noun}, not {len(present)}: {listed(present)}"
        yield Finding(failure.path, message, _alone(failure, present[0]), "key")


def _alone(failure: Failure, key: str) -> str:
    """What to do with several keys where one may be: in a list, indentation is what went wrong."""
    if not (failure.path and isinstance(failure.path[-1], int)):
        return "keep one of them"
    if failure.value[key] is None:
        return f"indent what belongs to {quote(key)} further than {quote(key)} itself"
    return "begin each with a '- ' of its own"
