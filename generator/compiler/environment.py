"""Environment variables of the build: plain ones, those a pipeline's action fills in, and secrets by reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.compiler import variables
from generator.compiler.variables import Known
from generator.document import Document
from generator.errors import Problem
from generator.model.build import Secret
from generator.model.text import Text, literal

OURS = (
    "APP_TEMPLATE",
    "BUILD_OUTPUT_BUCKET",
    "BUILD_OUTPUT_PREFIX",
    "CHECKED_WORDS",
    "COVERED_TEST_TYPES",
    "COVERED_TYPES",
    "TESTS_TEMPLATE",
    "UNIT_TEST_COMMAND",
)
"""What the project tells every buildspec."""

_KEY = ("build", "environment")
_SECRETS = ("build", "secrets")


def plain(document: Document) -> dict[str, Text]:
    """The variables whose values are known before a build starts."""
    return {name: text for name, text in _written(document) if "#{" not in text}


def filled_in(document: Document) -> dict[str, Text]:
    """The variables that hold a variable of the pipeline: only an action can say what that is."""
    return {name: text for name, text in _written(document) if "#{" in text}


def secrets(document: Document) -> tuple[Secret, ...]:
    """The secrets by their names."""
    found: Mapping[str, Mapping[str, str]] = document.data.get("build", {}).get("secrets", {})
    return tuple(_secret(name, settings) for name, settings in sorted(found.items()))


def problems(document: Document, known: Known) -> Iterator[Problem]:
    """Names that are taken, variables that are not there, and secrets that name nothing."""
    for name, text in _written(document):
        if name in OURS:
            message = f"'{name}' is what the pipeline itself tells the build"
            yield document.problem((*_KEY, name), message, "choose another name", at="key")
        yield from variables.unknown(document, (*_KEY, name), text, known)
        yield from variables.free_text(document, (*_KEY, name), text)
    for name, settings in document.data.get("build", {}).get("secrets", {}).items():
        path = (*_SECRETS, name)
        if name in OURS or name in document.data["build"].get("environment", {}):
            yield document.problem(path, f"'{name}' is a variable of the build already", "each name once", at="key")
        if not {"secretsmanager", "parameter_store"} & settings.keys():
            yield document.problem(path, "where is it?", "name it: secretsmanager or parameter_store", at="key")


def _written(document: Document) -> Iterator[tuple[str, Text]]:
    values: Mapping[str, Any] = document.data.get("build", {}).get("environment", {})
    for name, value in sorted(values.items()):
        # As it is written: 3.10 stays 3.10, and true does not become True.
        yield name, literal(value if isinstance(value, str) else document.written((*_KEY, name)))


def _secret(name: str, settings: Mapping[str, str]) -> Secret:
    key = settings.get("key", "")
    if "parameter_store" in settings:
        return Secret(name, "PARAMETER_STORE", settings["parameter_store"], key)
    return Secret(name, "SECRETS_MANAGER", settings.get("secretsmanager", ""), key)
