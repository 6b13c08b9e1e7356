"""AWS Chalice: packaged once for each stage as a SAM template, deployed by CloudFormation."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.application.functions import Function, Stated
from generator.application.reader import read
from generator.application.template import Template
from generator.document import Document
from generator.errors import Problem
from generator.frameworks import UnitTests, UsualTemplates, _unit_tests
from generator.frameworks._buildspecs import filled
from generator.frameworks._sam_starter import starter_template
from generator.frameworks._sam_templates import TESTS_NAMES
from generator.frameworks._sam_templates import usual_templates as templates_of_sam
from generator.frameworks._silent import described, environment, languages, stack, statements, unrehearsed
from generator.frameworks._silent import no_configuration as own_configuration
from generator.frameworks.sam import IMAGE, PACKAGED_TESTS, RUNTIMES
from generator.model.build import Machine
from generator.model.stage import DEFAULT_STAGES
from generator.repository.files import Repository

__all__ = [
    "APP_NAMES",
    "BUILD_KEYS",
    "BY_STAGE",
    "IMAGE",
    "IS_DEFAULT",
    "LANGUAGE",
    "LANGUAGES",
    "PACKAGED_APP",
    "PACKAGED_CONFIGURATION",
    "PACKAGED_TESTS",
    "PARAMETERS_IN_BUILD",
    "RUNTIMES",
    "TEMPLATE",
    "TESTS_NAMES",
    "buildspec",
    "described",
    "environment",
    "functions",
    "languages",
    "other_templates",
    "own_configuration",
    "problems",
    "read",
    "recognises",
    "remarks",
    "stack",
    "starter_template",
    "statements",
    "unit_tests",
    "unrehearsed",
    "url",
    "usual_templates",
]

IS_DEFAULT = False
BY_STAGE = True
BUILD_KEYS: tuple[str, ...] = ()
PARAMETERS_IN_BUILD = False
TEMPLATE = "Chalice project's .chalice/config.json"
APP_NAMES: tuple[str, ...] = (".chalice/config.json",)
PACKAGED_APP = "packaged-{stage}.yaml"
PACKAGED_CONFIGURATION = ""
LANGUAGE = "python"
LANGUAGES: Mapping[str, str] = {"python": "chalice.yml"}

_ROUTE = re.compile(r"^\s*@\w+\.route\(", re.MULTILINE)
_S3_EVENT = re.compile(r"^\s*@\w+\.on_s3_event\(", re.MULTILINE)


def recognises(repository: Repository) -> bool:
    """Whether there is a project at the root."""
    return repository.has(APP_NAMES[0]) and repository.has("app.py")


def usual_templates(repository: Repository) -> UsualTemplates:
    """The project's file at the root, and the tests' template."""
    return UsualTemplates(repository.first(*APP_NAMES), templates_of_sam(repository).tests, ())


def other_templates(_repository: Repository) -> tuple[str, ...]:
    """None: folders with a dot are not looked through."""
    return ()


def url(repository: Repository, path: str) -> str | None:
    """The address of its API, where it has routes."""
    return "EndpointURL" if any(_ROUTE.search(text) for _, text in _code(repository, path)) else None


def functions(document: Document, _repository: Repository, path: str) -> Iterator[Function]:
    """The project as one function: app.py, which has to make an `app`, on the Python that runs Chalice."""
    runtime = document.data.get("build", {}).get("runtime", {}).get("python", RUNTIMES["python"][-2])
    yield Function(
        "the Chalice project",
        Stated(f"python{runtime}", document, ("build", "runtime", "python")),
        Stated("app.app", document, ("app", "template")),
        posixpath.dirname(posixpath.dirname(path)),
    )


def problems(document: Document, repository: Repository, path: str) -> Iterator[Problem]:
    """Events that Chalice cannot package, and parameters, which its template has none of."""
    for file, text in _code(repository, path):
        if match := _S3_EVENT.search(text):
            line = text.count("\n", 0, match.start() + 1) + 1
            message = f"{file}:{line}: chalice package cannot make a template of on_s3_event"
            hint = "describe bucket and notification in a template of your own, and take a plain lambda_function"
            yield document.problem((), message, hint)
    for index, item in enumerate(document.data.get("stages", ())):
        for word, settings in item.items() if isinstance(item, dict) else ():
            if (settings or {}).get("parameters"):
                message = "the template of a Chalice project has no parameters"
                hint = f"environment_variables of stages.{word} in {path} tell its stages apart"
                yield document.problem(("stages", index, word, "parameters"), message, hint, at="key")


def remarks(document: Document, repository: Repository, path: str) -> Iterator[Problem]:
    """Stages that its configuration does not name: Chalice gives them defaults in silence."""
    stages = _configuration(repository, path).get("stages")
    there = stages if isinstance(stages, dict) else {}
    for index, item in enumerate(document.data.get("stages", DEFAULT_STAGES)):
        word = next(iter(item)) if isinstance(item, dict) else item
        if word not in there:
            named = ("stages", index) if "stages" in document.data else ()
            message = f"{path} has no stage '{word}': Chalice takes what it says for all, and its own defaults"
            hint = f"name it there; it has {', '.join(sorted(there)) or 'none'}"
            yield document.problem(named, message, hint, level="info")


def unit_tests(repository: Repository, _app: Template | None, tests: Template | None) -> UnitTests:
    """The unit tests of the whole repository."""
    return _unit_tests.unit_tests(repository, None, tests, everywhere=True)


def buildspec(language: str, versions: Mapping[str, str], machine: Machine) -> str:
    """The buildspec that packages every stage."""
    return filled(LANGUAGES[language], versions, machine)


def _configuration(repository: Repository, path: str) -> Mapping[str, Any]:
    try:
        data = json.loads(repository.text(path))
    except (ValueError, OSError):
        return {}
    return data if isinstance(data, dict) else {}


def _code(repository: Repository, path: str) -> Iterator[tuple[str, str]]:
    """The files of a project in which events may stand: app.py, and those of chalicelib."""
    project = posixpath.dirname(posixpath.dirname(path))
    library = repository.files("*.py", under=posixpath.join(project, "chalicelib"))
    for file in (posixpath.join(project, "app.py"), *library):
        if repository.has(file):
            yield file, repository.text(file)
