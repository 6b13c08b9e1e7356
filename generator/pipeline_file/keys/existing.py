"""The key `existing`: what the account holds already and templates expect, for a rehearsal to make."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from generator.errors import Problem
from generator.pipeline_file.file import File
from generator.pipeline_file.schema_parts import MANAGED_POLICY, Schema, mapping

_KEY = "existing"


def _by_name(names: Schema, values: Schema, description: str) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 100,
        "propertyNames": names,
        "additionalProperties": values,
        "description": description,
    }


_TEXT: Schema = {"type": "string", "maxLength": 4096}
_FIELDS: Schema = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": 100},
    "maxItems": 50,
    "uniqueItems": True,
    "description": "The fields of a secret that is JSON; none for a plain text.",
}
SCHEMA: Schema = {
    **mapping(
        {
            # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
            "ssm": _by_name(
                {"pattern": "^[A-Za-z0-9_./-]{1,1011}$", "x-what": "the name of a parameter"},
                _TEXT,
                "Parameters of the Parameter Store, each with a value to rehearse with.",
            ),
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/outputs-section-syntax.html
            "export": _by_name(
                {"pattern": "^[A-Za-z0-9:-]{1,255}$", "x-what": "the name of an export"},
                _TEXT,
                "Exports of other stacks, each with a value to rehearse with.",
            ),
            # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
            "secret": _by_name(
                {"pattern": "^[A-Za-z0-9/_+=.@-]{1,512}$", "x-what": "the name of a secret"},
                _FIELDS,
                "Secrets, each with the fields it has. Their values are random: no secret stands in a file.",
            ),
            "policy": _by_name(
                {"pattern": MANAGED_POLICY["pattern"], "x-what": MANAGED_POLICY["x-what"]},
                {
                    "type": "string",
                    "minLength": 1,
                    "description": "The file that says what it allows.",
                },
                "Managed policies of the account, such as a permissions boundary.",
            ),
        },
        least=1,
    ),
    "description": "What your account holds already and your templates expect. A rehearsal makes it; AWS is not asked.",
    "examples": [{"ssm": {"/shop/endpoint": "https://example.com"}, "secret": {"shop/database": ["user", "password"]}}],
}


def things(file: File) -> Iterator[tuple[str, str, str]]:
    """Kind, name and value of each thing; a secret's value is another one each time, a policy's its document."""
    for kind, named in sorted(file.settings(_KEY).items()):
        for name, value in sorted(named.items()):
            yield kind, name, _value(kind, value, file)


def missing(settings: Mapping[str, Mapping[str, str]], file: File) -> Iterator[Problem]:
    """A policy's file that is not there, or says nothing in JSON."""
    for arn, path in sorted(settings.get("policy", {}).items()):
        if not file.repository.has(path):
            yield file.document.problem((_KEY, "policy", arn), f"there is no file '{path}' in the repository")
        elif not _is_object(file.repository.text(path)):
            yield file.document.problem((_KEY, "policy", arn), f"'{path}' holds no policy in JSON")


def _value(kind: str, value: str | Sequence[str], file: File) -> str:
    if kind == "policy":
        return file.repository.text(str(value))
    if kind != "secret":
        return str(value)
    return json.dumps({field: secrets.token_urlsafe(16) for field in value}) if value else secrets.token_urlsafe(16)


def _is_object(text: str) -> bool:
    with suppress(ValueError):
        parsed: Any = json.loads(text)
        return isinstance(parsed, dict)
    return False
