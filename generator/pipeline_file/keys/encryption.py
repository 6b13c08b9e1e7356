"""The key `encryption`: what encrypts the pipeline's artifacts."""

from __future__ import annotations

from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "enum": ["s3", "kms"],
    "default": "s3",
    "description": "What encrypts artifacts: keys of S3, or a KMS key of the pipeline's own ($1 a month).",
}


def read(settings: str, file: File) -> Fields:
    """S3 or KMS; an existing key is one of KMS."""
    return {"encryption": "kms" if file.settings("artifacts").get("key") else settings}
