"""What kind of value an output has, and outputs whose kind is another than in the last commit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.application.template import FUNCTIONS, Resource, Template
from generator.application.values import text_of
from generator.errors import Problem
from generator.model.pipeline import Pipeline

_FUNCTION_ARN = "a function's ARN"
_URL = "a URL"
# What Ref gives for them is an ARN: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
_REF_IS_ARN = {
    "AWS::Lambda::Alias": _FUNCTION_ARN,
    "AWS::Lambda::Version": _FUNCTION_ARN,
    "AWS::Serverless::StateMachine": "a state machine's ARN",
    "AWS::SNS::Topic": "a topic's ARN",
    "AWS::SQS::Queue": _URL,
    "AWS::StepFunctions::StateMachine": "a state machine's ARN",
}
_ATTRIBUTES = {"ApiEndpoint": _URL, "FunctionUrl": _URL, "QueueUrl": _URL, "WebsiteURL": _URL}
# What SAM makes beside a function and lets a template name.
_POINTERS = (".Version", ".Alias")
_STATE_MACHINES = frozenset({"AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"})


def check_output_kinds(pipeline: Pipeline, now: Template, before: Template) -> Iterator[Problem]:
    """An output the pipeline reads whose kind differs from that of the last commit's template of the same path.

    Executions of that commit may still be under way: the tests of one run against the stack another has changed.
    """
    outputs = {app.url or "" for app in pipeline.apps if now.path == app.template}
    if pipeline.tests and now.path == pipeline.tests.template:
        outputs |= set(pipeline.tests.outputs)
    for name in sorted(name for name in outputs if name in now.outputs and name in before.outputs):
        old, new = kind_of(before.outputs[name].value, before), kind_of(now.outputs[name].value, now)
        if old and new and old != new:
            message = f"output {name} is {new} now, and {old} in the last commit: executions in progress get the other"
            hint = "give the new value an output of its own, and name that one in the pipeline file"
            yield now.problem(("Outputs", name, "Value"), message, hint, level="warning")


def kind_of(value: Any, template: Template) -> str:
    """What kind of value it is, in words: of what a Ref or an attribute gives it; empty when only a launch can tell."""
    match value:
        case {"Ref": str(name)}:
            return _of_reference(name, template)
        case {"Fn::GetAtt": str(path)} if "." in path:
            name, _, attribute = path.partition(".")
            return _of_attribute(name, attribute, template)
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return _of_attribute(name, attribute, template)
        case {"Fn::Sub": str(text) | [str(text), *_]}:
            return _of_text(text)
        case _:
            return _of_text(text_of(value, {}) or "")


def _of_text(text: str) -> str:
    if text.startswith(("https://", "http://")):
        return _URL
    return "" if not text or text.startswith(("${", "arn:")) else "a text"


def _of_reference(name: str, template: Template) -> str:
    if name.endswith(_POINTERS):
        return _FUNCTION_ARN
    resource = template.resources.get(name)
    if resource is None:
        return ""
    return _REF_IS_ARN.get(resource.type, f"the name of {_called(resource)}")


def _of_attribute(name: str, attribute: str, template: Template) -> str:
    resource = template.resources.get(name)
    if attribute in _ATTRIBUTES:
        return _ATTRIBUTES[attribute]
    if resource is None:
        return ""
    if attribute == "Arn" and resource.type in FUNCTIONS:
        return _FUNCTION_ARN
    if attribute == "Arn" and resource.type in _STATE_MACHINES:
        return "a state machine's ARN"
    return f"{attribute} of {_called(resource)}"


def _called(resource: Resource) -> str:
    return f"an {resource.type}"
