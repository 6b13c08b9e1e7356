"""What Lambda compute cannot build, as the repository shows it.

https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.compiler.machine import LAMBDA_RUNTIMES
from generator.document import PIPELINE_FILE, Document, Path, attempt_text
from generator.errors import Problem
from generator.repository.files import Repository

_INSTEAD = "take another compute: build: {compute: small}"


def languages(document: Document, versions: Mapping[str, str]) -> Iterator[Problem]:
    """Languages and versions for which AWS has no image of Lambda compute: each image has one runtime."""
    found = {name: version for name, version in versions.items() if name in LAMBDA_RUNTIMES}
    path = ("build", "compute")
    if len(found) > 1:
        message = f"an image of Lambda compute has one language, and this build needs {' and '.join(sorted(found))}"
        yield document.problem(path, message, f"{_INSTEAD}; or name the one: runtime: {{python: ...}}", at="key")
    for name, version in found.items():
        if version not in LAMBDA_RUNTIMES[name]:
            message = f"Lambda compute has no image for {name} {version}"
            yield document.problem(path, message, f"it has {', '.join(LAMBDA_RUNTIMES[name])}; or {_INSTEAD}", at="key")


def buildspec(name: str, repository: Repository) -> Iterator[Problem]:
    """What an own buildspec asks for and Lambda compute does not have."""
    written = attempt_text(repository.text(name), name, PIPELINE_FILE).document
    for path, key, value in _keys(written.data, ()):
        if key == "run-as":
            message = f"Lambda compute runs as no other user: run-as {value}"
            yield written.problem(path, message, f"leave it out, or {_INSTEAD}", at="key")
        elif key == "on-failure":
            yield written.problem(path, "Lambda compute knows no on-failure", f"leave it out, or {_INSTEAD}", at="key")


def _keys(data: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    """The keys of a buildspec and of its phases."""
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        yield (*path, key), key, value
        if not path and key == "phases" and isinstance(value, dict):
            for phase, inner in value.items():
                yield from _keys(inner, ("phases", phase))
