"""The key `build`: how a commit is built, once. Its keys are modules beside this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.errors import Problem
from generator.model.build import Build, Machine
from generator.model.pipeline import Pipeline
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields, Keys
from generator.pipeline_file.keys.build import compute, image, runtime
from generator.pipeline_file.schema_parts import Schema, mapping

_KEYS: Keys[File] = Keys("pipeline_file.keys.build")
SCHEMA: Schema = {**mapping(_KEYS.schema), "description": "How a commit is built, once."}


def read(settings: Mapping[str, Any], file: File) -> Fields:
    """The build: the repository's own buildspec, or the framework's for these languages and this machine."""
    fields = _KEYS.read(settings, file)
    machine = Machine(**{name: fields.pop(name) for name in Machine._fields if name in fields})
    # The buildspec of several services follows from more than is read here.
    if not fields["own"] and not file.has_services:
        languages = runtime.languages(file)
        fields["buildspec"] = file.framework.buildspec(languages.first, runtime.chosen(file), machine)
    return {"build": Build(machine=machine, **fields)}


def versions(file: File) -> Mapping[str, str]:
    """The languages' versions to choose of those that the build's image has; none where it has but one."""
    own_image = file.settings("build").get("image", "")
    machine = Machine(**compute.read(compute.compute(file), file), **image.read(own_image, file))
    return runtime.chosen(file) if machine.chooses_runtimes else {}


def problems(settings: Mapping[str, Any], file: File) -> Iterator[Problem]:
    """What CodeBuild would refuse, or carry out otherwise than it reads."""
    return _KEYS.problems(settings, file)


def missing(settings: Mapping[str, Any], file: File) -> Iterator[Problem]:
    """What the repository lacks for this build, or has and the build does not use."""
    return _KEYS.missing(settings, file)


def remarks(settings: Mapping[str, Any], file: File, pipeline: Pipeline) -> Iterator[Problem]:
    """What somebody should know of this build."""
    return _KEYS.remarks(settings, file, pipeline)
