"""Reads a buildspec: every mistake with its place, all in one run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

import yaml

from generator.errors import InvalidInputError, NotRehearsedError, in_order
from generator.rehearsal.codebuild.buildspec import PHASES, Artifact, Buildspec, OnFailure, Phase, Report
from generator.rehearsal.codebuild.nodes import Nodes, is_empty

_TOP: Final = {
    "0.2": ("version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache"),
    "0.1": ("version", "environment_variables", "phases", "reports", "artifacts", "cache"),
}
_ENV = (
    "shell",
    "variables",
    "parameter-store",
    "secrets-manager",
    "exported-variables",
    "git-credential-helper",
)
_ARTIFACT = (
    "files",
    "name",
    "discard-paths",
    "base-directory",
    "exclude-paths",
    "enable-symlinks",
    "s3-prefix",
)
_NOT_REHEARSED = {
    "batch": "a batch build is not rehearsed",
    "proxy": "a build behind an explicit proxy server is not rehearsed",
}
_SHELLS = {"bash": "bash", "/bin/sh": "/bin/sh", "sh": "/bin/sh", "/bin/bash": "bash"}
_WINDOWS_SHELLS = ("powershell.exe", "cmd.exe")
_FORMATS = (
    "JUNITXML",
    "CUCUMBERJSON",
    "NUNITXML",
    "NUNIT3XML",
    "TESTNGXML",
    "VISUALSTUDIOTRX",
    "CLOVERXML",
    "COBERTURAXML",
    "JACOCOXML",
    "SIMPLECOV",
)
_RETRY = re.compile(r"RETRY(?:-(?P<count>\d+)(?=-|$))?(?:-(?P<pattern>.+))?$", re.IGNORECASE)
_DEFAULT_RETRIES = 3
_MOST_RETRIES = 100
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")


def read(text: str, file: str) -> Buildspec:
    """The buildspec in `text`; `file` is what its places are called by.

    Raises InvalidInputError with every mistake, or NotRehearsedError where it is right and asks for what
    no rehearsal does.
    """
    reader = _Reader(Nodes(text, file))
    buildspec = reader.buildspec()
    if reader.nodes.problems:
        raise InvalidInputError([*reader.nodes.problems, *reader.nodes.refused])
    if reader.nodes.refused:
        raise NotRehearsedError("\n".join(map(str, in_order(reader.nodes.refused))))
    return buildspec


class _Reader:
    """One reading of one buildspec; what has no effect here gathers in `left_out`."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.left_out: list[str] = []

    def buildspec(self) -> Buildspec:
        version = self._version()
        top = self.nodes.section(self.nodes.root, "the buildspec", _TOP[version])
        if "phases" not in top:
            self.nodes.wrong(self.nodes.root, "phases is missing", "a buildspec has at least one phase")
        for key in _NOT_REHEARSED.keys() & top.keys():
            self.nodes.refuse(top[key], f"{key}: {_NOT_REHEARSED[key]}")
        self._leave_out(top, "run-as", "run-as", "the commands run as you")
        self._cache(top.get("cache"))
        env = self._env(top)
        phases, runtimes = self._phases(top.get("phases"))
        artifact, secondary = self._artifacts(top.get("artifacts"), version)
        return Buildspec(
            version=version,
            phases=phases,
            runtimes=runtimes,
            artifact=artifact,
            secondary_artifacts=secondary,
            reports=self._reports(top.get("reports")),
            shell=self._shell(env.get("shell")),
            variables=self._variables(env.get("variables"), "env.variables"),
            parameter_store=self._variables(env.get("parameter-store"), "env.parameter-store"),
            secrets=self._variables(env.get("secrets-manager"), "env.secrets-manager"),
            exported=self._exported(env.get("exported-variables")),
            left_out=tuple(self.left_out),
        )

    def _version(self) -> Literal["0.1", "0.2"]:
        root = self.nodes.root
        node = _child(root, "version")
        word = self.nodes.text(node, "version")
        if word == "0.1":
            return "0.1"
        if word != "0.2":
            given = f"version '{word}' is unknown" if node is not None else "version is missing"
            self.nodes.wrong(node or root, given, "version: 0.2")
        return "0.2"

    def _leave_out(self, section: Mapping[str, yaml.Node], key: str, what: str, instead: str) -> None:
        if key in section:
            self.left_out.append(f"{what} is not carried out here: {instead}")

    def _cache(self, node: yaml.Node | None) -> None:
        cache = self.nodes.section(node, "cache", ("key", "fallback-keys", "action", "paths"))
        self.nodes.texts(cache.get("paths"), "cache.paths")
        self._leave_out(cache, "paths", "cache", "pip and npm keep caches of their own between builds")

    def _env(self, top: Mapping[str, yaml.Node]) -> dict[str, yaml.Node]:
        if "environment_variables" in top:
            old = self.nodes.section(top["environment_variables"], "environment_variables", ("plaintext",))
            return {"variables": old["plaintext"]} if "plaintext" in old else {}
        env = self.nodes.section(top.get("env"), "env", _ENV)
        if self.nodes.flag(env.get("git-credential-helper"), "env.git-credential-helper"):
            self.left_out.append("env.git-credential-helper is not carried out here: git asks nobody")
        return env

    def _shell(self, node: yaml.Node | None) -> str:
        word = self.nodes.text(node, "env.shell")
        if node is not None and word in _WINDOWS_SHELLS:
            self.nodes.refuse(node, f"env.shell: a build on Windows ({word}) is not rehearsed")
        elif node is not None and word not in _SHELLS:
            self.nodes.wrong(node, f"env.shell '{word}' is unknown", "shells: bash, /bin/sh")
        return _SHELLS.get(word, "")

    def _variables(self, node: yaml.Node | None, what: str) -> dict[str, str]:
        table: dict[str, str] = {}
        for key_node, key, value in self.nodes.entries(node, what):
            self._check_name(key_node, key, what)
            table[key] = self.nodes.text(value, f"{what}.{key}")
        return table

    def _check_name(self, node: yaml.Node, name: str, what: str) -> None:
        if name.startswith("CODEBUILD_"):
            self.nodes.wrong(node, f"{what}: '{name}': names that start with CODEBUILD_ are reserved")
        elif not _NAME.match(name):
            self.nodes.wrong(node, f"{what}: '{name}' is not the name of a variable")

    def _exported(self, node: yaml.Node | None) -> tuple[str, ...]:
        what = "env.exported-variables"
        names = self.nodes.texts(node, what)
        places = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for place, name in zip(places, names, strict=False):
            if name.startswith("AWS_"):
                self.nodes.wrong(place, f"{what}: '{name}': variables that start with AWS_ cannot be exported")
            elif not _NAME.match(name):
                self.nodes.wrong(place, f"{what}: '{name}' is not the name of a variable")
        return names

    def _phases(self, node: yaml.Node | None) -> tuple[dict[str, Phase], dict[str, str]]:
        phases: dict[str, Phase] = {}
        runtimes: dict[str, str] = {}
        for name, value in self.nodes.section(node, "phases", PHASES).items():
            what = f"phases.{name}"
            known: tuple[str, ...] = ("run-as", "on-failure", "commands", "finally")
            if name == "install":
                known += ("runtime-versions",)
            section = self.nodes.section(value, what, known)
            runtimes |= self.nodes.table(section.get("runtime-versions"), f"{what}.runtime-versions")
            if name != "install" and not is_empty(value) and "commands" not in section:
                self.nodes.wrong(value, f"{what}.commands is missing")
            self._leave_out(section, "run-as", f"{what}.run-as", "the commands run as you")
            phases[name] = Phase(
                commands=self.nodes.texts(section.get("commands"), f"{what}.commands"),
                finally_=self.nodes.texts(section.get("finally"), f"{what}.finally"),
                on_failure=self._on_failure(section.get("on-failure"), what),
            )
        return phases, runtimes

    def _on_failure(self, node: yaml.Node | None, what: str) -> OnFailure | None:
        if node is None:
            return None
        word = self.nodes.text(node, f"{what}.on-failure")
        if word == "ABORT":
            return OnFailure("ABORT")
        if word == "CONTINUE":
            return OnFailure("CONTINUE")
        retry = _RETRY.match(word)
        if retry is None:
            hint = "ABORT, CONTINUE, RETRY, RETRY-<count>, RETRY-<regex> or RETRY-<count>-<regex>"
            self.nodes.wrong(node, f"{what}.on-failure '{word}' is unknown", hint)
            return None
        count = int(retry["count"] or _DEFAULT_RETRIES)
        if count > _MOST_RETRIES:
            self.nodes.wrong(node, f"{what}.on-failure: a build is retried 0 to {_MOST_RETRIES} times")
        return OnFailure("RETRY", count, self._pattern(node, retry["pattern"] or ".*"))

    def _pattern(self, node: yaml.Node, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            self.nodes.wrong(node, f"on-failure: '{pattern}' is not a regular expression: {error}")
        return pattern

    def _artifacts(self, node: yaml.Node | None, version: str) -> tuple[Artifact | None, dict[str, Artifact]]:
        if node is None:
            return None, {}
        known = (*_ARTIFACT, "secondary-artifacts", *(("type",) if version == "0.1" else ()))
        section = self.nodes.section(node, "artifacts", known)
        secondary = {
            name: self._artifact(self.nodes.section(value, what, _ARTIFACT), value, what)
            for _, name, value in self.nodes.entries(section.get("secondary-artifacts"), "secondary-artifacts")
            for what in (f"artifacts.secondary-artifacts.{name}",)
        }
        return self._artifact(section, node, "artifacts"), secondary

    def _artifact(self, section: Mapping[str, yaml.Node], node: yaml.Node, what: str) -> Artifact:
        if "files" not in section:
            hint = "files is required even where there are only secondary artifacts"
            self.nodes.wrong(node, f"{what}.files is missing", hint if what == "artifacts" else "")
        return Artifact(
            files=self.nodes.texts(section.get("files"), f"{what}.files"),
            base_directory=self.nodes.text(section.get("base-directory"), f"{what}.base-directory"),
            discard_paths=self.nodes.flag(section.get("discard-paths"), f"{what}.discard-paths"),
            exclude_paths=self.nodes.texts(section.get("exclude-paths"), f"{what}.exclude-paths"),
            enable_symlinks=self.nodes.flag(section.get("enable-symlinks"), f"{what}.enable-symlinks"),
            name=self.nodes.text(section.get("name"), f"{what}.name"),
            s3_prefix=self.nodes.text(section.get("s3-prefix"), f"{what}.s3-prefix"),
        )

    def _reports(self, node: yaml.Node | None) -> dict[str, Report]:
        reports: dict[str, Report] = {}
        for _, name, value in self.nodes.entries(node, "reports"):
            what = f"reports.{name}"
            known = ("files", "base-directory", "discard-paths", "file-format")
            section = self.nodes.section(value, what, known)
            if "files" not in section:
                self.nodes.wrong(value, f"{what}.files is missing")
            self.nodes.flag(section.get("discard-paths"), f"{what}.discard-paths")
            reports[name] = Report(
                files=self.nodes.texts(section.get("files"), f"{what}.files"),
                base_directory=self.nodes.text(section.get("base-directory"), f"{what}.base-directory"),
                file_format=self._format(section.get("file-format"), what),
            )
        return reports

    def _format(self, node: yaml.Node | None, what: str) -> str:
        word = self.nodes.text(node, f"{what}.file-format").upper() or "JUNITXML"
        if word not in _FORMATS:
            known = ", ".join(_FORMATS)
            self.nodes.wrong(node, f"{what}.file-format '{word}' is unknown", f"formats: {known}")
        return word


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value of one key of a mapping, before anything about the mapping is known."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)
