"""The key `build.cache`: where what was downloaded is kept for the next build."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.build.compute import ANOTHER, LARGEST, compute, is_on_lambda
from generator.pipeline_file.schema_parts import Schema

_PATH = ("build", "cache")
SCHEMA: Schema = {
    "enum": ["none", "s3", "local"],
    "description": "Where what was downloaded is kept for the next build: s3 when left out (Lambda: none), "
    "local on the build's host while that lasts.",
}


def read(settings: str, file: File) -> Fields:
    """The cache."""
    return {"cache": settings or ("none" if is_on_lambda(file) else "s3")}


def problems(settings: str, file: File) -> Iterator[Problem]:
    """A cache that CodeBuild does not keep.

    https://docs.aws.amazon.com/codebuild/latest/userguide/caching-local.html
    """
    if settings and settings != "none" and is_on_lambda(file):
        yield file.document.problem(_PATH, "Lambda compute keeps no cache", f"leave it out, or {ANOTHER}")
    hint = "take s3, which works everywhere"
    if settings == "local" and "vpc" in file.settings("build"):
        yield file.document.problem(_PATH, "CodeBuild keeps no local cache in a VPC", hint)
    if settings == "local" and compute(file)["type"] == LARGEST:
        yield file.document.problem(_PATH, f"CodeBuild keeps no local cache on {LARGEST}", hint)
