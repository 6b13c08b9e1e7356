"""Stops a commit that gives a resource a name which the launched deploy role does not reach.

COVERED_NAMES lists the names that the launched templates had, as they write them. What begins as the stack's name does
is always reached, and a template without a name of its own never asks.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import templates
import yaml

# What has a name in its ARN -> the property that gives it.
NAMES = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::CodeDeploy::Application": "ApplicationName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Parameter": "Name",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::Serverless::Function": "FunctionName",
    "AWS::Serverless::SimpleTable": "TableName",
    "AWS::StepFunctions::Activity": "Name",
}
# CloudFormation names one of these without the stack's name.
UNLIKE_THE_STACK = "AWS::CloudWatch::Dashboard"
# A log that a service writes for something of the stack's; a parameter may be a path below the stack's name.
_REACHED = re.compile(r"(/aws/[a-z0-9-]+/)?\$\{AWS::StackName\}-|/?\$\{AWS::StackName\}/(?=.*Parameter$)")
_OF_SERVICE = re.compile(r"/aws/[a-z0-9-]+/\$\{(\w+)\}$")


def uncovered(text: str, covered: list[str]) -> Iterator[tuple[str, str]]:
    """The logical id and the name, as `Property=name`, of what is not among these."""
    resources = dict(_resources(yaml.compose(text, Loader=yaml.SafeLoader)))
    for logical_id, (kind, properties) in resources.items():
        key = NAMES.get(kind, "")
        if properties.get(key) is None and kind != UNLIKE_THE_STACK:
            continue
        name = written(properties.get(key, ""))
        of_service = _OF_SERVICE.match(name)
        named_after = resources.get(of_service[1], ("", {})) if of_service else ("", {})
        own = bool(named_after[0]) and not named_after[1].get(NAMES.get(named_after[0], ""))
        if f"{key}={name}" not in covered and not own and not _REACHED.match(f"{name} {kind}"):
            yield logical_id, f"{key}={name}"


def written(value: Any) -> str:
    """A name as COVERED_NAMES has it: without a space, whatever puts it together."""
    if isinstance(value, dict) and isinstance(value.get("Fn::Sub"), str):
        value = value["Fn::Sub"]
    elif isinstance(value, dict) and isinstance(value.get("Ref"), str):
        value = "$" + f"{{{value['Ref']}}}"
    name = value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
    return name.replace(" ", "+")


def _resources(root: yaml.Node | None) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    data = _plain(root) if root else None
    resources = data.get("Resources") if isinstance(data, dict) else None
    for logical_id, resource in resources.items() if isinstance(resources, dict) else ():
        if isinstance(resource, dict):
            properties = resource.get("Properties")
            yield logical_id, (str(resource.get("Type")), properties if isinstance(properties, dict) else {})


def _plain(node: yaml.Node) -> Any:
    """A node's value, scalars as their text, short tags as the functions that they stand for."""
    value: Any = node.value
    if isinstance(node, yaml.MappingNode):
        value = {str(key.value): _plain(part) for key, part in node.value}
    elif isinstance(node, yaml.SequenceNode):
        value = [_plain(part) for part in node.value]
    elif node.tag.endswith(":bool"):
        value = "true" if yaml.SafeLoader.bool_values[value.lower()] else "false"
    if not node.tag.startswith("!"):
        return value
    name = node.tag[1:]
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


def all_reached(path: str) -> bool:
    """Whether the launched deploy role reaches every name in a template and those within it; the log says which not."""
    if "COVERED_NAMES" not in os.environ:
        return True
    covered, missing = os.environ["COVERED_NAMES"].split(), False
    for file in (path, *(os.path.relpath(template.path) for template in templates.every([path])[1:])):
        plain = Path(file).read_text(encoding="utf-8-sig")
        for logical_id, name in uncovered(plain.replace("\t", " "), covered):
            missing, what = True, f"{name.replace('=', ' ', 1).strip()} of {logical_id}"
            print(f"{file}: the launched deploy role does not reach {what}")
    if missing:
        print("penstock launch, with this commit, lets it reach them; penstock check says what needs a statement")
    return not missing
