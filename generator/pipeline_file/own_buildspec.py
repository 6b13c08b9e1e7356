"""A buildspec of the repository's own: where it puts packaged code, and what the stages need of its artifact."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from generator.document import BUILDSPEC, Document, Path, attempt_text
from generator.errors import Problem
from generator.model.build import OUTPUT_BUCKET, OUTPUT_PREFIX
from generator.pipeline_file.file import File

_PACKAGE = re.compile(r"\b(?:aws\s+cloudformation|sam)\s+package\b")
_ENDS = re.compile(r"&&|\|\||[;\n]")
_OPTION = r"--{}(?:\s+|=)(\"[^\"]*\"|'[^']*'|\S+)"
_HINT = f'--s3-bucket "${OUTPUT_BUCKET}" --s3-prefix "${OUTPUT_PREFIX}"'
_HEXADECIMAL = re.compile(r"[a-f][0-9a-f]*")


class Packaging(NamedTuple):
    """A command that packages a template: where it stands, and its options as written; None where it has none."""

    path: Path
    bucket: str | None
    prefix: str | None


class OwnBuildspec:
    """The buildspec of this name in a file's repository."""

    def __init__(self, name: str, file: File) -> None:
        self._name = name
        self._file = file

    @cached_property
    def text(self) -> str:
        """What stands in it."""
        return self._file.repository.text(self._name)

    @cached_property
    def document(self) -> Document:
        """What stands in it, with places."""
        return attempt_text(self.text, self._name, BUILDSPEC).document

    @cached_property
    def packagings(self) -> tuple[Packaging, ...]:
        """The commands that package. Those of scripts that it runs are not seen."""
        return tuple(
            Packaging(path, _option("s3-bucket", command), _option("s3-prefix", command))
            for path, text in _commands(self.document.data)
            for command in _ENDS.split(text.replace("\\\n", " "))
            if _PACKAGE.search(command)
        )

    @property
    def packages_at_root(self) -> bool:
        """Whether packaged code may lie at the top of the bucket, in no folder."""
        return OUTPUT_PREFIX not in self.text or any(packaging.prefix is None for packaging in self.packagings)

    def problems(self) -> Iterator[Problem]:
        """Each line that keeps the stages from deploying what it packages, and what its artifact lacks."""
        if "arn" not in self._file.settings("deploy_role") and "extra" not in self._file.settings("deploy_role"):
            yield from self._unreadable()
        yield from self._not_in_artifact()

    def _unreadable(self) -> Iterator[Problem]:
        reason = self._no_root()
        for packaging in self.packagings:
            if packaging.bucket is not None and OUTPUT_BUCKET not in packaging.bucket:
                message = f"the deploy roles read packaged code in the pipeline's bucket, not in {packaging.bucket}"
                yield self.document.problem(packaging.path, message, _HINT)
            elif packaging.prefix is None and reason:
                message = f"this packages to the top of the bucket, and {reason}"
                yield self.document.problem(packaging.path, message, f"add --s3-prefix ${OUTPUT_PREFIX}")
            elif packaging.prefix is not None and OUTPUT_PREFIX not in packaging.prefix:
                message = f"the deploy roles read packaged code in ${OUTPUT_PREFIX}, not in {packaging.prefix}"
                yield self.document.problem(packaging.path, message, f"write --s3-prefix ${OUTPUT_PREFIX}")

    def _no_root(self) -> str:
        """Why this pipeline's packaged code has to be in a folder; empty where it need not be."""
        if "bucket" in self._file.settings("artifacts"):
            return f"of an existing bucket the build may use its own folders alone, ${OUTPUT_PREFIX} among them"
        if self._file.settings("trigger").get("pull_requests"):
            return f"builds of pull requests may write to ${OUTPUT_PREFIX} alone"
        if _HEXADECIMAL.fullmatch(self._file.data["service"]):
            return "code whose hexadecimal name begins with the service's name would expire as artifacts do"
        return ""

    def _not_in_artifact(self) -> Iterator[Problem]:
        artifacts = self.document.data.get("artifacts") if isinstance(self.document.data, dict) else None
        listed = artifacts.get("files") if isinstance(artifacts, dict) else None
        patterns = [str(each) for each in (listed if isinstance(listed, list) else [listed] if listed else [])]
        if any("$" in pattern for pattern in patterns):
            return
        framework, has_tests = self._file.framework, bool(self._file.tests.path)
        needed = (*self._file.packaged_apps(), *((framework.PACKAGED_TESTS,) if has_tests else ()))
        lacking = [name for name in needed if not any(_matches(name, pattern) for pattern in patterns)]
        if lacking:
            path: Path = ("artifacts", "files") if listed else ("artifacts",) if artifacts else ()
            message = f"the stages deploy {' and '.join(lacking)}, and the build's artifact lacks it"
            yield self.document.problem(path, message, f"artifacts: {{files: [{', '.join(needed)}]}}", at="key")


def own_buildspec(file: File) -> OwnBuildspec | None:
    """The buildspec that the pipeline file names, where the repository has it."""
    name = file.settings("build").get("buildspec")
    return OwnBuildspec(name, file) if name and file.repository.has(name) else None


def _commands(data: Any) -> Iterator[tuple[Path, str]]:
    phases = data.get("phases") if isinstance(data, dict) else None
    for phase, settings in phases.items() if isinstance(phases, dict) else ():
        for block in ("commands", "finally"):
            commands = settings.get(block) if isinstance(settings, dict) else None
            for number, command in enumerate(commands if isinstance(commands, list) else ()):
                if isinstance(command, str):
                    yield ("phases", phase, block, number), command


def _option(name: str, command: str) -> str | None:
    match = re.search(_OPTION.format(name), command)
    return match[1].strip("\"'") if match else None


def _matches(name: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern.rpartition("/")[2])
