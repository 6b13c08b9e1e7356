"""Names that a template fixes and that somebody has already.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.rehearsal.emulator.ministack import cloudformation
from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource

NAMES: Mapping[str, str] = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Parameter": "Name",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}
"""The property that fixes a type's name; the name belongs to one thing of that type in an account and region."""


class NameTakenError(ValueError):
    """Why a thing of this name cannot be made."""


def refuse(resource: PlannedResource) -> None:
    """Raise NameTakenError when a thing of this name is there already."""
    title = NAMES.get(resource.type, "")
    name = resource.properties.get(title)
    if not isinstance(name, str) or (resource.old is not None and resource.old.get(title) == name):
        return
    for existing in cloudformation.existing_resources():
        if (
            existing.type == resource.type
            and existing.properties.get(title) == name
            and not _is_itself(existing, resource)
        ):
            raise NameTakenError(f"{name} already exists in stack {existing.stack_id}")
    if cloudformation.exists(resource.type, name) and not _replaced(resource):
        raise NameTakenError(f"{name} already exists")


def _is_itself(existing: cloudformation.ExistingResource, resource: PlannedResource) -> bool:
    return (existing.stack, existing.logical_id) == (resource.stack, resource.logical_id)


def _replaced(resource: PlannedResource) -> bool:
    """Whether the stack has it under this logical id already: made again, it keeps its name."""
    return any(_is_itself(existing, resource) for existing in cloudformation.existing_resources())
