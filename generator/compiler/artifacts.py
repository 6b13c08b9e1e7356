"""Where artifacts lie: the pipeline's own bucket and key, or some that are there already."""

from __future__ import annotations

from collections.abc import Iterator

from generator.compiler.schema_parts import Schema, duration, mapping
from generator.document import Document
from generator.errors import Problem

EXPIRY = "90 days"


def schema() -> Schema:
    """The top-level key `artifacts`."""
    properties = {
        "expire": duration("When the pipeline's artifacts are deleted.", EXPIRY),
        "bucket": {
            "type": "string",
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
            "pattern": r"^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
            "x-what": "the name of a bucket",
            "description": "An existing bucket in the pipeline's region instead of one of its own.",
            "examples": ["acme-artifacts"],
        },
        "key": {
            "type": "string",
            "pattern": r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$",
            "x-what": "the ARN of a KMS key",
            "description": "An existing key that encrypts artifacts; logs and topics keep AWS's.",
        },
    }
    return {
        **mapping(properties),
        "description": "What actions hand to each other. Packaged code never expires: a rollback reads it again.",
    }


def problems(document: Document) -> Iterator[Problem]:
    """What does not go together."""
    written = document.data.get("artifacts", {})
    if "bucket" in written and "expire" in written:
        message = "what expires in an existing bucket, its own lifecycle rules say"
        yield document.problem(("artifacts", "expire"), message, "leave it out", at="key")
    if "key" in written and document.data.get("encryption") == "s3":
        yield document.problem(("encryption",), "a key of your own is KMS encryption", "leave encryption out")
