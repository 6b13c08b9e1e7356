"""A stage as the checks see it: its place in the pipeline file, and its known parameter values."""

from __future__ import annotations

from generator.application.template import Template, is_written
from generator.document import Document, Path
from generator.model.pipeline import Pipeline
from generator.model.stage import Stage
from generator.model.tests import Tests
from generator.model.text import resolved

# The same in every stage of one account and region; they stand for themselves.
_SHARED = {name: f"${{{name}}}" for name in ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")}


def stage_path(file: Document, index: int, *keys: str) -> Path:
    """The path of the pipeline's stage number `index` (from 0), and of a key inside it where it has any."""
    entry: Path = ("stages", index)
    stages = file.data.get("stages") if isinstance(file.data, dict) else None
    stated = stages[index] if isinstance(stages, list) and index < len(stages) else None
    if isinstance(stated, dict) and stated:
        entry = (*entry, next(iter(stated)), *keys)
    return entry


def parameter_path(pipeline: Pipeline, file: Document, index: int, name: str) -> Path:
    """The path of a parameter that the only service, or the one at hand, is given in stage number `index`."""
    service, stage = pipeline.app.service, pipeline.stages[index]
    in_environment: Path = ("environments", stage.environment.word, "parameters", name) if stage.environment else ()
    if not service:
        path = stage_path(file, index, "parameters", name)
        is_own = path[-1] == name and is_written(file.data, path)
        return in_environment if in_environment and not is_own else path
    own: Path = ("services", service)
    in_stage: Path = (*own, "stages", pipeline.stages[index].word, "parameters", name)
    in_all: Path = (*own, "parameters", name)
    paths = (in_stage, in_all, in_environment)
    return next((path for path in paths if path and is_written(file.data, path)), own)


def stage_values(stage: Stage, template: Template, pipeline: Pipeline) -> dict[str, str]:
    """The text of every parameter and pseudo parameter that is known in a stage's stack."""
    values = {name: resolved(text, pipeline.service) for name, text in stage.parameters.items()}
    return (
        _SHARED | template.defaults() | {"AWS::StackName": resolved(stage.deployment.stack, pipeline.service)} | values
    )


def tests_values(tests: Tests, template: Template, service: str) -> dict[str, str]:
    """The text of every parameter and pseudo parameter that is known in the tests stack, which is given none."""
    return _SHARED | template.defaults() | {"AWS::StackName": resolved(tests.deployment.stack, service)}
