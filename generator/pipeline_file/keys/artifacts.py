"""The key `artifacts`: where artifacts lie, in the pipeline's own bucket or an existing one, and how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.errors import Problem
from generator.model.artifact import PACKAGED_PREFIX
from generator.model.pipeline import Pipeline
from generator.pipeline_file.durations import days, minutes
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.stages import stages
from generator.pipeline_file.schema_parts import KMS_KEY, Schema, duration, mapping

_EXPIRY = "90 days"
SCHEMA: Schema = {
    **mapping(
        {
            "expire": duration("When the pipeline's artifacts are deleted.", _EXPIRY),
            "bucket": {
                "type": "string",
                # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
                "pattern": r"^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
                "x-what": "the name of a bucket",
                "description": "An existing bucket in the pipeline's region instead of one of its own.",
                "examples": ["acme-artifacts"],
            },
            "key": {
                **KMS_KEY,
                "description": "An existing key that encrypts artifacts; logs and topics keep AWS's.",
            },
        }
    ),
    "description": "What actions hand to each other. Packaged code never expires: a rollback reads it again.",
}
# CodePipeline's own when the file says nothing, and how long artifacts outlive the longest approval.
_APPROVAL_DAYS = 7
_DAYS_AFTER_APPROVAL = 30


def read(settings: Mapping[str, str], _file: File) -> Fields:
    """Bucket and key (empty: the pipeline's own), and the days."""
    return {
        "bucket": settings.get("bucket", ""),
        "key": settings.get("key", ""),
        "artifact_expiry_days": days(settings.get("expire", _EXPIRY)),
    }


def problems(settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    """What does not go together, and artifacts that would be gone too early."""
    if "bucket" in settings and "expire" in settings:
        message = "what expires in an existing bucket, its own lifecycle rules say"
        yield file.document.problem(("artifacts", "expire"), message, "leave it out", at="key")
    if "key" in settings and file.data.get("encryption") == "s3":
        message = "a key of your own is KMS encryption"
        yield file.document.problem(("encryption",), message, "leave encryption out")
    yield from _early_expiry(settings, file)


def remarks(settings: Mapping[str, str], file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """What the owner of an existing bucket or key must see to, since the pipeline no longer does."""
    if "bucket" in settings:
        message = "an existing bucket: TLS only, no public access, versioning and encryption are its owner's to keep"
        hint = f"let no lifecycle rule expire {PACKAGED_PREFIX}/: a rollback reads packaged code again"
        yield file.document.problem(("artifacts", "bucket"), message, hint, level="info")
    if "key" in settings:
        message = "an existing key: its policy must let this account's roles use it, and nobody here can see that"
        hint = "the statement for the account's root is enough; keep the key as long as any stack is deployed"
        yield file.document.problem(("artifacts", "key"), message, hint, level="info")


def _early_expiry(settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    waits = [stage.approval.timeout_minutes for stage in stages(file) if stage.approval]
    longest = max((wait or minutes(f"{_APPROVAL_DAYS} days") for wait in waits), default=0)
    least = -(-longest // minutes("1 day")) + _DAYS_AFTER_APPROVAL
    if (days(settings.get("expire", _EXPIRY)) or 0) < least:
        message = "artifacts would be gone while an approval may still wait, or soon after"
        hint = f"whole days, at least {least}: expire: {least} days"
        yield file.document.problem(("artifacts", "expire"), message, hint)
