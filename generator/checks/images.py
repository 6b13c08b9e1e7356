"""Functions that are container images: whether anything makes and pushes what they run.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.application.template import FUNCTIONS, Resource, Template
from generator.errors import Level, Problem
from generator.model.build import Build

# An image in a registry, as Lambda takes it: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html
_IN_REGISTRY = re.compile(r"[^/]+\.dkr\.ecr[.-]")


def check_images(template: Template, build: Build) -> Iterator[Problem]:
    """A function of an image that is in no registry yet, where the build does not or cannot make one."""
    for function in template.resources.values():
        if function.type in FUNCTIONS and function.properties.get("PackageType") == "Image":
            if _is_there_before(_image(function)):
                continue
            message, hint, level = _refusal(function.logical_id, build)
            path = template.place_of(function.logical_id, "PackageType")
            yield template.problem(path, message, hint, level=level)


def _image(function: Resource) -> Any:
    code = function.properties.get("Code")
    return function.properties.get("ImageUri", code.get("ImageUri") if isinstance(code, dict) else None)


def _is_there_before(image: Any) -> bool:
    """Whether an image is there before the build: in a registry, or where a function of CloudFormation says."""
    return isinstance(image, dict) or (isinstance(image, str) and _IN_REGISTRY.match(image) is not None)


def _refusal(name: str, build: Build) -> tuple[str, str, Level]:
    elsewhere = "push the image before and give its address: ImageUri: !Ref <parameter>"
    if build.machine.on_lambda:
        # https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html
        message = f"{name} is a container image, and a build on Lambda compute has no Docker to make one"
        return message, f"build on another compute, or {elsewhere}", "error"
    if build.own:
        message = f"{name} is a container image, which {build.buildspec} has to build, push and name in the template"
        # https://docs.aws.amazon.com/codebuild/latest/userguide/sample-docker.html
        hint = "sam package takes --image-repository; Docker's daemon needs privileged mode, which the project has not"
        return message, hint, "warning"
    message = f"{name} is a container image, which the build does not make: it packages folders"
    hint = f"{elsewhere}; or build it in a buildspec of your own: build: {{buildspec: buildspec.yml}}"
    return message, hint, "error"
