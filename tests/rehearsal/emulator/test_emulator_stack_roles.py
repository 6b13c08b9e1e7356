"""CloudFormation works under the stack's role: each listed type in real stacks, and what a missing right leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.iam.cloudformation_calls.calls import Call
from generator.rehearsal.iam.cloudformation_calls.types import KINDS
from tests.rehearsal.emulator.stacks import Stack, settled
from tests.rehearsal.emulator.under_roles import Role, RoleStack, all_actions
from tests.rehearsal.iam.cloudformation_call_examples import EXAMPLES, QUEUE

# Not made here: types the emulator has not, and those whose example needs something from outside the stack.
NOT_HERE = {
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::CloudFormation::CustomResource",
    "AWS::CloudFormation::Stack",
    "AWS::CloudFormation::WaitCondition",
    "AWS::CloudFormation::WaitConditionHandle",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::LayerVersionPermission",
}
HERE = sorted(set(KINDS) - NOT_HERE)


def resources(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    beside = EXAMPLES[kind].beside
    # A deployment, above all, wants the methods to be there.
    before = sorted(name for name, resource in beside.items() if "'It'" not in str(resource))
    return {**beside, "It": {"Type": kind, "Properties": dict(properties), "DependsOn": before}}


def firmly(calls: tuple[Call, ...]) -> list[str]:
    """The actions that are called whatever the properties are."""
    return [call.action for call in calls if not (call.when or call.lost)]


@pytest.fixture
def role(emulator: Emulator) -> Role:
    return Role(emulator)


@pytest.mark.parametrize("kind", HERE)
def test_a_stack_of_every_type_is_made_changed_and_deleted_with_all_its_rights(
    emulator: Emulator, role: Role, kind: str
) -> None:
    example, stack = EXAMPLES[kind], RoleStack(emulator, role)
    listed = resources(kind, example.created)
    role.may(all_actions(listed))
    assert stack.create(listed) == "CREATE_COMPLETE", stack.failures()
    if example.changed is not None:
        assert stack.update(resources(kind, example.changed)) == "UPDATE_COMPLETE", stack.failures()
    assert stack.failures() == []
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()


def besides(kind: str, action: str) -> bool:
    """Whether nothing beside the resource itself calls the action."""
    return action not in all_actions(EXAMPLES[kind].beside)


CREATED = [kind for kind in HERE if any(besides(kind, action) for action in firmly(KINDS[kind].create))]
DELETED = [kind for kind in HERE if any(besides(kind, action) for action in firmly(KINDS[kind].delete))]


@pytest.mark.parametrize("kind", CREATED)
def test_a_right_to_create_that_is_missing_rolls_the_stack_back(emulator: Emulator, role: Role, kind: str) -> None:
    missing = next(action for action in firmly(KINDS[kind].create) if besides(kind, action))
    template, stack = resources(kind, EXAMPLES[kind].created), RoleStack(emulator, role)
    role.may(all_actions(template) - {missing})
    assert stack.create(template) == "ROLLBACK_COMPLETE"
    assert f"is not authorized to perform: {missing} on resource: " in stack.failures()[0]
    assert ("It", "CREATE_FAILED") in stack.events()


@pytest.mark.parametrize("kind", DELETED)
def test_a_right_to_delete_that_is_missing_leaves_the_stack_delete_failed(
    emulator: Emulator, role: Role, kind: str
) -> None:
    missing = next(action for action in firmly(KINDS[kind].delete) if besides(kind, action))
    template, stack = resources(kind, EXAMPLES[kind].created), RoleStack(emulator, role)
    role.may(all_actions(template) - {missing})
    if missing not in firmly(KINDS[kind].create):
        assert stack.create(template) == "CREATE_COMPLETE", stack.failures()
    else:
        role.may(all_actions(template))
        stack.create(template)
        role.may(all_actions(template) - {missing})
    assert stack.delete() == "DELETE_FAILED"
    assert f"is not authorized to perform: {missing} on resource: " in stack.failures()[0]
    role.may(all_actions(template))
    assert stack.delete() == "DELETE_COMPLETE"


QUEUE_TO_CHANGE = {"It": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 1}}}
QUEUE_CHANGED = {"It": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 2}}}
EVERY_QUEUE_RIGHT = all_actions(QUEUE_TO_CHANGE)


def test_a_refusal_is_worded_as_aws_words_it_and_says_what_would_help(emulator: Emulator, role: Role) -> None:
    role.may({"sqs:GetQueueAttributes"})
    stack = RoleStack(emulator, role)
    assert (
        stack.create({"It": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "named"}}}) == "ROLLBACK_COMPLETE"
    )
    session = f"arn:aws:sts::123456789012:assumed-role/{role.name}/AWSCloudFormation"
    queue = "arn:aws:sqs:us-east-1:123456789012:named"
    statement = {"Effect": "Allow", "Action": "sqs:CreateQueue", "Resource": queue}
    words = (
        f"User: {session} is not authorized to perform: sqs:CreateQueue on resource: {queue} because no identity-based"
        " policy allows the sqs:CreateQueue action (Service: Sqs, Status Code: 403)"
    )
    text = f'Resource handler returned message: "{words}" (HandlerErrorCode: AccessDenied)'
    extra = {"extra": [{"actions": ["sqs:CreateQueue"], "resources": [queue]}]}
    pasted = f"in the pipeline file: deploy_role: {json.dumps(extra)}"
    helps = f"statement that would allow it: {json.dumps(statement)}; {pasted}"
    assert stack.failures() == [f"{text} ({helps})"]


def test_a_right_to_change_that_is_missing_rolls_the_update_back(emulator: Emulator, role: Role) -> None:
    role.may(EVERY_QUEUE_RIGHT - {"sqs:SetQueueAttributes"})
    stack = RoleStack(emulator, role)
    stack.create(QUEUE_TO_CHANGE)
    assert stack.update(QUEUE_CHANGED) == "UPDATE_ROLLBACK_COMPLETE"
    assert ("It", "UPDATE_FAILED") in stack.events()


def test_a_rollback_that_may_not_delete_fails(emulator: Emulator, role: Role) -> None:
    role.may({"sqs:CreateQueue", "sqs:GetQueueAttributes"})
    topic = {"Type": "AWS::SNS::Topic", "DependsOn": "Q"}
    stack = RoleStack(emulator, role)
    assert stack.create({**QUEUE, "T": topic}) == "ROLLBACK_FAILED"
    assert [event for event in stack.events() if event[1].endswith("FAILED")][:2] == [
        ("T", "CREATE_FAILED"),
        ("Q", "DELETE_FAILED"),
    ]


def test_a_rollback_that_may_not_change_back_fails(emulator: Emulator, role: Role) -> None:
    """The change back takes a tag away, for which nobody gave a right."""
    role.may((EVERY_QUEUE_RIGHT | {"sns:GetTopicAttributes"}) - {"sqs:UntagQueue"})
    stack = RoleStack(emulator, role)
    stack.create(QUEUE_TO_CHANGE)
    tagged = {
        "It": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 1, "Tags": [{"Key": "a", "Value": "b"}]}}
    }
    topic = {"Type": "AWS::SNS::Topic", "DependsOn": "It"}
    assert stack.update({**tagged, "T": topic}) == "UPDATE_ROLLBACK_FAILED"


def test_a_clean_up_that_may_not_delete_is_said_and_the_update_stands(emulator: Emulator, role: Role) -> None:
    role.may(EVERY_QUEUE_RIGHT - {"sqs:DeleteQueue"})
    stack = RoleStack(emulator, role)
    stack.create({**QUEUE_TO_CHANGE, **QUEUE})
    assert stack.update(QUEUE_TO_CHANGE) == "UPDATE_COMPLETE"
    assert ("Q", "DELETE_FAILED") in stack.events()


def test_another_name_makes_another_queue_and_needs_the_right_to_delete_the_old_one(
    emulator: Emulator, role: Role
) -> None:
    def named(name: str) -> dict[str, Any]:
        return {"It": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}}

    role.may(EVERY_QUEUE_RIGHT - {"sqs:DeleteQueue", "sqs:SetQueueAttributes"})
    stack = RoleStack(emulator, role)
    stack.create(named("first"))
    assert stack.update(named("second")) == "UPDATE_COMPLETE"
    assert ("It", "DELETE_FAILED") in stack.events()
    assert "sqs:DeleteQueue" in stack.failures()[0]


def test_the_role_stays_with_the_stack(emulator: Emulator, role: Role) -> None:
    role.may(EVERY_QUEUE_RIGHT)
    stack = RoleStack(emulator, role)
    stack.create(QUEUE_TO_CHANGE)
    assert stack.described()["RoleARN"] == role.arn
    role.may({"sqs:GetQueueAttributes"})
    # Neither call names the role.
    assert stack.update(QUEUE_CHANGED) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.delete() == "DELETE_FAILED"


@pytest.mark.parametrize("services", [("lambda",), ()])
def test_a_role_that_is_not_there_or_trusts_others_is_refused(emulator: Emulator, services: tuple[str, ...]) -> None:
    arn = Role(emulator, services).arn if services else "arn:aws:iam::123456789012:role/nobody"
    with pytest.raises(ClientError, match=f"Role {arn} is invalid or cannot be assumed"):
        emulator.client("cloudformation").create_stack(
            StackName="x", TemplateBody=json.dumps({"Resources": QUEUE}), RoleARN=arn
        )


def test_the_account_itself_needs_no_rights(emulator: Emulator) -> None:
    stack = Stack(emulator, QUEUE)
    assert stack.status == "CREATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_change_set_carries_its_role_to_the_stack(emulator: Emulator, role: Role) -> None:
    role.may({"sqs:GetQueueAttributes"})
    cloudformation, body = emulator.client("cloudformation"), json.dumps({"Resources": QUEUE})
    cloudformation.create_change_set(
        StackName="by-change-set", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body, RoleARN=role.arn
    )
    cloudformation.execute_change_set(StackName="by-change-set", ChangeSetName="c")
    assert settled(cloudformation, "by-change-set") == "ROLLBACK_COMPLETE"
    assert cloudformation.describe_stacks(StackName="by-change-set")["Stacks"][0]["RoleARN"] == role.arn


def test_a_transform_needs_its_change_set(emulator: Emulator, role: Role) -> None:
    role.may(EVERY_QUEUE_RIGHT)
    stack = RoleStack(emulator, role)
    transform = "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31"
    with pytest.raises(ClientError, match=f"cloudformation:CreateChangeSet on resource: {transform}"):
        stack.create(QUEUE, Transform="AWS::Serverless-2016-10-31")
    role.may(EVERY_QUEUE_RIGHT | {"cloudformation:CreateChangeSet"})
    assert stack.create(QUEUE, Transform="AWS::Serverless-2016-10-31") == "CREATE_COMPLETE"


def test_parameters_and_references_are_read_under_the_role(emulator: Emulator, role: Role) -> None:
    emulator.client("ssm").put_parameter(Name="/shop/delay", Value="3", Type="String")
    queue = {"It": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": "{{resolve:ssm:/shop/delay}}"}}}
    role.may(EVERY_QUEUE_RIGHT)
    stack = RoleStack(emulator, role)
    assert stack.create(queue) == "ROLLBACK_COMPLETE"
    named = "ssm:GetParameters on resource: arn:aws:ssm:us-east-1:123456789012:parameter/shop/delay"
    assert named in stack.failures()[0]
    parameters = {"Delay": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shop/delay"}}
    with pytest.raises(ClientError, match=named):
        RoleStack(emulator, role).create(QUEUE, Parameters=parameters)
    role.may(EVERY_QUEUE_RIGHT | {"ssm:GetParameters"})
    assert RoleStack(emulator, role).create(queue, Parameters=parameters) == "CREATE_COMPLETE"


def test_a_nested_stacks_resources_are_made_and_deleted_under_the_role(emulator: Emulator, role: Role) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="nests")
    s3.put_object(Bucket="nests", Key="inner.json", Body=json.dumps({"Resources": QUEUE}))
    url = "https://s3.us-east-1.amazonaws.com/nests/inner.json"
    outer = {"N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}}
    role.may(all_actions(outer) | {"sqs:GetQueueAttributes"})
    stack = RoleStack(emulator, role)
    assert stack.create(outer).startswith("ROLLBACK")
    assert any("sqs:CreateQueue" in failure for failure in stack.failures())
    role.may(all_actions(outer) | EVERY_QUEUE_RIGHT - {"sqs:DeleteQueue"})
    second = RoleStack(emulator, role)
    assert second.create(outer) == "CREATE_COMPLETE", second.failures()
    assert second.delete() == "DELETE_FAILED"


def test_a_type_without_a_list_is_noted_as_not_checked(emulator: Emulator, role: Role) -> None:
    role.may({"sts:GetCallerIdentity"})
    stack = RoleStack(emulator, role)
    assert stack.create({"K": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}}}) == "CREATE_COMPLETE"
    assert "AWS::KMS::Key" in emulator.ledger()["unchecked"]


def _nested(emulator: Emulator) -> dict[str, Any]:
    """A stack in a stack, of one queue."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="templates-of-nested-stacks")
    inner = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}
    s3.put_object(Bucket="templates-of-nested-stacks", Key="queue.json", Body=json.dumps(inner))
    url = "https://s3.us-east-1.amazonaws.com/templates-of-nested-stacks/queue.json"
    return {"It": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}}


def test_a_nested_stack_is_made_by_a_role_that_may_pass_itself_to_cloudformation(
    emulator: Emulator, role: Role
) -> None:
    nested, stack = _nested(emulator), RoleStack(emulator, role)
    rights = {*all_actions(nested), *EVERY_QUEUE_RIGHT, "s3:GetObject"}
    role.may(rights - {"iam:PassRole"})
    assert stack.create(nested) == "ROLLBACK_COMPLETE"
    assert f"is not authorized to perform: iam:PassRole on resource: {role.arn} " in stack.failures()[0]
    role.may(rights)
    again = RoleStack(emulator, role)
    assert again.create(nested) == "CREATE_COMPLETE", again.failures()


def test_an_application_of_the_repository_asks_for_the_rights_to_its_template(emulator: Emulator, role: Role) -> None:
    application = "arn:aws:serverlessrepo:us-east-1:111122223333:applications/rotation"
    location = {"ApplicationId": application, "SemanticVersion": "1.0.0"}
    template = {"A": {"Type": "AWS::Serverless::Application", "Properties": {"Location": location}}}
    role.may({"cloudformation:CreateChangeSet"})
    with pytest.raises(ClientError, match=f"serverlessrepo:CreateCloudFormationTemplate on resource: {application}"):
        RoleStack(emulator, role).create(template, Transform="AWS::Serverless-2016-10-31")
