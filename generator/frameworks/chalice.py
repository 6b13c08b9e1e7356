"""AWS Chalice: packaged once for each stage as a SAM template, deployed by CloudFormation."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.application.functions import Function, Stated
from generator.document import Document
from generator.errors import Problem
from generator.frameworks._by_stage import ByStage
from generator.model.stage import DEFAULT_STAGES
from generator.repository.files import Repository

_ROUTE = re.compile(r"^\s*@\w+\.route\(", re.MULTILINE)
_S3_EVENT = re.compile(r"^\s*@\w+\.on_s3_event\(", re.MULTILINE)


class Chalice(ByStage):
    """AWS Chalice: packaged once for each stage as a SAM template, deployed by CloudFormation."""

    TEMPLATE = "Chalice project's .chalice/config.json"
    APP_NAMES: tuple[str, ...] = (".chalice/config.json",)
    LANGUAGES: Mapping[str, str] = {"python": "chalice.yml"}

    def recognises(self, repository: Repository) -> bool:
        """Whether there is a project at the root."""
        return repository.has(self.APP_NAMES[0]) and repository.has("app.py")

    def url(self, repository: Repository, path: str) -> str | None:
        """The address of its API, where it has routes."""
        return "EndpointURL" if any(_ROUTE.search(text) for _, text in _code(repository, path)) else None

    def functions(self, document: Document, _repository: Repository, path: str) -> Iterator[Function]:
        """The project as one function: app.py, which has to make an `app`, on the Python that runs Chalice."""
        runtime = document.data.get("build", {}).get("runtime", {}).get("python", self.RUNTIMES["python"][-2])
        yield Function(
            "the Chalice project",
            Stated(f"python{runtime}", document, ("build", "runtime", "python")),
            Stated("app.app", document, ("app", "template")),
            posixpath.dirname(posixpath.dirname(path)),
        )

    def problems(self, document: Document, repository: Repository, path: str) -> Iterator[Problem]:
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

    def remarks(self, document: Document, repository: Repository, path: str) -> Iterator[Problem]:
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


FRAMEWORK = Chalice()
