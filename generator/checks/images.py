"""Functions that are container images: whether anything makes and pushes what they run.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.images import Image, images
from generator.application.template import Template
from generator.errors import Level, Problem
from generator.model.build import Build
from generator.repository.files import Repository


def check_images(template: Template, build: Build, repository: Repository) -> Iterator[Problem]:
    """A function of an image that is in no registry yet, where the build does not or cannot make one."""
    for image in images(template):
        path = template.place_of(image.function, "PackageType")
        if not (build.images and image.dockerfile):
            message, hint, level = _refusal(image, build)
            yield template.problem(path, message, hint, level=level)
        elif not repository.has(image.dockerfile):
            message = f"there is no {image.dockerfile}, which the image of {image.function} is made by"
            hint = "DockerContext is a folder as seen from the template, Dockerfile a file in it"
            yield template.problem(path, message, hint)


def _refusal(image: Image, build: Build) -> tuple[str, str, Level]:
    name = image.function
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
    if image.dockerfile:
        message = f"{name} is a container image, made neither for other accounts nor by chalice or commands"
        return message, elsewhere, "error"
    message = f"{name} is a container image, and nothing says how to make it"
    hint = f"Metadata: {{DockerContext: <folder>, Dockerfile: Dockerfile}} has the build make it; or {elsewhere}"
    return message, hint, "error"
