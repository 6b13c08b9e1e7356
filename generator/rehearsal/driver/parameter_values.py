"""Values of a template's parameters, from the command line and from files in the forms of the aws CLI and of SAM.

https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from generator.document import TEMPLATE, Document, Path, quote, read
from generator.errors import InvalidInputError, Problem

_FORMS = (
    '[{"ParameterKey": "Name", "ParameterValue": "value"}], {"Parameters": {"Name": "value"}}, {"Name": "value"},'
    ' ["Name=value"], or samconfig.toml'
)


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """The text of a value and where it comes from; `document` is None for the command line and for TOML."""

    text: str
    document: Document | None = None
    path: Path = ()

    def problem(self, message: str, hint: str = "") -> Problem:
        """A problem with the value, at its place if it has one."""
        return self.document.problem(self.path, message, hint) if self.document else Problem(message, hint=hint)


Values = Mapping[str, ParameterValue]


def read_values(words: Sequence[str], files: Sequence[FilePath]) -> Values:
    """The values of all files, in order, then those of the command line; of one name the last counts.

    Raises InvalidInputError with everything that is wrong with them.
    """
    values: dict[str, ParameterValue] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            values |= _of_file(file)
        except InvalidInputError as invalid:
            problems += invalid.problems
    for word in words:
        name, mark, value = word.partition("=")
        if not mark or not name:
            problems.append(Problem(f"--parameter: {quote(word)} is not NAME=VALUE", hint="--parameter Branch=main"))
        values[name] = ParameterValue(value)
    if problems:
        raise InvalidInputError(problems)
    return values


def _of_file(file: FilePath) -> dict[str, ParameterValue]:
    if file.suffix == ".toml":
        return dict(_of_samconfig(file))
    document = read(file, str(file), TEMPLATE).as_text()
    content: Any = document.data
    path: Path = ()
    if isinstance(content, Mapping) and isinstance(content.get("Parameters"), Mapping):
        content, path = content["Parameters"], ("Parameters",)
    pairs = list(_of_mapping(content) if isinstance(content, Mapping) else _of_list(content))
    if wrong := [key for key, name, value in pairs if not isinstance(value, str) or not name]:
        raise InvalidInputError(
            document.problem((*path, key), "this is no value of a parameter", f"forms: {_FORMS}") for key in wrong
        )
    return {name: ParameterValue(value, document, (*path, key)) for key, name, value in pairs}


def _of_mapping(content: Mapping[str, Any]) -> Iterator[tuple[str | int, str, Any]]:
    for name, value in content.items():
        is_list = isinstance(value, list) and all(isinstance(member, str) for member in value)
        yield name, name, ",".join(value) if is_list else value


def _of_list(content: Any) -> Iterator[tuple[str | int, str, Any]]:
    for number, item in enumerate(content if isinstance(content, list) else [None]):
        if isinstance(item, str):
            name, _, value = item.partition("=")
            yield number, name if "=" in item else "", value
        elif isinstance(item, Mapping):
            yield number, str(item.get("ParameterKey", "")), item.get("ParameterValue")
        else:
            yield number, "", None


def _of_samconfig(file: FilePath) -> Iterator[tuple[str, ParameterValue]]:
    """What `sam deploy` takes of the default environment."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInputError([Problem(f"{file} cannot be read: {error}", hint=f"forms: {_FORMS}")]) from None
    sections = [_mapping(content, "default", command, "parameters") for command in ("global", "deploy")]
    overrides = [section["parameter_overrides"] for section in sections if "parameter_overrides" in section]
    if not overrides:
        hint = 'it needs parameter_overrides = "Name=value" in [default.deploy.parameters]'
        raise InvalidInputError([Problem(f"{file} has no values of parameters", hint=hint)])
    for override in overrides:
        for word in _words(file, override):
            name, _, value = word.partition("=")
            yield name, ParameterValue(value)


def _mapping(content: Any, *keys: str) -> Mapping[str, Any]:
    """What lies at these keys; empty where that is no mapping."""
    for key in keys:
        content = content.get(key) if isinstance(content, Mapping) else None
    return content if isinstance(content, Mapping) else {}


def _words(file: FilePath, override: Any) -> list[str]:
    """The words of `parameter_overrides`, which is a text as in a shell or a list of texts."""
    try:
        words = shlex.split(override) if isinstance(override, str) else override
    except ValueError:
        words = None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        hint = 'parameter_overrides = "Name=value Other=\'a b\'", or a list of "Name=value"'
        raise InvalidInputError([Problem(f"{file}: parameter_overrides cannot be read", hint=hint)])
    return words
