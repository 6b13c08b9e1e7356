"""Functions that are container images which a build makes, as SAM writes them: with a Dockerfile in their metadata.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-build.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.application.template import FUNCTIONS, Resource, Template

# An image in a registry, as Lambda takes it: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html
_IN_REGISTRY = re.compile(r"[^/]+\.dkr\.ecr[.-]")


class Image(NamedTuple):
    """A function's image: the function, its Dockerfile as a path in the repository; empty: none says how to make it."""

    function: str
    dockerfile: str


def images(template: Template) -> Iterator[Image]:
    """The images of a template that are in no registry yet."""
    resources = template.document.data.get("Resources") or {}
    for function in template.resources.values():
        is_image = function.type in FUNCTIONS and function.properties.get("PackageType") == "Image"
        if is_image and not _is_there_before(_address(function)):
            written = resources.get(function.logical_id) or {}
            yield Image(function.logical_id, _dockerfile(template.path, written.get("Metadata")))


def makes_images(template: Template) -> bool:
    """Whether a build of a template, and of those nested in it, makes images."""
    return any(image.dockerfile for each in template.family for image in images(each))


def _dockerfile(template: str, metadata: Any) -> str:
    if not isinstance(metadata, Mapping) or not isinstance(metadata.get("Dockerfile"), str):
        return ""
    context = metadata.get("DockerContext")
    beside = context if isinstance(context, str) else ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(template), beside, metadata["Dockerfile"]))


def _address(function: Resource) -> Any:
    code = function.properties.get("Code")
    return function.properties.get("ImageUri", code.get("ImageUri") if isinstance(code, dict) else None)


def _is_there_before(image: Any) -> bool:
    """Whether an image is there before the build: in a registry, or where a function of CloudFormation says."""
    return isinstance(image, dict) or (isinstance(image, str) and _IN_REGISTRY.match(image) is not None)
