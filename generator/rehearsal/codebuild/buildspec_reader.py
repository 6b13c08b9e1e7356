"""Reads a buildspec: held against its schema, every mistake with its place, all in one run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from generator.aws_rules import limits
from generator.document import BUILDSPEC, Document, attempt_text
from generator.errors import InvalidInputError, NotRehearsedError, Problem, in_order
from generator.pipeline_file.validation import validate
from generator.rehearsal.codebuild.buildspec import PHASES, Artifact, Buildspec, OnFailure, Phase, Report

_SCHEMA = Path(__file__).with_name("buildspec.schema.json")
_NOT_REHEARSED = {
    "proxy": "a build behind an explicit proxy server is not rehearsed",
}
_SHELLS = {"bash": "bash", "/bin/sh": "/bin/sh", "sh": "/bin/sh", "/bin/bash": "bash"}
_WINDOWS_SHELLS = ("powershell.exe", "cmd.exe")
_TRUE = frozenset({"yes", "true", "on"})
_RETRY = re.compile(r"RETRY(?:-(?P<count>\d+)(?=-|$))?(?:-(?P<pattern>.+))?$", re.IGNORECASE)
_RETRIES = "ABORT, CONTINUE, RETRY, RETRY-<count>, RETRY-<regex> or RETRY-<count>-<regex>"
_DEFAULT_RETRIES = 3

Section = Mapping[str, Any]
Version = Literal["0.1", "0.2"]
_DEFAULT_VERSION: Final = "0.2"


def read(text: str, file: str) -> Buildspec:
    """The buildspec in `text`; `file` is what its places are called by.

    Raises InvalidInputError with every mistake, or NotRehearsedError where it is right and asks for what
    no rehearsal does.
    """
    attempted = attempt_text(text, file, BUILDSPEC)
    document = attempted.document.as_text()
    version = _version(document)
    invalid = validate(document, _schema(version)) if attempted.complete else ()
    mistakes = [*attempted.problems, *invalid, *_wrong_retries(document)]
    refused = list(_refused(document))
    if mistakes:
        raise InvalidInputError([*mistakes, *refused])
    if refused:
        raise NotRehearsedError("\n".join(map(str, in_order(refused))))
    return _Reader(document.data, version).buildspec()


@cache
def _schema(version: Version) -> Section:
    """The schema of a version, with what both share."""
    schemas = json.loads(_SCHEMA.read_text("utf-8"))
    return {**schemas[version], "$defs": schemas["$defs"]}


def _version(document: Document) -> Version:
    return "0.1" if _section(document.data, "version") == "0.1" else _DEFAULT_VERSION


def _section(data: Any, *path: str) -> Any:
    """What stands at a path, as far as there is one, before anything is known of the file."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _refused(document: Document) -> Iterator[Problem]:
    """What CodeBuild knows and no rehearsal supports."""
    for key, reason in _NOT_REHEARSED.items():
        if isinstance(document.data, Mapping) and key in document.data:
            yield document.problem((key,), f"{key}: {reason}", at="key")
    if (shell := _section(document.data, "env", "shell")) in _WINDOWS_SHELLS:
        yield document.problem(("env", "shell"), f"env.shell: a build on Windows ({shell}) is not rehearsed")


def _wrong_retries(document: Document) -> Iterator[Problem]:
    for name in PHASES:
        word = _section(document.data, "phases", name, "on-failure")
        if isinstance(word, str) and (wrong := _wrong_retry(word)):
            yield document.problem(("phases", name, "on-failure"), wrong, _RETRIES)


def _wrong_retry(word: str) -> str:
    """What is wrong with a word of on-failure; empty when it is right."""
    if word in {"ABORT", "CONTINUE"}:
        return ""
    retry = _RETRY.match(word)
    if retry is None:
        return f"on-failure '{word}' is unknown"
    if int(retry["count"] or 0) > limits.RETRIES:
        return f"on-failure: a build is retried 0 to {limits.RETRIES} times"
    try:
        re.compile(retry["pattern"] or "")
    except re.error as error:
        return f"on-failure: '{retry['pattern']}' is not a regular expression: {error}"
    return ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """One reading of a buildspec that is right; what has no effect here gathers in `left_out`."""

    data: Section
    version: Version
    left_out: list[str] = field(default_factory=list)

    def buildspec(self) -> Buildspec:
        self._leave_out(self.data, "run-as", "run-as", "the commands run as you")
        self._leave_out(self._cache(), "paths", "cache", "pip and npm keep caches of their own between builds")
        env = self._env()
        phases = {name: self._phase(name, phase or {}) for name, phase in (self.data["phases"] or {}).items()}
        artifacts = self.data.get("artifacts")
        return Buildspec(
            version=self.version,
            phases=phases,
            runtimes=_table((_section(self.data, "phases", "install") or {}).get("runtime-versions")),
            artifact=_artifact(artifacts) if artifacts else None,
            secondary_artifacts=_secondary(artifacts or {}),
            reports={name: _report(report) for name, report in (self.data.get("reports") or {}).items()},
            shell=_SHELLS.get(_text(env.get("shell")), ""),
            variables=_table(env.get("variables")),
            parameter_store=_table(env.get("parameter-store")),
            secrets=_table(env.get("secrets-manager")),
            exported=_texts(env.get("exported-variables")),
            left_out=tuple(self.left_out),
        )

    def _leave_out(self, section: Section, key: str, what: str, instead: str) -> None:
        if key in section:
            self.left_out.append(f"{what} is not carried out here: {instead}")

    def _cache(self) -> Section:
        return self.data.get("cache") or {}

    def _env(self) -> Section:
        if "environment_variables" in self.data:
            return {"variables": _section(self.data, "environment_variables", "plaintext")}
        env: Section = self.data.get("env") or {}
        if _flag(env.get("git-credential-helper")):
            self.left_out.append("env.git-credential-helper is not carried out here: git asks nobody")
        return env

    def _phase(self, name: str, phase: Section) -> Phase:
        self._leave_out(phase, "run-as", f"phases.{name}.run-as", "the commands run as you")
        return Phase(
            commands=_texts(phase.get("commands")),
            finally_=_texts(phase.get("finally")),
            on_failure=_on_failure(phase.get("on-failure")),
        )


def _on_failure(word: str | None) -> OnFailure | None:
    if not word:
        return None
    if retry := _RETRY.match(word):
        return OnFailure("RETRY", int(retry["count"] or _DEFAULT_RETRIES), retry["pattern"] or ".*")
    return OnFailure("ABORT" if word == "ABORT" else "CONTINUE")


def _secondary(artifacts: Section) -> dict[str, Artifact]:
    return {name: _artifact(artifact) for name, artifact in (artifacts.get("secondary-artifacts") or {}).items()}


def _artifact(section: Section) -> Artifact:
    return Artifact(
        files=_texts(section["files"]),
        base_directory=_text(section.get("base-directory")),
        discard_paths=_flag(section.get("discard-paths")),
        exclude_paths=_texts(section.get("exclude-paths")),
        enable_symlinks=_flag(section.get("enable-symlinks")),
        name=_text(section.get("name")),
        s3_prefix=_text(section.get("s3-prefix")),
    )


def _report(section: Section) -> Report:
    return Report(
        files=_texts(section["files"]),
        base_directory=_text(section.get("base-directory")),
        file_format=_text(section.get("file-format")).upper() or "JUNITXML",
    )


def _text(value: str | None) -> str:
    return value or ""


def _texts(value: str | list[str | None] | None) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(map(_text, value))


def _table(section: Mapping[str, str | None] | None) -> dict[str, str]:
    return {name: _text(value) for name, value in (section or {}).items()}


def _flag(value: str | None) -> bool:
    return _text(value).lower() in _TRUE
