"""Compose files of the Serverless Framework, read as they are: which services there are, and what they pass on.

https://www.serverless.com/framework/docs/guides/compose
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.document import PIPELINE_FILE, Document, Path, attempt_text
from generator.errors import Problem
from generator.model.pipeline import SERVICE_LENGTH, SERVICE_PATTERN
from generator.repository.files import Repository

KEYS: Mapping[str, str] = {"parameters": "params", "after": "dependsOn", "template": "config"}
"""What keys of a service are called there, where they have another word."""

_PROGRAMS = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
# Where the tool keeps what it remembers of deployments is of no use to a pipeline.
_TOP = ("services", "state")
_SERVICE = ("path", "config", "params", "dependsOn", "component")
_OF_THE_TOOL = "serverless-framework"
_STAGE = re.compile(r"\$\{sls:stage\}")
# All but the stage and outputs of services.
_VARIABLE = re.compile(rf"\$\{{(?!sls:stage\}}|{SERVICE_PATTERN}\.[A-Za-z0-9]{{1,255}}\}})[^}}]*\}}?")


class Compose(NamedTuple):
    """A compose file: what stands in it (None: nothing could be read), its services in our words, what is wrong."""

    document: Document | None
    services: Mapping[str, Mapping[str, Any]]
    problems: tuple[Problem, ...]


def read(document: Document, repository: Repository, path: str) -> Compose:
    """The compose file that a pipeline file names."""
    at = ("services",)
    if path.endswith(_PROGRAMS):
        message = f"{path} is a program: what it says is known only when it runs"
        return _refused(document.problem(at, message, "write it as serverless-compose.yml, or its services here"))
    if not repository.has(path):
        return _refused(document.problem(at, f"there is no {path} in the repository", "name the compose file"))
    attempt = attempt_text(repository.text(path), path, PIPELINE_FILE)
    written = attempt.document.data if isinstance(attempt.document.data, dict) else {}
    if attempt.problems or not isinstance(written.get("services"), dict) or not written["services"]:
        lacking = attempt.document.problem((), f"{path} names no services", "services: {<name>: {path: <folder>}}")
        return Compose(attempt.document, {}, tuple(attempt.problems) or (lacking,))
    problems = tuple(_problems(attempt.document, written, posixpath.dirname(path)))
    folder = posixpath.dirname(path)
    services = {} if problems else {word: _service(each, folder) for word, each in written["services"].items()}
    return Compose(attempt.document, services, problems)


def in_stage(text: str, stage: str) -> str:
    """A value of a parameter in a stage."""
    return _STAGE.sub(stage, text)


def _refused(problem: Problem) -> Compose:
    return Compose(None, {}, (problem,))


def _service(written: Mapping[str, Any], folder: str) -> Mapping[str, Any]:
    after = written.get("dependsOn", [])
    return {
        "path": posixpath.normpath(posixpath.join(folder, written["path"])),
        "parameters": written.get("params") or {},
        "after": [after] if isinstance(after, str) else after,
        **({"template": written["config"]} if "config" in written else {}),
    }


def _problems(document: Document, written: Mapping[str, Any], folder: str) -> Iterator[Problem]:
    for key in written:
        if key not in _TOP:
            hint = "say it in the pipeline file: services: {<service>: {stages: ...}}"
            yield document.problem((key,), f"'{key}' of a compose file is not supported yet", hint, at="key")
    for word, service in written["services"].items():
        at: Path = ("services", word)
        if not re.fullmatch(SERVICE_PATTERN, str(word)) or len(str(word)) > SERVICE_LENGTH:
            message = f"'{word}' is not the name of a service here: {SERVICE_LENGTH} small letters, digits and '-'"
            yield document.problem(at, message, "give it another name", at="key")
        elif not isinstance(service, dict) or not isinstance(service.get("path"), str):
            yield document.problem(at, f"service '{word}' has no path", "path: <folder>", at="key")
        else:
            yield from _of_service(document, at, service, folder)


def _of_service(document: Document, at: Path, service: Mapping[str, Any], folder: str) -> Iterator[Problem]:
    for key in service:
        if key not in _SERVICE or (key == "component" and service[key] != _OF_THE_TOOL):
            message = f"'{key}' of a service is not supported yet"
            yield document.problem((*at, key), message, "write services in the pipeline file", at="key")
    if posixpath.normpath(posixpath.join(folder, service["path"])).startswith(".."):
        yield document.problem((*at, "path"), "this is outside of the repository", "a folder inside")
    after = service.get("dependsOn", [])
    if not isinstance(after, str) and not (isinstance(after, list) and all(isinstance(each, str) for each in after)):
        message, hint = "dependsOn must be a name or a list of names", "dependsOn: [database]"
        yield document.problem((*at, "dependsOn"), message, hint)
    params = service.get("params") or {}
    if not isinstance(params, dict) or any(isinstance(value, dict | list | type(None)) for value in params.values()):
        yield document.problem((*at, "params"), "params must be a mapping of names and texts", "params: {name: value}")
        return
    for name, value in params.items():
        if isinstance(value, str) and (match := _VARIABLE.search(value)):
            message = f"{match[0]} is a variable that only the tool can resolve"
            hint = "write the value, or read it in serverless.yml; outputs are ${service.Output}"
            yield document.problem((*at, "params", name), message, hint)
