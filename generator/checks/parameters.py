"""The parameters of a template against what the pipeline gives to its stacks."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from generator.application.template import Parameter, Template
from generator.checks.phrases import choice_of, did_you_mean
from generator.checks.stages import parameter_path, stage_path
from generator.document import Document, quote
from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.model.text import resolved

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
_READ_IT_ELSEWHERE = (
    "it is a secret (NoEcho): drop the parameter, and have the template read it where it is used, as"
    " '{{resolve:secretsmanager:<secret>:SecretString:<key>}}', or '{{resolve:ssm-secure:<parameter>}}'"
)


def check_parameters(pipeline: Pipeline, file: Document, app: Template) -> Iterator[Problem]:
    """A parameter nobody gives, one the template does not declare, and a value it does not take."""
    for parameter in app.parameters.values():
        yield from _missing_values(pipeline, file, app, parameter)
    for index, _ in enumerate(pipeline.stages):
        yield from _not_declared(pipeline, file, app, index)
        yield from _not_taken(pipeline, file, app, index)
        yield from _in_sight(pipeline, file, app, index)


def check_test_parameters(tests: Template) -> Iterator[Problem]:
    """A parameter of the tests' template without a default: their stack is deployed once and given none."""
    for name, parameter in tests.parameters.items():
        if not parameter.has_default:
            message = f"parameter '{name}' has no default, and the tests stack is given no parameters"
            yield tests.problem(("Parameters", name), message, f"give '{name}' a Default", at="key")


def _missing_values(pipeline: Pipeline, file: Document, app: Template, parameter: Parameter) -> Iterator[Problem]:
    name = parameter.name
    if parameter.has_default:
        return
    missing = [index for index, stage in enumerate(pipeline.stages) if name not in stage.parameters]
    whose = "service's" if pipeline.app.service else "stage's"
    hint = f"give it in the {whose} `parameters`, or give {quote(name)} a Default in {app.path}"
    if parameter.no_echo:
        hint = _READ_IT_ELSEWHERE
    if len(missing) == len(pipeline.stages):
        message = f"parameter '{name}' has no default and no stage gives it"
        yield app.problem(("Parameters", name), message, hint, at="key")
        return
    for index in missing:
        message = f"stage '{pipeline.stages[index].word}' does not give parameter {quote(name)}, which has no default"
        path = ("services", pipeline.app.service) if pipeline.app.service else stage_path(file, index)
        yield file.problem(path, message, hint, at="key")


def _in_sight(pipeline: Pipeline, file: Document, app: Template, index: int) -> Iterator[Problem]:
    """A secret of the application that the pipeline file gives in plain text."""
    for name, text in pipeline.stages[index].parameters.items():
        if name in app.parameters and app.parameters[name].no_echo and "{{resolve:" not in text:
            message = f"parameter '{name}' is a secret (NoEcho), and everybody can read it here"
            path = parameter_path(pipeline, file, index, name)
            yield file.problem(path, message, _READ_IT_ELSEWHERE, at="key", level="warning")


def _not_declared(pipeline: Pipeline, file: Document, app: Template, index: int) -> Iterator[Problem]:
    if "Parameters" in app.open:
        return
    for name in pipeline.stages[index].parameters:
        if name not in app.parameters:
            message = f"{app.path} declares no parameter '{name}'"
            hint = did_you_mean(name, app.parameters, "parameters")
            yield file.problem(parameter_path(pipeline, file, index, name), message, hint, at="key")


def _not_taken(pipeline: Pipeline, file: Document, app: Template, index: int) -> Iterator[Problem]:
    stage = pipeline.stages[index]
    for name, text in stage.parameters.items():
        value = resolved(text, pipeline.service)
        if name not in app.parameters or "${" in value or "#{" in value:
            continue
        expected = _refusal(app.parameters[name], value)
        if expected:
            message = f"parameter '{name}' does not take {quote(value)}, which stage '{stage.word}' gives it"
            yield file.problem(parameter_path(pipeline, file, index, name), message, expected)


def _refusal(parameter: Parameter, value: str) -> str:
    """What a parameter takes, when that is not this value; empty when it takes it."""
    if parameter.type.startswith("AWS::SSM::"):
        return ""  # The value is the name of what holds the value.
    values = value.split(",") if parameter.type in {"CommaDelimitedList", "List<Number>"} else [value]
    if parameter.type in {"Number", "List<Number>"} and not all(map(_is_number, values)):
        return f"it takes {'numbers' if len(values) > 1 else 'a number'}"
    if parameter.allowed and any(part.strip() not in parameter.allowed for part in values):
        return f"it takes {choice_of(parameter.allowed)}"
    if parameter.pattern and not all(_matches(parameter.pattern, part.strip()) for part in values):
        return parameter.constraint or f"it accepts what matches {parameter.pattern}"
    return ""


def _matches(pattern: str, value: str) -> bool:
    """Whether the whole value matches; true for a pattern that only Java accepts."""
    with warnings.catch_warnings():
        # A warning about what a later Python may read differently does not concern the user.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return re.fullmatch(pattern, value) is not None
        except re.error:
            return True


def _is_number(value: str) -> bool:
    return re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", value, re.ASCII) is not None
