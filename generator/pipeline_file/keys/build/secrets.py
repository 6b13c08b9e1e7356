"""The key `build.secrets`: environment variables that are fetched when a build starts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from generator.aws_rules import limits
from generator.document import Document, Path
from generator.errors import Problem
from generator.model.build import Secret
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.build.environment import RESERVED
from generator.pipeline_file.schema_parts import ENVIRONMENT_NAME, KMS_KEY, Schema, mapping

_SECRETSMANAGER: Schema = {
    "type": "string",
    "pattern": r"^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?"
    r"[A-Za-z0-9/_+=.@-]{1,512}(:[^:]+(:[^:]*){0,2})?$",
    "x-what": "a secret: its name or ARN, then a colon and a key of its JSON",
    "description": "A secret of Secrets Manager and the key of its JSON, separated by a colon.",
    "examples": ["registry:token"],
}
_PARAMETER_STORE: Schema = {
    "type": "string",
    "pattern": "^/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$",
    "maxLength": limits.NAME_LENGTHS["AWS::SSM::Parameter"],
    "x-what": "the name of a parameter",
    "description": "A parameter of Systems Manager.",
    "examples": ["/build/token"],
}
_KEY: Schema = {**KMS_KEY, "description": "The key it is encrypted with, where that is one of your own."}
SCHEMA: Schema = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 50,
    "propertyNames": ENVIRONMENT_NAME,
    "additionalProperties": {
        **mapping({"secretsmanager": _SECRETSMANAGER, "parameter_store": _PARAMETER_STORE, "key": _KEY}, least=1),
        "not": {"required": ["secretsmanager", "parameter_store"]},
    },
    "x-noun": "secret",
    "description": "Environment variables that are fetched when a build starts; the build may read these alone, "
    "and its log hides their values.",
    "examples": [{"TOKEN": {"secretsmanager": "registry:token"}}],
}


def read(settings: Mapping[str, Mapping[str, str]], _file: File) -> Fields:
    """The secrets by their names."""
    return {"secrets": tuple(_secret(name, reference) for name, reference in sorted(settings.items()))}


def problems(settings: Mapping[str, Mapping[str, str]], file: File) -> Iterator[Problem]:
    """Names that are taken, and secrets that name nothing."""
    taken = {*RESERVED, *file.settings("build").get("environment", {})}
    return unusable(file.document, ("build", "secrets"), settings, taken)


def unusable(
    document: Document, at: Path, settings: Mapping[str, Mapping[str, str]], taken: Collection[str]
) -> Iterator[Problem]:
    """Secrets with names that are taken, and secrets that name nothing."""
    for name, reference in settings.items():
        if name in taken:
            message = f"'{name}' is a variable of the build already"
            yield document.problem((*at, name), message, "each name once", at="key")
        if not {"secretsmanager", "parameter_store"} & reference.keys():
            hint = "name it: secretsmanager or parameter_store"
            yield document.problem((*at, name), "where is it?", hint, at="key")


def _secret(name: str, reference: Mapping[str, str]) -> Secret:
    key = reference.get("key", "")
    if "parameter_store" in reference:
        return Secret(name, "PARAMETER_STORE", reference["parameter_store"], key)
    return Secret(name, "SECRETS_MANAGER", reference.get("secretsmanager", ""), key)
