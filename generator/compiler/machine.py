"""What a build runs on: `compute`, `image`, `cache` and `vpc` of the pipeline file, and what does not go together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.compiler.build_schema import COMPUTE, LAMBDA, LAMBDA_MEMORY
from generator.document import Document
from generator.errors import Problem
from generator.model.build import AWS_IMAGE, Machine, Network

_BUILD = ("build",)
_LARGEST = "2xlarge"
# https://docs.aws.amazon.com/codebuild/latest/userguide/ec2-compute-images.html; the other is the framework's own.
_ARM_IMAGE = "aws/codebuild/amazonlinux-aarch64-standard:3.0"
# https://docs.aws.amazon.com/codebuild/latest/userguide/lambda-compute-images.html
LAMBDA_RUNTIMES: Mapping[str, tuple[str, ...]] = {
    "nodejs": ("18", "20", "22", "24"),
    "python": ("3.11", "3.12", "3.13", "3.14"),
}
_ECR = re.compile(r"[0-9]{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/.+")


def machine(settings: Mapping[str, Any], image: str, language: str, version: str) -> Machine:
    """The machine of `build`. `image` is the framework's; `language` and `version` choose one on Lambda compute."""
    compute = _compute(settings)
    arm, on_lambda = compute["architecture"] == "arm64", compute["type"] == LAMBDA
    processor = "aarch64" if arm else "x86_64"
    if on_lambda:
        image = f"aws/codebuild/amazonlinux-{processor}-lambda-standard:{language}{version}"
    elif arm:
        image = _ARM_IMAGE
    return Machine(
        environment_type=f"{'ARM' if arm else 'LINUX'}{'_LAMBDA' if on_lambda else ''}_CONTAINER",
        compute_type=f"BUILD_LAMBDA_{compute['memory']}" if on_lambda else COMPUTE[compute["type"]],
        image=settings.get("image", image),
        cache=settings.get("cache", "none" if on_lambda else "s3"),
        network=_network(settings.get("vpc")),
    )


def on_lambda(settings: Mapping[str, Any]) -> bool:
    """Whether the file asks for Lambda compute."""
    return bool(_compute(settings)["type"] == LAMBDA)


def problems(document: Document) -> Iterator[Problem]:
    """What CodeBuild would refuse, or carry out otherwise than it reads."""
    settings: Mapping[str, Any] = document.data.get("build", {})
    if on_lambda(settings):
        yield from _on_lambda(document, settings)
    elif "memory" in (compute := settings.get("compute", {})) and isinstance(compute, dict):
        hint = "leave it out, or: type: lambda"
        yield document.problem((*_BUILD, "compute", "memory"), "only Lambda compute has a memory to choose", hint)
    if settings.get("cache") == "local":
        yield from _local_cache(document, settings)
    if "image" in settings:
        yield from _image(document, settings)


def _compute(settings: Mapping[str, Any]) -> Mapping[str, str]:
    written = settings.get("compute", {})
    given = {"type": written} if isinstance(written, str) else written
    return {"type": "small", "architecture": "x86_64", "memory": LAMBDA_MEMORY, **given}


def _network(settings: Mapping[str, Any] | None) -> Network | None:
    if settings is None:
        return None
    return Network(settings["id"], tuple(settings["subnets"]), tuple(settings["security_groups"]))


def _on_lambda(document: Document, settings: Mapping[str, Any]) -> Iterator[Problem]:
    # https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html
    hint = "leave it out, or take another compute: build: {compute: small}"
    if "vpc" in settings:
        yield document.problem((*_BUILD, "vpc"), "Lambda compute runs in no VPC", hint, at="key")
    if settings.get("cache", "none") != "none":
        yield document.problem((*_BUILD, "cache"), "Lambda compute keeps no cache", hint)
    image = settings.get("image", "")
    if image and not _ECR.fullmatch(image) and "-lambda-standard:" not in image:
        message = "Lambda compute runs AWS's lambda-standard images and those of ECR"
        yield document.problem((*_BUILD, "image"), message, hint)


def _local_cache(document: Document, settings: Mapping[str, Any]) -> Iterator[Problem]:
    # https://docs.aws.amazon.com/codebuild/latest/userguide/caching-local.html
    path, hint = (*_BUILD, "cache"), "take s3, which works everywhere"
    if "vpc" in settings:
        yield document.problem(path, "CodeBuild keeps no local cache in a VPC", hint)
    if _compute(settings)["type"] == _LARGEST:
        yield document.problem(path, f"CodeBuild keeps no local cache on {_LARGEST}", hint)


def _image(document: Document, settings: Mapping[str, Any]) -> Iterator[Problem]:
    image, path = settings["image"], (*_BUILD, "image")
    if not image.startswith(AWS_IMAGE):
        if "runtime" in settings:
            message = "an image of your own brings its languages with it: there are no versions to choose"
            yield document.problem((*_BUILD, "runtime"), message, "leave runtime or image out", at="key")
        return
    if "windows" in image:
        yield document.problem(path, "the pipeline's builds run on Linux", "take an amazonlinux image")
    if "-lambda-standard:" in image and not on_lambda(settings):
        yield document.problem(path, "this image is for Lambda compute", "compute: lambda")
    arm = _compute(settings)["architecture"] == "arm64"
    if arm != ("aarch64" in image):
        wanted = "aarch64" if arm else "x86_64"
        message = f"this image is not for {wanted}, which compute says"
        yield document.problem(path, message, "compute: {architecture: ...} and image go together")
