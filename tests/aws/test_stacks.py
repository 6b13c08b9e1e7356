"""Stacks and what happens to them, told as AWS tells it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from botocore.stub import Stubber

from generator.aws import stacks
from generator.aws.door import Door
from generator.aws.stacks import Stack
from generator.errors import AwsRefusedError
from tests.aws.local import Cloud, door_to

ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/time-pipeline/1"
PIPELINE = Stack("time-pipeline", ID, "UPDATE_COMPLETE")
NUMBERS = itertools.count()
TOPIC = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'


def event(name: str, status: str, reason: str = "") -> dict[str, Any]:
    """An event of a resource, or of the stack itself when it has its name."""
    return {
        "StackId": ID,
        "EventId": str(next(NUMBERS)),
        "StackName": "time-pipeline",
        "Timestamp": door_to("http://127.0.0.1:9").clock(),
        "LogicalResourceId": name,
        "PhysicalResourceId": ID if name == "time-pipeline" else f"{name}-1",
        "ResourceType": "AWS::X",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


def telling(door: Door, *looks: list[dict[str, Any]]) -> Stubber:
    """A client that shows all events up to then at each look, the newest first, as AWS does."""
    stub = Stubber(door.client("cloudformation"))
    for look in looks:
        stub.add_response("describe_stack_events", {"StackEvents": look[::-1]})
    return stub


def test_each_event_is_told_once_and_in_order_until_the_stack_is_at_rest() -> None:
    waited: list[float] = []
    door = door_to("http://127.0.0.1:9")
    door.sleep = waited.append
    old = event("time-pipeline", "CREATE_COMPLETE")
    begun = [old, event("time-pipeline", "UPDATE_IN_PROGRESS"), event("A", "UPDATE_COMPLETE")]
    done = [
        *begun,
        event("time-pipeline", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        event("time-pipeline", "UPDATE_COMPLETE"),
    ]
    with telling(door, [old], begun, begun, done):
        status = [event.status for event in stacks.follow(door, ID, old["EventId"])]
    assert status == [event["ResourceStatus"] for event in done[1:]]
    assert len(waited) == 3


def test_what_began_earlier_is_followed_from_its_beginning() -> None:
    door = door_to("http://127.0.0.1:9")
    before = [event("time-pipeline", "UPDATE_IN_PROGRESS"), event("time-pipeline", "UPDATE_COMPLETE")]
    begun = [*before, event("time-pipeline", "UPDATE_IN_PROGRESS"), event("A", "UPDATE_COMPLETE")]
    done = [*begun, event("time-pipeline", "UPDATE_COMPLETE")]
    with telling(door, begun, done):
        logical_ids = [event.logical_id for event in stacks.follow_to_rest(door, PIPELINE)]
    assert logical_ids == ["A", "time-pipeline"]


def test_a_stack_that_cannot_be_deleted_says_what_stood_in_the_way() -> None:
    door = door_to("http://127.0.0.1:9")
    old = event("time-pipeline", "UPDATE_COMPLETE")
    failed = [
        old,
        event("Bucket", "DELETE_FAILED", "The bucket you tried to delete is not empty"),
        event("time-pipeline", "DELETE_FAILED", "The following resource(s) failed to delete: [Bucket]"),
    ]
    stub = telling(door, [old])
    stub.add_response("delete_stack", {}, {"StackName": ID})
    stub.add_response("describe_stack_events", {"StackEvents": failed[::-1]})
    with stub, pytest.raises(AwsRefusedError) as refused:
        list(stacks.delete(door, PIPELINE))
    assert str(refused.value) == (
        "the stack time-pipeline could not be deleted\n  Bucket (AWS::X): The bucket you tried to delete is not empty"
    )


def test_a_stack_under_review_is_waited_for_until_it_is_gone(cloud: Cloud) -> None:
    cloud.client("cloudformation").create_change_set(
        StackName="only-reviewed", ChangeSetName="one", ChangeSetType="CREATE", TemplateBody=TOPIC
    )
    stack = stacks.find(cloud.door, "only-reviewed")
    assert stack is not None
    assert (stack.status, stack.settled) == ("REVIEW_IN_PROGRESS", True)
    assert [*stacks.delete(cloud.door, stack)] == []
    assert stacks.find(cloud.door, "only-reviewed") is None


def test_pauses_grow_and_stay_short() -> None:
    pauses = [*itertools.islice(stacks.pauses(), 20)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.1, 3.0)
