"""The key `build.environment`: plain environment variables of the build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.errors import Problem
from generator.model import images
from generator.model.build import OUTPUT_BUCKET, OUTPUT_PREFIX
from generator.model.pipeline import Pipeline
from generator.model.text import Text, literal
from generator.pipeline_file import references
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.variables import namespaces
from generator.pipeline_file.schema_parts import ENVIRONMENT_NAME, Schema

RESERVED = (
    "APP_TEMPLATE",
    "BUILD_INPUTS",
    OUTPUT_BUCKET,
    OUTPUT_PREFIX,
    "UNCOVERED_WORDS",
    "COVERED_NAMES",
    "COVERED_TEST_TYPES",
    "COVERED_TYPES",
    "FORCE_BUILD",
    "FRAMEWORK_VERSION",
    images.VARIABLE,
    "STAGES",
    "TEMPLATE_COMMANDS",
    "TEMPLATE_OF_STAGE",
    "TESTS_TEMPLATE",
    "UNIT_TEST_COMMAND",
    "URL_OUTPUT",
)
"""The variables that every buildspec gets from the pipeline."""

_PATH = ("build", "environment")
SCHEMA: Schema = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 100,
    "propertyNames": ENVIRONMENT_NAME,
    "additionalProperties": {"type": ["string", "number", "boolean"], "minLength": 1},
    "description": "Environment variables of the build, for everybody to read. A value may hold #{variables.NAME} "
    "or #{Source.CommitId}.",
    "examples": [{"LOG_LEVEL": "debug"}],
}
_SECRET_NAME = re.compile(r"secret|passw|token|credential|(api|private|access)_?key", re.IGNORECASE)
# What begins so is given out by AWS, GitHub, GitLab, Slack, Stripe and npm, or is a private key.
_SECRET_VALUE = re.compile(
    r"(AKIA|ASIA)[A-Z0-9]{16}|(ghp|gho|ghs)_|github_pat_|glpat-|xox[abp]-|sk_live_|npm_|-----BEGIN "
)


def read(_settings: Mapping[str, Any], file: File) -> Fields:
    """The variables: those that hold a variable of the pipeline are filled in when an execution builds."""
    texts = dict(_texts(file))
    filled_in = {name: text for name, text in texts.items() if "#{" in text}
    return {"environment": {name: texts[name] for name in texts if name not in filled_in}, "filled_in": filled_in}


def problems(_settings: Mapping[str, Any], file: File) -> Iterator[Problem]:
    """Names that are taken, and variables of the pipeline that do not exist."""
    for name, text in _texts(file):
        path = (*_PATH, name)
        if name in RESERVED:
            message = f"'{name}' is what the pipeline itself tells the build"
            yield file.document.problem(path, message, "choose another name", at="key")
        yield from references.unknown(file.document, path, text, namespaces(file))
        yield from references.free_text(file.document, path, text)


def remarks(settings: Mapping[str, Any], file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """A warning for each variable whose name or value says that it is a secret."""
    for name, value in settings.items():
        filled = isinstance(value, str) and value.startswith("#{")
        if _SECRET_VALUE.match(str(value)) or (_SECRET_NAME.search(name) and isinstance(value, str) and not filled):
            message = f"'{name}' looks like a secret, and everybody can read it here"
            hint = f"keep it in Secrets Manager: build: {{secrets: {{{name}: {{secretsmanager: <name>}}}}}}"
            yield file.document.problem((*_PATH, name), message, hint, at="key", level="warning")


def _texts(file: File) -> Iterator[tuple[str, Text]]:
    values: Mapping[str, Any] = file.settings("build").get("environment", {})
    for name, value in sorted(values.items()):
        # As it is written: 3.10 stays 3.10, and true does not become True.
        yield name, literal(value if isinstance(value, str) else file.document.written((*_PATH, name)))
