"""The key `encryption`: what encrypts the pipeline's artifacts."""

from __future__ import annotations

from generator.pipeline_file.environments import used
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "enum": ["s3", "kms"],
    "default": "s3",
    "description": "What encrypts artifacts: keys of S3, or a KMS key of the pipeline's own ($1 a month).",
}


def read(settings: str, file: File) -> Fields:
    """S3 or KMS; an existing key is one of KMS, and no key of S3 can be read from another account."""
    is_kms = "key" in file.settings("artifacts") or any(each.is_elsewhere for each in used(file))
    return {"encryption": "kms" if is_kms else settings}
