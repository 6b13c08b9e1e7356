"""What the schema library finds, as one failure for each keyword that a value breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from generator.document import Path

Schema = Mapping[str, Any]

_CHOICES = ("anyOf", "oneOf")
_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


class Failure(NamedTuple):
    """A value at a path that breaks a keyword; `rule` is the schema in which the keyword stands, `kind` the details.

    A choice (anyOf, oneOf) none of whose forms takes such a value is one failure of the keyword `type`; `forms` are all
    forms the value could have.
    """

    keyword: str
    path: Path
    value: Any
    rule: Schema
    kind: Any
    forms: tuple[Schema, ...]


def json_type(value: object) -> str:
    """JSON Schema's word for the type of a value."""
    return _JSON_TYPES.get(type(value), "null")


def types_of(form: Schema) -> tuple[str, ...]:
    """The types a schema accepts by its `type`, `enum` or `const`; none when it accepts all."""
    if "type" in form:
        return (form["type"],) if isinstance(form["type"], str) else tuple(form["type"])
    values = [form["const"]] if "const" in form else form.get("enum", ())
    return tuple(dict.fromkeys(map(json_type, values)))


class Comparison(NamedTuple):
    """Data held against a schema."""

    data: Any
    schema: Schema

    def failures(self, errors: Iterable[Any]) -> Iterator[Failure]:
        """The failures behind the library's errors; of a choice, those of the form that was meant."""
        for error in errors:
            name = error.kind.name
            if name in _CHOICES:
                yield from self._of_choice(error)
            elif name == "propertyNames":
                yield self._failure(name, error.kind.error, error.kind.error.instance)
            else:
                yield self._failure(name, error, _at(self.data, error.instance_path))

    def _failure(self, keyword: str, error: Any, value: Any) -> Failure:
        path = error.schema_path
        rule = resolved(_at(self.schema, path if error.kind.name == "falseSchema" else path[:-1]), self.schema)
        return Failure(keyword, tuple(error.instance_path), value, rule, error.kind, (rule,))

    def _of_choice(self, error: Any) -> Iterator[Failure]:
        path, value = tuple(error.instance_path), _at(self.data, error.instance_path)
        rule = resolved(_at(self.schema, error.schema_path[:-1]), self.schema)
        branches = [tuple(_forms(branch, self.schema)) for branch in rule[error.kind.name]]
        failures = [list(self.failures(context)) for context in error.kind.context]
        all_forms = tuple(form for branch in branches for form in branch)
        meant = [
            of_branch
            for of_branch, forms in zip(failures, branches, strict=True)
            if of_branch and any(_takes(form, value) for form in forms)
        ]
        for failure in min(meant, key=len, default=()):
            # None of a few words: the other forms are as good.
            yield failure._replace(forms=all_forms) if failure.path == path else failure
        if not meant:
            yield Failure("type" if any(failures) else "oneOf", path, value, rule, error.kind, all_forms)


def resolved(rule: Any, schema: Schema) -> Schema:
    """A schema, or what its `$ref` into the whole schema names; words beside the `$ref` win."""
    if not isinstance(rule, Mapping):
        return {}
    if "$ref" not in rule:
        return rule
    target = _at(schema, filter(None, rule["$ref"].removeprefix("#").split("/")))
    return {**resolved(target, schema), **{word: value for word, value in rule.items() if word != "$ref"}}


def _at(nested: Any, path: Iterable[str | int]) -> Any:
    """What a path leads to in nested lists and mappings."""
    for step in path:
        nested = nested[step]
    return nested


def _forms(rule: Any, schema: Schema) -> Iterator[Schema]:
    """The forms a value may have by a schema: its own, or those of all branches of a choice."""
    rule = resolved(rule, schema)
    branches = [branch for word in _CHOICES for branch in rule.get(word, ())]
    for branch in branches:
        yield from _forms(branch, schema)
    if not branches:
        yield rule


def _takes(form: Schema, value: Any) -> bool:
    types, own = types_of(form), json_type(value)
    return not types or own in types or (own == "integer" and "number" in types)
