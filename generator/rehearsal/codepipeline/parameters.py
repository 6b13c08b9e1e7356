"""What a CloudFormation action passes to a stack: parameters, tags and policy out of its configuration.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.codepipeline import artifacts
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError


@dataclass(frozen=True, slots=True)
class Settings:
    """What a template configuration file says; parameters are overridden by the action's own."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    policy: str | None = None


def settings(context: ActionContext) -> Settings:
    """The template configuration with the action's overrides in it. Raises ActionFailedError."""
    file = _template_configuration(context)
    overrides = _overrides(context)
    return Settings(
        parameters={**_texts(file, "Parameters"), **overrides},
        tags=_texts(file, "Tags"),
        policy=json.dumps(file["StackPolicy"]) if "StackPolicy" in file else None,
    )


def file_of(context: ActionContext, key: str, value: str) -> bytes:
    """The file an "Artifact::path" names. Raises ActionFailedError for another form or an artifact not given."""
    artifact, mark, path = value.partition("::")
    if not mark or not path:
        raise ActionFailedError("ConfigurationError", f"{key} must have the form artifact::file; it is {value}.")
    return _file(context, key, artifact, path)


def _file(context: ActionContext, key: str, artifact: str, path: str) -> bytes:
    _refuse_unknown_artifact(context, key, artifact)
    return artifacts.member(context.fetch(artifact), artifact, path)


def _refuse_unknown_artifact(context: ActionContext, key: str, artifact: str) -> None:
    if artifact not in context.inputs:
        there = ", ".join(context.action.inputs) or "none"
        raise ActionFailedError(
            "ConfigurationError", f"{key} names artifact {artifact}; the action's input artifacts: {there}."
        )


def _template_configuration(context: ActionContext) -> Mapping[str, Any]:
    value = context.configuration.get("TemplateConfiguration")
    if value is None:
        return {}
    return _mapping(file_of(context, "TemplateConfiguration", value), f"Template configuration {value}")


def _texts(file: Mapping[str, Any], section: str) -> dict[str, str]:
    """A section of the file, every value as CloudFormation takes it: text."""
    values = file.get(section, {})
    if not isinstance(values, dict):
        raise ActionFailedError("ConfigurationError", f"{section} of the template configuration is not a JSON object.")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _overrides(context: ActionContext) -> dict[str, str]:
    text = context.configuration.get("ParameterOverrides", "{}")
    if len(text.encode()) > limits.OVERRIDES_BYTES:
        raise ActionFailedError(
            "ConfigurationError",
            f"ParameterOverrides has {len(text.encode())} bytes; the maximum is {limits.OVERRIDES_BYTES} bytes (1 KB).",
        )
    return {name: _value(context, name, value) for name, value in _mapping(text.encode(), "ParameterOverrides").items()}


def _value(context: ActionContext, name: str, value: Any) -> str:
    if isinstance(value, dict) and len(value) == 1:
        ((function, arguments),) = value.items()
        if function == "Fn::GetArtifactAtt":
            return _attribute(context, name, arguments)
        if function == "Fn::GetParam":
            return _parameter(context, name, arguments)
    if isinstance(value, dict):
        raise ActionFailedError(
            "ConfigurationError",
            f"ParameterOverrides: {name} must be a text, Fn::GetArtifactAtt or Fn::GetParam.",
        )
    return value if isinstance(value, str) else json.dumps(value)


def _attribute(context: ActionContext, name: str, arguments: Any) -> str:
    artifact, attribute = _arguments(name, "Fn::GetArtifactAtt", arguments, 2)
    _refuse_unknown_artifact(context, "Fn::GetArtifactAtt", artifact)
    place = context.inputs[artifact]
    host = f"s3.{context.region}.amazonaws.com"
    values = {
        "BucketName": place.bucket,
        "ObjectKey": place.key,
        "URL": f"https://{host}/{place.bucket}/{place.key}",
    }
    if attribute not in values:
        raise ActionFailedError(
            "ConfigurationError", f"Fn::GetArtifactAtt knows {', '.join(values)}; {name} asks for {attribute}."
        )
    return values[attribute]


def _parameter(context: ActionContext, name: str, arguments: Any) -> str:
    artifact, path, key = _arguments(name, "Fn::GetParam", arguments, 3)
    values = _mapping(_file(context, "Fn::GetParam", artifact, path), f"{artifact}::{path}")
    if key not in values:
        raise ActionFailedError(
            "ConfigurationError",
            f"Fn::GetParam: {artifact}::{path} has no key {key}; it has {', '.join(sorted(values)) or 'none'}.",
        )
    value = values[key]
    return value if isinstance(value, str) else json.dumps(value)


def _arguments(name: str, function: str, arguments: Any, count: int) -> list[str]:
    if not isinstance(arguments, list) or len(arguments) != count:
        raise ActionFailedError(
            "ConfigurationError", f"{function} of parameter {name} takes {count} arguments in a list."
        )
    return [str(argument) for argument in arguments]


def _mapping(content: bytes, what: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(content)
    except ValueError as error:
        raise ActionFailedError("ConfigurationError", f"{what} is not valid JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise ActionFailedError("ConfigurationError", f"{what} is not a JSON object.")
    return parsed
