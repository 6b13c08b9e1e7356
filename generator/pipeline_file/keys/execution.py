"""The key `execution`: what happens when a commit comes while another is on its way."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "enum": ["superseded", "queued", "parallel"],
    "default": "superseded",
    "description": "What happens when a commit comes while another is on its way: superseded lets the newer one "
    "overtake a waiting one, queued takes one after the other; parallel needs stages that share no stack.",
}


def read(settings: str, _file: File) -> Fields:
    """CodePipeline's word for it."""
    return {"execution": settings.upper()}


def problems(settings: str, file: File) -> Iterator[Problem]:
    """Executions that would disturb each other: CloudFormation changes a stack for one of them at a time."""
    if settings == "parallel":
        message = "parallel executions would change the same stacks at the same time"
        hint = "use superseded, or queued to deliver every commit"
        yield file.document.problem(("execution",), message, hint)
