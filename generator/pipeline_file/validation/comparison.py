"""Holds a document against a JSON Schema and says everything that is wrong with it, each cause once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

from generator.document import PIPELINE_FILE, Document, at_most, attempt
from generator.errors import InvalidInputError, Problem
from generator.pipeline_file.validation import mappings, shapes, values
from generator.pipeline_file.validation.failures import Comparison, Failure, Schema
from generator.pipeline_file.validation.findings import Context, Finding

Wording = Callable[[Failure, Context], Iterator[Finding]]

# More than are ever shown: each of them is worth its words.
_ENOUGH = 1000

_WORDINGS: Mapping[str, Wording] = {
    "type": shapes.wrong_type,
    "enum": values.no_choice,
    "const": values.no_choice,
    "pattern": values.misspelt,
    "format": values.misspelt,
    "minLength": values.too_short,
    "minItems": values.too_short,
    "maxLength": values.too_long,
    "maxItems": values.too_long,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), values.out_of_range),
    "uniqueItems": values.repeated,
    **dict.fromkeys(("not", "falseSchema"), values.excluded),
    "additionalProperties": mappings.unknown,
    "unevaluatedProperties": mappings.unknown,
    "required": mappings.missing,
    "propertyNames": mappings.not_a_name,
    "minProperties": mappings.too_few,
    "maxProperties": mappings.too_many,
}

# What a keyword says already: of a value of the wrong type, nothing else is worth saying.
_IMPLIED_BY: Mapping[str, frozenset[str]] = {
    "type": frozenset({"enum", "const", "pattern", "format", "not", "oneOf"}),
    "enum": frozenset({"pattern", "format", "minLength", "maxLength"}),
    "minLength": frozenset({"pattern", "format"}),
    "required": frozenset({"minProperties"}),
}


def load(path: FilePath, name: str, schema: Schema) -> Document:
    """The pipeline file at a path, called `name` in messages, in the shape of a schema.

    Raises InvalidInputError with every problem of the file.
    """
    attempted = attempt(path, name, PIPELINE_FILE)
    invalid = validate(attempted.document, schema) if attempted.complete else ()
    # Where something could not be read, the schema would say it again in other words.
    reported = {problem.place for problem in attempted.problems}
    problems = [*attempted.problems, *(problem for problem in invalid if problem.place not in reported)]
    if problems:
        raise InvalidInputError(problems)
    return attempted.document


def validate(document: Document, schema: Schema) -> tuple[Problem, ...]:
    """Everything that is wrong with a document by a JSON Schema (draft 2020-12), in order, a hundred at most."""
    import jsonschema_rs  # noqa: PLC0415 - whoever only asks for the schema need not pay for it

    errors = jsonschema_rs.Draft202012Validator(dict(schema)).iter_errors(document.data)
    failures = Comparison(document.data, schema).failures(islice(errors, _ENOUGH))
    findings = _findings(_causes(list(failures)), Context(document, schema))
    return at_most(
        document.problem(each.path, each.message, each.hint, at=each.at) for each in islice(findings, _ENOUGH)
    )


def _causes(failures: list[Failure]) -> list[Failure]:
    """The failures without those that follow from another one."""
    implied = {(failure.path, more) for failure in failures for more in _IMPLIED_BY.get(failure.keyword, ())}
    # Keys of a list's item that are too many are indented wrongly: what they hold belongs somewhere else.
    astray = {failure.path for failure in failures if failure.keyword == "maxProperties" and _is_item(failure)}
    return [
        failure
        for failure in failures
        if (failure.path, failure.keyword) not in implied
        and not any(failure.path[:length] in astray for length in range(len(failure.path)))
    ]


def _is_item(failure: Failure) -> bool:
    return bool(failure.path) and isinstance(failure.path[-1], int)


def _findings(failures: Iterable[Failure], context: Context) -> Iterator[Finding]:
    """The words for each failure; a key is not missing where another one was meant to be it."""
    pairs = [(failure, finding) for failure in failures for finding in _worded(failure, context)]
    meant = {finding.about for failure, finding in pairs if failure.keyword != "required"}
    for failure, finding in pairs:
        if failure.keyword != "required" or finding.about not in meant:
            yield finding


def _worded(failure: Failure, context: Context) -> Iterator[Finding]:
    hint: Any = failure.rule.get("x-hint", "")
    for finding in _WORDINGS.get(failure.keyword, values.unknown_rule)(failure, context):
        yield finding._replace(hint="; ".join(filter(None, (finding.hint, hint))))
