"""The pieces that the schema of the pipeline file is made of."""

from __future__ import annotations

from typing import Any

from generator.aws_rules import limits

Schema = dict[str, Any]

_DURATION = r"^[1-9][0-9]{0,4} (minute|hour|day)s?$"


def mapping(properties: Schema, *, required: list[str] | None = None, least: int = 0) -> Schema:
    """A mapping of these keys and no others, with at least so many of them."""
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    if required:
        schema["required"] = required
    return {**schema, "minProperties": least} if least else schema


def duration(description: str, default: str) -> Schema:
    """A duration in words; `compiler.durations` reads it."""
    return {
        "type": "string",
        "pattern": _DURATION,
        "default": default,
        "x-what": f"a duration such as {default}",
        "description": description,
    }


KMS_KEY: Schema = {
    "type": "string",
    "pattern": r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$",
    "x-what": "the ARN of a KMS key",
}
# No count on a class of so many characters: the validator would unroll it, and each command waits for that.
MANAGED_POLICY: Schema = {
    "type": "string",
    "pattern": r"^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@/_-]+$",
    "maxLength": limits.ARN_LENGTH,
    "x-what": "the ARN of a managed policy",
}
# https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
ENVIRONMENT_NAME: Schema = {
    "pattern": "^(?!(CODEBUILD|AWS|codebuild|aws)_)[A-Za-z_][A-Za-z0-9_]{0,127}$",
    "x-what": "a variable's name (letters, digits and _; CODEBUILD_... and AWS_... belong to AWS)",
}
