"""The key `build.compute`: what builds and tests of commands run on."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from generator.application.code_folders import folder_of
from generator.application.template import Resource, Template
from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema, mapping

LARGEST = "2xlarge"
_TYPES: Mapping[str, str] = {
    "small": "BUILD_GENERAL1_SMALL",
    "medium": "BUILD_GENERAL1_MEDIUM",
    "large": "BUILD_GENERAL1_LARGE",
    "xlarge": "BUILD_GENERAL1_XLARGE",
    LARGEST: "BUILD_GENERAL1_2XLARGE",
}
_PACKAGES = ("requirements.txt", "uv.lock", "poetry.lock", "Pipfile.lock")
_LAMBDA = "lambda"
_LAMBDA_MEMORY = "2GB"
_WORDS = [*_TYPES, _LAMBDA]
SCHEMA: Schema = {
    "anyOf": [
        {"enum": _WORDS},
        mapping(
            {
                "type": {
                    "enum": _WORDS,
                    "default": "small",
                    "description": "CodeBuild's general1 type, or Lambda compute.",
                },
                "architecture": {
                    "enum": ["x86_64", "arm64"],
                    "default": "x86_64",
                    "description": "The processor: compiled packages fit functions of the same architecture.",
                },
                "memory": {
                    "enum": ["1GB", "2GB", "4GB", "8GB", "10GB"],
                    "default": _LAMBDA_MEMORY,
                    "description": "Memory of Lambda compute; the other types have their own.",
                },
            },
            least=1,
        ),
    ],
    "default": "small",
    "description": "What builds and tests of commands run on.",
}
ANOTHER = "take another compute: build: {compute: small}"
"""What to try where Lambda compute cannot do it."""


def read(settings: str | Mapping[str, str], _file: File) -> Fields:
    """Environment type and compute type in CodeBuild's words."""
    full = _full(settings)
    on_lambda = full["type"] == _LAMBDA
    processor = "ARM" if full["architecture"] == "arm64" else "LINUX"
    return {
        "environment_type": f"{processor}{'_LAMBDA' if on_lambda else ''}_CONTAINER",
        "compute_type": f"BUILD_LAMBDA_{full['memory']}" if on_lambda else _TYPES[full["type"]],
    }


def problems(settings: str | Mapping[str, str], file: File) -> Iterator[Problem]:
    """A memory that cannot be chosen."""
    if not isinstance(settings, str) and "memory" in settings and not is_on_lambda(file):
        message, hint = "only Lambda compute has a memory to choose", "leave it out, or: type: lambda"
        yield file.document.problem(("build", "compute", "memory"), message, hint)


def compute(file: File) -> Mapping[str, str]:
    """Type, architecture and memory as the file says them, or by default."""
    return _full(file.settings("build").get("compute", {}))


def is_on_lambda(file: File) -> bool:
    """Whether the file asks for Lambda compute."""
    return compute(file)["type"] == _LAMBDA


def is_arm(file: File) -> bool:
    """Whether the file asks for arm64."""
    return compute(file)["architecture"] == "arm64"


def _full(settings: str | Mapping[str, str]) -> Mapping[str, str]:
    written = {"type": settings} if isinstance(settings, str) else settings
    return {"type": "small", "architecture": "x86_64", "memory": _LAMBDA_MEMORY, **written}


def remarks(_settings: str | Mapping[str, str], file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """Functions with packages that run on another processor than the build, to which compiled packages are fit.

    https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-native-libraries
    """
    if "buildspec" not in file.settings("build"):
        for template in (part.app.template for part in file.parts):
            for each in template.family if template else ():
                yield from _on_another(each, file)


def _on_another(template: Template, file: File) -> Iterator[Problem]:
    own = compute(file)["architecture"]
    for resource in template.resources.values():
        architecture = _architecture(resource)
        if architecture not in {own, ""} and _has_packages(template, resource, file):
            message = f"{resource.logical_id} runs on {architecture}, and the build that installs its packages on {own}"
            hint = f"compiled packages would not load: build: {{compute: {{architecture: {architecture}}}}}"
            place = template.place_of(resource.logical_id, "Architectures")
            yield template.problem(place, message, hint, at="key", level="warning")


def _architecture(resource: Resource) -> str:
    """The processor of a function; empty for what is none, or says it in a way that only a launch can tell."""
    stated = resource.properties.get("Architectures") or ["x86_64"]
    first = str(stated[0]) if isinstance(stated, list) else ""
    return first if resource.type.endswith("::Function") and first in {"arm64", "x86_64"} else ""


def _has_packages(template: Template, resource: Resource, file: File) -> bool:
    """Whether a function's folder asks for packages of Python; those of Node.js are rarely compiled."""
    folder = folder_of(template, resource)
    return folder is not None and any(file.repository.has(posixpath.join(folder, name)) for name in _PACKAGES)
