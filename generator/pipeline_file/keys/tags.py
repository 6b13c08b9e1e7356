"""The key `tags`: tags of everything in the pipeline's stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.aws_rules import limits
from generator.errors import Problem
from generator.model.iam import DEPLOY_ROLE_TAGS
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "type": "object",
    "maxProperties": limits.TAGS,
    "propertyNames": {
        "pattern": r"^(?![aA][wW][sS]:)[A-Za-z0-9 _.:/=+@-]{1,127}$",
        "x-what": "a tag key (at most 127 letters, digits, spaces and _.:/=+-@; not beginning with aws:)",
    },
    "additionalProperties": {
        "type": "string",
        "pattern": r"^[A-Za-z0-9 _.:/=+@-]{0,255}$",
        "x-what": "a tag value (at most 255 letters, digits, spaces and _.:/=+-@)",
    },
    "description": "Tags of everything in the pipeline's stack.",
    "examples": [{"team": "payments"}],
}


def read(settings: Mapping[str, str], _file: File) -> Fields:
    """The tags."""
    return {"tags": settings}


def problems(settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    """Tags that the deploy roles carry already. IAM's tag keys are case-insensitive.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
    """
    for name in settings:
        if name.lower() in DEPLOY_ROLE_TAGS:
            message = f"the tag '{name}' says what a deploy role may touch"
            hint = f"choose another key than {' and '.join(DEPLOY_ROLE_TAGS)}"
            yield file.document.problem(("tags", name), message, hint, at="key")
