"""The key `stages`: where the application is deployed and tested. A stage's keys are modules beside this one."""

from __future__ import annotations

from collections.abc import Iterator

from generator.aws_rules import limits
from generator.errors import Problem
from generator.model.deployment import Deployment, logical_id
from generator.model.pipeline import Pipeline
from generator.model.stage import Stage
from generator.pipeline_file import services
from generator.pipeline_file.entry import Entry, entries
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields, Keys
from generator.pipeline_file.keys import deploy_role
from generator.pipeline_file.keys.stages import _names
from generator.pipeline_file.schema_parts import Schema, mapping

OTHER_SPELLINGS = ("stage", "approvals")
_KEYS: Keys[Entry] = Keys("pipeline_file.keys.stages")
_WORD: Schema = {"$ref": "#/$defs/stage_word"}
_STAGE: Schema = mapping(_KEYS.schema)
_NAMED: Schema = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "propertyNames": _WORD,
    "additionalProperties": {"anyOf": [_STAGE, {"type": "null"}]},
    "x-noun": "stage",
}
SCHEMA: Schema = {
    "type": "array",
    "minItems": 1,
    # Less Source, Build and DeployTests, and one to spare.
    "maxItems": limits.STAGES[-1] - 4,
    "items": {"anyOf": [_WORD, _NAMED]},
    "description": "Where the application is deployed and tested, in order. "
    "Left out: beta, gamma and prod, with an approval in prod.",
}


def read(_settings: object, file: File) -> Fields:
    """The stages, in the file's order."""
    return {"stages": stages(file)}


def stages(file: File) -> tuple[Stage, ...]:
    """The stages of a file."""
    return tuple(map(_stage, entries(file)))


def problems(_settings: object, file: File) -> Iterator[Problem]:
    """Names that would collide on AWS, and what refuses a single stage."""
    written = entries(file)
    yield from _names.problems(file, written, stages(file))
    for entry in written:
        yield from _KEYS.problems(entry.settings, entry)


def missing(_settings: object, file: File) -> Iterator[Problem]:
    """What the repository lacks for the stages."""
    for entry in entries(file):
        yield from _KEYS.missing(entry.settings, entry)


def remarks(_settings: object, file: File, pipeline: Pipeline) -> Iterator[Problem]:
    """What somebody should know of the stages."""
    for entry in entries(file):
        yield from _KEYS.remarks(entry.settings, entry, pipeline)


def _stage(entry: Entry) -> Stage:
    name = entry.word[0].upper() + entry.word[1:]
    fields = _KEYS.read(entry.settings, entry)
    place, parameters = fields.pop("deployment"), fields.pop("parameters")
    only = Deployment(
        logical_id(entry.word), existing_role=deploy_role.existing(entry.file), parameters=parameters, **place
    )
    deployments = () if entry.by_commands else services.deployments(entry) or (only,)
    if environment := fields["environment"]:
        deployments = tuple(map(environment.deployed, deployments))
    return Stage(word=entry.word, name=name, deployments=deployments, **fields)
