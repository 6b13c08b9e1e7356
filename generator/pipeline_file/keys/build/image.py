"""The key `build.image`: the container image of the build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.errors import Problem
from generator.model.build import AWS_IMAGE
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.build.compute import ANOTHER, is_arm, is_on_lambda
from generator.pipeline_file.keys.build.runtime import languages
from generator.pipeline_file.schema_parts import Schema

_PATH = ("build", "image")
SCHEMA: Schema = {
    "type": "string",
    "pattern": r"^[a-z0-9][A-Za-z0-9._:/@-]{1,254}$",
    "x-what": "the name of a container image",
    "description": "The image instead of AWS's newest: another of aws/codebuild, one in ECR, or a public one. "
    "One of your own needs the languages, pip or npm, bash and the aws CLI.",
    "examples": ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/build:1"],
}
# https://docs.aws.amazon.com/codebuild/latest/userguide/ec2-compute-images.html; the other is the framework's own.
_ARM_IMAGE = "aws/codebuild/amazonlinux-aarch64-standard:3.0"
_OF_LAMBDA = "-lambda-standard:"
# https://docs.aws.amazon.com/codebuild/latest/userguide/lambda-compute-images.html
_LAMBDA_RUNTIMES: Mapping[str, tuple[str, ...]] = {
    "nodejs": ("18", "20", "22", "24"),
    "python": ("3.11", "3.12", "3.13", "3.14"),
}
_ECR = re.compile(r"[0-9]{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/.+")


def read(settings: str, file: File) -> Fields:
    """The image: the file's, else AWS's newest for the compute."""
    return {"image": settings or _newest(file)}


def problems(settings: str, file: File) -> Iterator[Problem]:
    """An image that does not run on the compute."""
    if settings and is_on_lambda(file) and not _ECR.fullmatch(settings) and _OF_LAMBDA not in settings:
        message = "Lambda compute runs AWS's lambda-standard images and those of ECR"
        yield file.document.problem(_PATH, message, f"leave it out, or {ANOTHER}")
    if not settings or not settings.startswith(AWS_IMAGE):
        return
    if "windows" in settings:
        yield file.document.problem(_PATH, "the pipeline's builds run on Linux", "take an amazonlinux image")
    if _OF_LAMBDA in settings and not is_on_lambda(file):
        yield file.document.problem(_PATH, "this image is for Lambda compute", "compute: lambda")
    if is_arm(file) != ("aarch64" in settings):
        processor = "aarch64" if is_arm(file) else "x86_64"
        message = f"this image is not for {processor}, which compute says"
        yield file.document.problem(_PATH, message, "compute: {architecture: ...} and image go together")


def missing(settings: str, file: File) -> Iterator[Problem]:
    """Languages and versions for which AWS has no image of Lambda compute: each image has one runtime.

    https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html
    """
    if settings or not is_on_lambda(file):
        return
    written: Mapping[str, str] = file.settings("build").get("runtime") or languages(file).versions
    versions = {name: version for name, version in written.items() if name in _LAMBDA_RUNTIMES}
    path = ("build", "compute")
    if len(versions) > 1:
        needed = " and ".join(sorted(versions))
        message = f"an image of Lambda compute has one language, and this build needs {needed}"
        hint = f"{ANOTHER}; or name the one: runtime: {{python: ...}}"
        yield file.document.problem(path, message, hint, at="key")
    for name, version in versions.items():
        if version not in _LAMBDA_RUNTIMES[name]:
            message = f"Lambda compute has no image for {name} {version}"
            hint = f"it has {', '.join(_LAMBDA_RUNTIMES[name])}; or {ANOTHER}"
            yield file.document.problem(path, message, hint, at="key")


def _newest(file: File) -> str:
    spoken = languages(file)
    if is_on_lambda(file):
        version = spoken.version or file.framework.RUNTIMES[spoken.first][-1]
        processor = "aarch64" if is_arm(file) else "x86_64"
        return f"{AWS_IMAGE}amazonlinux-{processor}{_OF_LAMBDA}{spoken.first}{version}"
    return _ARM_IMAGE if is_arm(file) else file.framework.IMAGE
