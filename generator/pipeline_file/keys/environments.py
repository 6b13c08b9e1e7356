"""The key `environments`: where stages live, each with an account, parameters and tags of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.errors import Problem
from generator.model.deployment import DEPLOY_ROLE
from generator.model.environment import Environment, named_role
from generator.model.pipeline import Pipeline
from generator.model.text import resolved
from generator.pipeline_file import kinds
from generator.pipeline_file.entry import Entry, entries
from generator.pipeline_file.environments import KEY, used
from generator.pipeline_file.file import File
from generator.pipeline_file.keys import tags
from generator.pipeline_file.keys.deploy_role import KEY as DEPLOY_ROLE_KEY
from generator.pipeline_file.keys.deploy_role import options
from generator.pipeline_file.keys.stages import parameters, stages
from generator.pipeline_file.schema_parts import MANAGED_POLICY, Schema, mapping

_WORD: Schema = {"$ref": "#/$defs/stage_word", "x-what": "the name of an environment (lower-case letters, digits, '-')"}
_ACCOUNT: Schema = {
    "type": "string",
    "pattern": "^[0-9]{12}$",
    "x-what": 'an account: twelve digits in quotes, "111122223333"',
    "description": "The account of the stages there; the pipeline's own when left out.",
    "examples": ["111122223333"],
}
_ENVIRONMENT: Schema = {
    **mapping(
        {
            "account": _ACCOUNT,
            "parameters": {
                **parameters.SCHEMA,
                "description": "Parameters of the application's template in every stage there; a stage's own win.",
            },
            "tags": {**tags.SCHEMA, "description": "Tags of everything in the environment's own stack, with `tags`."},
            "permissions_boundary": {
                **MANAGED_POLICY,
                "description": "The managed policy of that account that bounds the roles there; `permissions_boundary` "
                "when left out.",
            },
        }
    ),
    "x-later": ["region", "deploy_role", "safeguards", "tests"],
}
SCHEMA: Schema = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"type": "string", **_WORD},
    "additionalProperties": {"anyOf": [_ENVIRONMENT, {"type": "null"}]},
    "x-noun": "environment",
    "description": "Where stages live: accounts of their own, with their parameters. A stage names one.",
    "examples": [{"production": {"account": "111122223333"}}],
}
_OF_ACCOUNT = "a policy belongs to an account, and this one is not there"


def problems(settings: Mapping[str, Any], file: File) -> Iterator[Problem]:
    """What cannot be together with stages in another account, or not yet, and settings of stacks that are not there."""
    for word, written in settings.items():
        for key in ("tags", "permissions_boundary"):
            if written and key in written and "account" not in written:
                message = (
                    f"'{key}' is of an environment's own stack, which '{word}', in the pipeline's account, has not"
                )
                yield file.document.problem((KEY, word, key), message, "say it at the top of the file", at="key")
    yield from _undeclared(file)
    if not (elsewhere := [each for each in used(file) if each.is_elsewhere]):
        return
    yield from _unsupported(file)
    for environment in elsewhere:
        yield from _boundaries(file, environment)
    yield from _long_names(file)


def remarks(settings: Mapping[str, Any], file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """Environments in which no stage lives."""
    inhabited = {each.word for each in used(file)}
    for word in settings:
        if word not in inhabited:
            message = f"no stage lives in the environment '{word}'"
            hint = f"a stage names it: stages: [{{<stage>: {{environment: {word}}}}}]"
            yield file.document.problem((KEY, word), message, hint, at="key", level="warning")


def _unsupported(file: File) -> Iterator[Problem]:
    """What other accounts need and the file excludes, or what is not carried out there yet."""
    document = file.document
    for key in ("bucket", "key"):
        if key in file.settings("artifacts"):
            message = (
                f"an existing {key} is not supported yet with stages in other accounts: its policy has to let them"
            )
            yield document.problem(("artifacts", key), message, "leave it out: the pipeline makes one", at="key")
    if file.data.get("encryption") == "s3":
        message = "other accounts cannot read artifacts under a key of S3: CodePipeline needs one of the pipeline's own"
        yield document.problem(("encryption",), message, "leave it out, or write kms")
    if "arn" in options(file.data):
        message = "one existing role cannot deploy in several accounts"
        yield document.problem((DEPLOY_ROLE_KEY, "arn"), message, "leave it out: each account gets its roles", at="key")
    for part in file.parts:
        if part.framework.BY_STAGE:
            message = f"stages in another account are not supported yet for {part.framework_word}: the build makes its "
            message += "templates, and would make them for the pipeline's account"
            yield document.problem((KEY,), message, "take environments without account there", at="key")
    for word, kind in kinds.test_kinds().items():
        if word in file.settings("tests") and not kind.NEEDS_STACK:
            message = f"tests by {word} are not supported yet for stages in another account"
            yield document.problem(("tests", word), message, "test those by a function, or not at all", at="key")


def _undeclared(file: File) -> Iterator[Problem]:
    """Parameters that no template of several services declares; what the template of one declares is checked later."""
    templates = [part.app.template for part in file.parts]
    for environment in used(file) if file.has_services and all(templates) else ():
        for name in environment.parameters:
            if not any(template and name in template.parameters for template in templates):
                message = f"no service's template declares the parameter '{name}'"
                path = (KEY, environment.word, "parameters", name)
                yield file.document.problem(path, message, "declare it where it is used, or leave it out", at="key")


def _boundaries(file: File, environment: Environment) -> Iterator[Problem]:
    """Permissions boundaries that are policies of another account."""
    for path, arn in (
        ((KEY, environment.word, "permissions_boundary"), environment.permissions_boundary),
        ((DEPLOY_ROLE_KEY, "permissions_boundary"), options(file.data).get("permissions_boundary", "")),
    ):
        owner = arn.split(":")[4] if arn else "aws"
        if owner not in {"aws", environment.account}:
            message = f"{arn} bounds no role in account {environment.account}, where '{environment.word}' is: "
            hint = "name a policy of AWS's"
            if path[0] == KEY:
                hint = f"name one of that account: {KEY}: {{{environment.word}: {{permissions_boundary: <ARN>}}}}"
            yield file.document.problem(path, message + _OF_ACCOUNT, hint)


def _long_names(file: File) -> Iterator[Problem]:
    for entry, stage in zip(entries(file), stages(file), strict=True):
        for deployment in stage.deployments if stage.environment and stage.environment.is_elsewhere else ():
            name = resolved(named_role(DEPLOY_ROLE, deployment.name), file.data["service"])
            if len(name) > limits.ROLE_NAME_LENGTH:
                message = f"the role {name} has {len(name)} characters; IAM takes {limits.ROLE_NAME_LENGTH}"
                yield _at(entry, message, "shorten the service's or the stage's name")


def _at(entry: Entry, message: str, hint: str) -> Problem:
    return entry.file.document.problem(entry.path, message, hint, at="key")
