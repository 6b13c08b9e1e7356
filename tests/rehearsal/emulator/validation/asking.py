"""What CloudFormation says to a template: its refusal, or the reason a resource failed."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import CAPABILITIES, Stack, role_trust, settled

Template = dict[str, Any]


def resource(kind: str, **properties: Any) -> Template:
    """A resource of a template."""
    return {"Type": kind, "Properties": properties}


def parameter(value: Any = "x", **attributes: Any) -> Template:
    """The smallest resource there is."""
    return {**resource("AWS::SSM::Parameter", Type="String", Value=value), **attributes}


def role(*services: str, **properties: Any) -> Template:
    """A role that services may assume."""
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument=role_trust(*services), **properties)


def function(**properties: Any) -> Template:
    """A function that runs as the resource Role."""
    properties = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "def handler(event, context): return 1"},
        **properties,
    }
    return resource("AWS::Lambda::Function", **{name: value for name, value in properties.items() if value is not None})


def said_to(emulator: Emulator, template: Template, **request: Any) -> str:
    """The refusal of CreateStack; empty when it takes the template. The stack is gone afterwards."""
    cloudformation = emulator.client("cloudformation")
    body = json.dumps(template)
    request = {"StackName": "asked", "Capabilities": CAPABILITIES, **request}
    try:
        stack = cloudformation.create_stack(TemplateBody=body, **request)["StackId"]
    except ClientError as refused:
        error = refused.response["Error"]
        return error["Message"] if error["Code"] == "ValidationError" else f"{error['Code']}: {error['Message']}"
    settled(cloudformation, stack)
    cloudformation.delete_stack(StackName=stack)
    settled(cloudformation, stack)
    return ""


def failure(emulator: Emulator, resources: Template) -> str:
    """Why the first resource that failed did; empty when the stack was made. It is gone afterwards."""
    stack = Stack(emulator, resources)
    reasons = stack.failures
    stack.delete()
    return reasons[-1] if reasons else ""
