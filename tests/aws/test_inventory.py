"""What belongs to a service, found among everything else of an account."""

from __future__ import annotations

import json

from botocore.stub import Stubber

from generator.aws.inventory import inventory
from tests.aws.local import Cloud, door_to

TOPIC = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
ROLE = "arn:aws:iam::123456789012:role/old-pipeline-DeployRole-1"


def test_another_service_s_stacks_are_none_of_ours(cloud: Cloud) -> None:
    cloud.client("cloudformation").create_stack(StackName="alone-beta", TemplateBody=TOPIC)
    found = inventory(cloud.door, "alone-pipeline")
    assert (found.pipeline, found.deployed, found.kept) == (None, (), ())


def test_a_stack_under_review_is_found_and_holds_nothing(cloud: Cloud) -> None:
    cloud.client("cloudformation").create_change_set(
        StackName="review-pipeline", ChangeSetName="one", ChangeSetType="CREATE", TemplateBody=TOPIC
    )
    found = inventory(cloud.door, "review-pipeline")
    assert found.pipeline is not None
    assert (found.pipeline.status, found.deployed, found.kept) == ("REVIEW_IN_PROGRESS", (), ())


def test_a_stack_deployed_with_the_pipeline_s_role_is_found_whatever_it_is_called() -> None:
    door = door_to("http://127.0.0.1:9")
    cloudformation, iam = Stubber(door.client("cloudformation")), Stubber(door.client("iam"))
    stack = {"CreationTime": door.clock(), "StackStatus": "CREATE_COMPLETE"}
    gone = {**stack, "StackName": "old-pipeline", "StackId": "arn:old", "StackStatus": "DELETE_COMPLETE"}
    skipped = {
        "StackId": "arn:old",
        "EventId": "1",
        "StackName": "old-pipeline",
        "Timestamp": door.clock(),
        "LogicalResourceId": "DeployRole",
        "PhysicalResourceId": "old-pipeline-DeployRole-1",
        "ResourceType": "AWS::IAM::Role",
        "ResourceStatus": "DELETE_SKIPPED",
    }
    cloudformation.add_client_error("describe_stacks", "ValidationError", "Stack with id old-pipeline does not exist")
    cloudformation.add_response("list_stacks", {"StackSummaries": [gone]})
    cloudformation.add_response("describe_stack_events", {"StackEvents": [skipped]})
    role = {"Path": "/", "RoleName": "old-pipeline-DeployRole-1", "RoleId": "A" * 16, "Arn": ROLE}
    iam.add_response("get_role", {"Role": {**role, "CreateDate": door.clock()}})
    cloudformation.add_response("describe_stacks", {"Stacks": [gone]})
    cloudformation.add_response("get_template", {"TemplateBody": json.dumps({"Resources": {}})})
    renamed = {**stack, "StackName": "renamed", "StackId": "arn:renamed", "RoleARN": ROLE}
    other = {**stack, "StackName": "other", "StackId": "arn:other", "RoleARN": f"{ROLE}2"}
    cloudformation.add_response("describe_stacks", {"Stacks": [other, renamed]})
    with cloudformation, iam:
        found = inventory(door, "old-pipeline")
    assert [(one.stack.name, one.stage, one.guarded) for one in found.deployed] == [("renamed", "", True)]
