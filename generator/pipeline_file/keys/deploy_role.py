"""The key `deploy_role`: which roles deploy the stacks, and what they may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.model.text import Text, literal
from generator.pipeline_file import statements
from generator.pipeline_file.file import File
from generator.pipeline_file.schema_parts import MANAGED_POLICY, Schema, mapping

KEY = "deploy_role"
_WORDS = ["baseline", "exact"]
_ARN: Schema = {
    "type": "string",
    "pattern": r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@/_-]+$",
    "maxLength": limits.ARN_LENGTH,
    "x-what": "the ARN of a role",
    "description": "An existing role that deploys all stacks; nothing is added to what it may do.",
}
_FULL: Schema = mapping(
    {
        "arn": _ARN,
        "permissions": {
            "enum": _WORDS,
            "default": _WORDS[0],
            "description": "baseline: the types that serverless applications use. exact: the types that the "
            "application's own templates have; a new type needs the pipeline launched again.",
        },
        "permissions_boundary": {
            **MANAGED_POLICY,
            "description": "The permissions boundary that every role of the application must carry: without one, a "
            "role that may create roles can create one that may do anything.",
        },
        "scope": {
            "enum": ["stack", "wide"],
            "default": "stack",
            "description": "stack: what the stack's name begins, and the names that the application gives. "
            "wide: any name, also those so long that CloudFormation cuts them.",
        },
        "extra": statements.schema("What the application needs beyond that."),
    },
    least=1,
)
SCHEMA: Schema = {
    "anyOf": [{"enum": _WORDS}, _FULL],
    "default": _WORDS[0],
    "description": "What CloudFormation may do when it deploys, each stack with a role of its own.",
}


def options(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the file says, as a mapping."""
    written = data.get(KEY, {})
    return {"permissions": written} if isinstance(written, str) else written


def existing(file: File) -> Text:
    """The ARN of the existing role that deploys; empty where each stack has a role of its own."""
    return literal(options(file.data).get("arn", ""))


def problems(_settings: str | Mapping[str, Any], file: File) -> Iterator[Problem]:
    """What cannot be together with an existing role."""
    written = options(file.data)
    for key in written if "arn" in written else ():
        if key != "arn":
            message = f"'{key}' says what our own roles may do, and 'arn' that there are none"
            yield file.document.problem((KEY, key), message, "leave one of them out", at="key")
    for part in file.parts if written.get("permissions") == "exact" and file.has_stacks else ():
        if part.framework.BY_STAGE:
            whose = f"service '{part.word}'" if part.word else "the application"
            message = f"exact roles are read from templates, and that of {whose} only the build makes"
            path = (KEY,) if isinstance(file.data[KEY], str) else (KEY, "permissions")
            yield file.document.problem(path, message, "take the baseline, and extra for what it lacks")


def remarks(_settings: str | Mapping[str, Any], file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """An existing role, of which nobody here knows what it may do."""
    if "arn" in options(file.data):
        message = "what this role may do is not known here: neither check nor the build compares the templates with it"
        hint = "penstock permissions lists what they take; what the role lacks fails when it is deployed"
        yield file.document.problem((KEY, "arn"), message, hint, level="info")
