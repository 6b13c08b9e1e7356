"""The JSON Schema of the pipeline file, composed from the kinds.

Words beginning with `x-` are notes for our own messages, which editors ignore: `x-noun` what the keys of a mapping are
called, `x-later` keys that are known and not carried out yet, `x-moved` common other spellings, `x-what` a pattern in
words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.compiler import (
    artifacts,
    build_schema,
    deploy_roles,
    kinds,
    stage_schema,
    tests_schema,
    triggers,
    variables,
)
from generator.compiler.schema_parts import Schema, duration, mapping
from generator.model.pipeline import SERVICE_LENGTH, SERVICE_PATTERN
from generator.model.stage import STAGE_LENGTH

_RELATIVE_PATH = r"^(?!/)(?!.*(^|/)\.\.(/|$))[A-Za-z0-9_./ @+-]+$"


def pipeline_file() -> Schema:
    """The whole schema, ready for an editor and for `spec.load`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Penstock pipeline file",
        "description": "The delivery pipeline of a serverless application: source, build, tests, stages.",
        **mapping(_properties(), required=["service", "source"]),
        "x-later": ["environments", "previews", "services"],
        "x-moved": {"name": "service", "stage": "stages", "approvals": "stages", "application": "app", "test": "tests"},
        "$defs": _definitions(),
    }


def _properties() -> Schema:
    return {
        "service": _service(),
        "source": _one_kind("source", {word: kind.SCHEMA for word, kind in kinds.sources().items()}),
        "trigger": triggers.schema(),
        "execution": _execution(),
        "build": build_schema.build(),
        "app": _app(),
        "tests": tests_schema.tests(),
        "deploy_role": deploy_roles.schema(),
        "stages": stage_schema.stages(),
        "notifications": {
            **mapping({word: kind.SCHEMA for word, kind in kinds.notifications().items()}, least=1),
            "description": "Who is told of a failed execution and of a waiting approval.",
            "x-noun": "notification",
        },
        "encryption": {
            "enum": ["s3", "kms"],
            "default": "s3",
            "description": "What encrypts artifacts: keys of S3, or a KMS key of the pipeline's own ($1 a month).",
        },
        "variables": variables.schema(),
        "permissions_boundary": _permissions_boundary(),
        "tags": _tags(),
        "logs": {
            **mapping({"retention": duration("How long logs are kept.", "30 days")}),
            "description": "The log groups of build and functions.",
        },
        "artifacts": artifacts.schema(),
    }


def _service() -> Schema:
    return {
        "type": "string",
        "description": "The service's name; stacks, functions and roles are named after it.",
        "pattern": f"^{SERVICE_PATTERN}$",
        "maxLength": SERVICE_LENGTH,
        "x-what": "a service name (lower-case letters, digits and '-', beginning with a letter)",
        "examples": ["time-service"],
    }


def _execution() -> Schema:
    return {
        "enum": ["superseded", "queued", "parallel"],
        "default": "superseded",
        "description": "What happens when a commit comes while another is on its way: superseded lets the newer one "
        "overtake a waiting one, queued takes one after the other; parallel needs stages that share no stack.",
    }


def _app() -> Schema:
    properties = {
        "template": {"$ref": "#/$defs/path", "description": "The application's SAM or CloudFormation template."},
        "url": {
            "type": "string",
            "pattern": "^(none|[A-Za-z0-9]{1,255})$",
            "default": "ApiUrl",
            "x-what": "the name of an output, or none",
            "description": "The output that is the application's URL; none for an application without one.",
        },
    }
    return {**mapping(properties), "description": "The application."}


def _tags() -> Schema:
    return {
        "type": "object",
        "maxProperties": 50,
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


def _permissions_boundary() -> Schema:
    return {
        "type": "string",
        "pattern": r"^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@/_-]{1,512}$",
        "x-what": "the ARN of a managed policy",
        "description": "A managed policy that bounds every role of the pipeline's own, where an account asks for one.",
        "examples": ["arn:aws:iam::111122223333:policy/delivery-boundary"],
    }


def _definitions() -> Schema:
    return {
        "branch": {
            "type": "string",
            "default": "main",
            # https://git-scm.com/docs/git-check-ref-format
            "pattern": r"^(?![-/.])(?!.*(\.\.|//|@\{|\.lock$|[/.]$))[A-Za-z0-9._/@+#=-]{1,255}$",
            "x-what": "a branch name",
            "description": "The branch that is delivered.",
        },
        "path": {
            "type": "string",
            "pattern": _RELATIVE_PATH,
            "maxLength": 255,
            "x-what": "a path inside the repository",
        },
        "address": {
            "type": "string",
            "pattern": r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
            "maxLength": 254,
            "x-what": "an e-mail address",
        },
        "topic": {
            "type": "string",
            "pattern": r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
            "x-what": "the ARN of an SNS topic",
        },
        "stage_word": {
            "type": "string",
            "pattern": "^[a-z]([a-z0-9-]*[a-z0-9])?$",
            "maxLength": STAGE_LENGTH,
            "x-what": "a stage name (lower-case letters, digits and '-', beginning with a letter)",
        },
    }


def _one_kind(noun: str, schemas: Mapping[str, Any]) -> Schema:
    return {
        **mapping(dict(schemas), least=1),
        "maxProperties": 1,
        "description": f"Exactly one {noun}.",
        "x-noun": noun,
        "examples": [{"codecommit": {"repository": "time-service"}}],
    }
