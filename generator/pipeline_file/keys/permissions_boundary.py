"""The key `permissions_boundary`: the managed policy that bounds every role of the pipeline's own."""

from __future__ import annotations

from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import MANAGED_POLICY, Schema

SCHEMA: Schema = {
    **MANAGED_POLICY,
    "description": "A managed policy that bounds every role of the pipeline's own, where an account asks for one.",
    "examples": ["arn:aws:iam::111122223333:policy/delivery-boundary"],
}


def read(settings: str, _file: File) -> Fields:
    """The policy's ARN; empty if there is none."""
    return {"permissions_boundary": settings or ""}
