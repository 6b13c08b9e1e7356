"""The part of the schema that says how a commit is built, and on what."""

from __future__ import annotations

from collections.abc import Mapping

from generator.compiler import kinds
from generator.compiler.schema_parts import Schema, mapping

COMPUTE: Mapping[str, str] = {
    "small": "BUILD_GENERAL1_SMALL",
    "medium": "BUILD_GENERAL1_MEDIUM",
    "large": "BUILD_GENERAL1_LARGE",
    "xlarge": "BUILD_GENERAL1_XLARGE",
    "2xlarge": "BUILD_GENERAL1_2XLARGE",
}
LAMBDA = "lambda"
LAMBDA_MEMORY = "2GB"
_LAMBDA_MEMORIES = ["1GB", "2GB", "4GB", "8GB", "10GB"]
# Of old and of today, nothing between: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_ID = "([0-9a-f]{8}|[0-9a-f]{17})"
# https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
_NAME = {
    "pattern": "^(?!(CODEBUILD|AWS|codebuild|aws)_)[A-Za-z_][A-Za-z0-9_]{0,127}$",
    "x-what": "a variable's name (letters, digits and _; CODEBUILD_... and AWS_... belong to AWS)",
}


def build() -> Schema:
    """The top-level key `build`."""
    properties = {
        "framework": {"enum": sorted(kinds.frameworks()), "description": "Found from the repository when left out."},
        "runtime": _runtime(),
        "test": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1000,
            "description": "The unit tests' command; a red test stops the pipeline. Found when left out.",
            "examples": ["pytest -q"],
        },
        "buildspec": {
            "$ref": "#/$defs/path",
            "description": "A buildspec of the repository's own, run instead of Penstock's.",
            "examples": ["buildspec.yml"],
        },
        "compute": _compute(),
        "image": _image(),
        "environment": _environment(),
        "secrets": _secrets(),
        "cache": {
            "enum": ["none", "s3", "local"],
            "description": "Where what was downloaded is kept for the next build: s3 when left out (Lambda: none), "
            "local on the build's host while that lasts.",
        },
        "vpc": _vpc(),
    }
    return {**mapping(properties), "description": "How a commit is built, once."}


def _runtime() -> Schema:
    runtimes: dict[str, Schema] = {}
    for kind in kinds.frameworks().values():
        for language, versions in kind.RUNTIMES.items():
            runtimes[language] = {"type": "string", "enum": list(versions), "x-what": f"a {language} version"}
    return {
        **mapping(runtimes, least=1),
        "description": "Language versions of the build; those of the application's functions when left out.",
        "x-noun": "language",
        "examples": [{"python": "3.13"}],
    }


def _compute() -> Schema:
    types = [*COMPUTE, LAMBDA]
    properties: Schema = {
        "type": {"enum": types, "default": "small", "description": "CodeBuild's general1 type, or Lambda compute."},
        "architecture": {
            "enum": ["x86_64", "arm64"],
            "default": "x86_64",
            "description": "The processor: compiled packages fit functions of the same architecture.",
        },
        "memory": {
            "enum": _LAMBDA_MEMORIES,
            "default": LAMBDA_MEMORY,
            "description": "Memory of Lambda compute; the other types have their own.",
        },
    }
    return {
        "anyOf": [{"enum": types}, mapping(properties, least=1)],
        "default": "small",
        "description": "What builds and tests of commands run on.",
    }


def _image() -> Schema:
    return {
        "type": "string",
        "pattern": r"^[a-z0-9][A-Za-z0-9._:/@-]{1,254}$",
        "x-what": "the name of a container image",
        "description": "The image instead of AWS's newest: another of aws/codebuild, one in ECR, or a public one. "
        "One of your own needs the languages, pip or npm, bash and the aws CLI.",
        "examples": ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/build:1"],
    }


def _environment() -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 100,
        "propertyNames": _NAME,
        "additionalProperties": {"type": ["string", "number", "boolean"], "minLength": 1},
        "description": "Environment variables of the build, for everybody to read. A value may hold #{variables.NAME} "
        "or #{Source.CommitId}.",
        "examples": [{"LOG_LEVEL": "debug"}],
    }


def _secrets() -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 50,
        "propertyNames": _NAME,
        "additionalProperties": {
            **mapping({"secretsmanager": _secretsmanager(), "parameter_store": _parameter(), "key": _key()}, least=1),
            "not": {"required": ["secretsmanager", "parameter_store"]},
        },
        "x-noun": "secret",
        "description": "Environment variables that are fetched when a build starts; the build may read these alone, "
        "and its log hides their values.",
        "examples": [{"TOKEN": {"secretsmanager": "registry:token"}}],
    }


def _secretsmanager() -> Schema:
    return {
        "type": "string",
        "pattern": r"^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?"
        r"[A-Za-z0-9/_+=.@-]{1,512}(:[^:]+(:[^:]*){0,2})?$",
        "x-what": "a secret: its name or ARN, then a colon and a key of its JSON",
        "description": "A secret of Secrets Manager and the key of its JSON, parted by a colon.",
        "examples": ["registry:token"],
    }


def _parameter() -> Schema:
    return {
        "type": "string",
        "pattern": "^/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$",
        "maxLength": 1011,
        "x-what": "the name of a parameter",
        "description": "A parameter of Systems Manager.",
        "examples": ["/build/token"],
    }


def _key() -> Schema:
    return {
        "type": "string",
        "pattern": r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$",
        "x-what": "the ARN of a KMS key",
        "description": "The key it is encrypted with, where that is one of your own.",
    }


def _vpc() -> Schema:
    properties = {
        "id": {
            "type": "string",
            "pattern": f"^vpc-{_ID}$",
            "x-what": "the id of a VPC",
            "description": "The VPC.",
        },
        "subnets": {**_ids("subnet", 16), "description": "Private subnets with a way out, such as a NAT gateway."},
        "security_groups": {**_ids("sg", 5), "description": "What the build may reach."},
    }
    return {
        **mapping(properties, required=["id", "subnets", "security_groups"]),
        "description": "The network in which builds and tests of commands run.",
    }


def _ids(prefix: str, most: int) -> Schema:
    one = {"type": "string", "pattern": f"^{prefix}-{_ID}$", "x-what": f"an id such as {prefix}-0a1b2c3d"}
    return {"type": "array", "items": one, "minItems": 1, "maxItems": most, "uniqueItems": True}
