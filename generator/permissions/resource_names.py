"""What the names of resources are made of: the property that gives one, and the ARN it stands in.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from generator.model.text import lowered
from generator.permissions.scopes import ARN, BUCKET, HERE, RESOURCES, STACK


class Naming(NamedTuple):
    """A type's physical name: the property, and the service and kind of its ARN."""

    name: str
    service: str
    kind: str


NAMED: Mapping[str, Naming] = {
    "AWS::CloudWatch::Alarm": Naming("AlarmName", "cloudwatch", "alarm"),
    "AWS::CloudWatch::Dashboard": Naming("DashboardName", "cloudwatch", "dashboard"),
    "AWS::CodeDeploy::Application": Naming("ApplicationName", "codedeploy", "application"),
    "AWS::DynamoDB::Table": Naming("TableName", "dynamodb", "table"),
    "AWS::Events::EventBus": Naming("Name", "events", "event-bus"),
    "AWS::Events::Rule": Naming("Name", "events", "rule-on-default-event-bus"),
    "AWS::IAM::InstanceProfile": Naming("InstanceProfileName", "iam", "instance-profile"),
    "AWS::IAM::ManagedPolicy": Naming("ManagedPolicyName", "iam", "policy"),
    "AWS::IAM::Role": Naming("RoleName", "iam", "role"),
    "AWS::Lambda::Function": Naming("FunctionName", "lambda", "function"),
    "AWS::Logs::LogGroup": Naming("LogGroupName", "logs", "log-group"),
    "AWS::S3::Bucket": Naming("BucketName", "s3", "bucket"),
    "AWS::SNS::Topic": Naming("TopicName", "sns", "topic"),
    "AWS::SQS::Queue": Naming("QueueName", "sqs", "queue"),
    "AWS::SSM::Parameter": Naming("Name", "ssm", "parameter"),
    "AWS::Scheduler::Schedule": Naming("Name", "scheduler", "schedule"),
    "AWS::Scheduler::ScheduleGroup": Naming("Name", "scheduler", "schedule-group"),
    "AWS::StepFunctions::Activity": Naming("Name", "states", "activity"),
}
"""Types of the baseline whose ARN has the resource's name. A topic with a display name is still named by its own."""

# What a resource has within it: its ARN begins with the resource's name, and so is within a stack's pattern, too.
_WITHIN: Mapping[str, str] = {
    "AWS::CodeDeploy::Application": f"{ARN}codedeploy{HERE}deploymentgroup:{STACK}-*/*",
    # Versions and aliases.
    "AWS::Lambda::Function": f"{ARN}lambda{HERE}function:{STACK}-*:*",
}


def arns_of(kind: str, name: str) -> tuple[str, ...]:
    """The ARNs of a resource with a name of its own, and of what is within it; a path's first slash is the ARN's."""
    patterns = (*_patterns(kind), *(arn for named, arn in _WITHIN.items() if named == kind))
    whole = [arn.replace(f"{STACK}-*", name.lstrip("/")).replace(f"{BUCKET}-*", name) for arn in patterns]
    if NAMED[kind].service == "logs":
        whole = [f"{ARN}logs{HERE}log-group:{name}", f"{ARN}logs{HERE}log-group:{name}:*"]
    return tuple(dict.fromkeys(arn for arn in whole if STACK not in arn and not arn.endswith("CFN-*")))


def is_reached(kind: str, name: str, stack: str) -> bool:
    """Whether a name of its own is within what the deploy role of a stack reaches."""
    patterns = [arn.replace(STACK, stack).replace(BUCKET, lowered(stack)) for arn in _patterns(kind)]
    return any(fnmatchcase(arn, pattern) for arn in arns_of(kind, name) for pattern in patterns)


def _patterns(kind: str) -> tuple[str, ...]:
    return RESOURCES[NAMED[kind].service][NAMED[kind].kind]
