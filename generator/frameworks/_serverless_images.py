"""Container images that a serverless.yml has a folder of: which ones the build makes, and what is wrong with them.

https://www.serverless.com/framework/docs/providers/aws/guide/functions
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from generator.document import Document
from generator.errors import Problem
from generator.frameworks._serverless_file import ServerlessFile

_AT = ("provider", "ecr", "images")
# Those of osls and of the versions 3 and 4; cacheFrom speeds up nothing where each image is made once.
_SETTINGS = {"path", "file", "buildArgs", "buildOptions", "platform", "provenance", "cacheFrom"}


def of_folders(file: ServerlessFile) -> Mapping[str, Mapping[str, Any]]:
    """The images to make by their names."""
    images = file.at(*_AT)
    written = images.items() if isinstance(images, dict) else ()
    return {str(name): image for name, image in written if isinstance(image, dict) and "path" in image}


def problems(pipeline_file: Document, file: ServerlessFile) -> Iterator[Problem]:
    """Images that this pipeline's build cannot make, and those that lie where only the tool looks."""
    if file.document is None:
        return
    if included := _included(file):
        message, hint = f"{included} names folders of images in another file", "write them in serverless.yml itself"
        yield file.document.problem(_AT, message, hint)
    for name, image in of_folders(file).items():
        for message, hint in _refusals(pipeline_file.data, file, name, image):
            yield file.document.problem((*_AT, name, "path"), message, hint, at="key")


def _refusals(
    data: Mapping[str, Any], file: ServerlessFile, name: str, image: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    elsewhere = "push it in another build, and name it by its digest: uri: <repository>@sha256:..."
    if reason := _not_made(data):
        yield f"the image {name} is not made: {reason}", elsewhere
    if others := sorted(set(image) - _SETTINGS):
        yield f"the image {name} has settings that the build does not carry out: {', '.join(others)}", elsewhere
    if "${" in str(image):
        yield f"the image {name} is made once for all stages, before variables are resolved", "write the values"
    elif not file.repository.has(path := _dockerfile(file, image)):
        yield f"there is no {path}, which the image {name} is made by", "path is a folder, file a Dockerfile in it"


def _not_made(data: Mapping[str, Any]) -> str:
    build = data.get("build", {})
    compute = build.get("compute", "")
    if "environments" in data:
        return "stages in other accounts cannot pull it"
    if "buildspec" in build:
        return "a buildspec of your own builds without Docker"
    on_lambda = "lambda" in (compute, compute.get("type") if isinstance(compute, dict) else "")
    return "a build on Lambda compute has no Docker" if on_lambda else ""


def _dockerfile(file: ServerlessFile, image: Mapping[str, Any]) -> str:
    at = (posixpath.dirname(file.path), str(image["path"]), str(image.get("file", "Dockerfile")))
    return posixpath.normpath(posixpath.join(*at))


def _included(file: ServerlessFile) -> str:
    """The variable behind which folders of images stand; empty where there is none."""
    for depth in range(1, len(_AT) + 1):
        value = file.at(*_AT[:depth])
        included = file.included(value) if isinstance(value, str) else None
        if included:
            other, keys = included
            inner: Any = other.at(*keys, *_AT[depth:])
            folders = inner.values() if isinstance(inner, dict) else ()
            return value if any(isinstance(image, dict) and "path" in image for image in folders) else ""
    return ""
