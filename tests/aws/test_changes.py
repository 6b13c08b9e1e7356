"""Change sets as values, as CloudFormation describes them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from generator.aws import changes, launch_state
from generator.aws.changes import Change, ChangeSet
from generator.aws.door import Door
from generator.aws.stacks import Stack, StackEvent
from generator.cli import launch_messages as words
from generator.errors import AwsRefusedError, PenstockError, RefusedError
from tests.aws.local import Cloud, door_to

NOWHERE = "http://127.0.0.1:9"
ARN = "arn:aws:cloudformation:us-east-1:123456789012"
SET = f"{ARN}:changeSet/penstock-1/1"
STACK = f"{ARN}:stack/time-pipeline/1"
TOPIC = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'


def described(status: str, reason: str = "", *resource_changes: dict[str, Any]) -> dict[str, Any]:
    """An answer to DescribeChangeSet."""
    return {
        "Status": status,
        "StatusReason": reason,
        "Changes": [{"Type": "Resource", "ResourceChange": entry} for entry in resource_changes],
    }


def proposed(door: Door, *answers: dict[str, Any], discarded: bool = False) -> ChangeSet | None:
    """What comes of an update whose change set is described like this, time after time."""
    stub = Stubber(door.client("cloudformation"))
    stub.add_response("create_change_set", {"Id": SET, "StackId": STACK})
    for answer in answers:
        stub.add_response("describe_change_set", answer, {"ChangeSetName": SET})
    if discarded:
        stub.add_response("delete_change_set", {}, {"ChangeSetName": SET})
    with stub:
        proposal = changes.propose(door, "time-pipeline", TOPIC, Stack("time-pipeline", STACK, "CREATE_COMPLETE"))
        stub.assert_no_pending_responses()
    return proposal


def a_change(kind: str, **more: Any) -> dict[str, Any]:
    return {"Action": "Modify", "LogicalResourceId": "It", "ResourceType": kind, **more}


def test_it_waits_until_cloudformation_has_thought_it_over() -> None:
    waited: list[float] = []
    door = door_to(NOWHERE)
    door.sleep = waited.append
    ready = described("CREATE_COMPLETE")
    assert proposed(door, described("CREATE_PENDING"), described("CREATE_IN_PROGRESS"), ready, ready)
    assert len(waited) == 2


@pytest.mark.parametrize(
    "reason", ["The submitted information didn't contain changes.", "No updates are to be performed."]
)
def test_nothing_to_change_leaves_no_change_set(reason: str) -> None:
    assert proposed(door_to(NOWHERE), described("FAILED", reason), discarded=True) is None


def test_a_change_that_cannot_be_made_says_cloudformation_s_reason() -> None:
    with pytest.raises(AwsRefusedError, match="Template error: no such thing"):
        proposed(door_to(NOWHERE), described("FAILED", "Template error: no such thing"), discarded=True)


@pytest.mark.parametrize(
    "kind", ["S3::Bucket", "KMS::Key", "CodeCommit::Repository", "IAM::Role", "CodePipeline::Pipeline"]
)
def test_replacing_what_is_hard_to_replace_weighs(kind: str) -> None:
    replaced = a_change(f"AWS::{kind}", Replacement="True", Details=[{"Target": {"Name": "Name"}}])
    ready = described("CREATE_COMPLETE", "", replaced)
    proposal = proposed(door_to(NOWHERE), ready, ready)
    assert proposal is not None
    noun = kind.rpartition("::")[2].lower()
    assert (proposal.changes[0].replaces, proposal.changes[0].properties) == (noun, ("Name",))
    assert words.lost(proposal) == f"The {noun} It is replaced"
    assert [*words.changes(proposal, "s", "r")][1] == f"  ! It (AWS::{kind}): Name; replaced"


@pytest.mark.parametrize(
    ("change", "weighs"),
    [
        (Change("Remove", "R", "AWS::CodeCommit::Repository"), "repository"),
        (Change("Remove", "R", "AWS::IAM::Role"), ""),
        (Change("Modify", "B", "AWS::S3::Bucket", replacement="False"), ""),
        (Change("Modify", "B", "AWS::S3::Bucket", replacement="Conditional"), ""),
        (Change("Modify", "F", "AWS::Lambda::Function", replacement="True"), ""),
        (Change("Add", "B", "AWS::S3::Bucket"), ""),
    ],
)
def test_other_changes_weigh_only_where_something_is_lost(change: Change, weighs: str) -> None:
    assert change.replaces == weighs


def test_an_interrupted_proposal_leaves_no_change_set() -> None:
    def leave(_seconds: float) -> None:
        raise KeyboardInterrupt

    door = door_to(NOWHERE)
    door.sleep = leave
    with pytest.raises(KeyboardInterrupt):
        proposed(door, described("CREATE_PENDING"), discarded=True)


def test_only_the_capability_a_pipeline_needs_is_given() -> None:
    door = door_to(NOWHERE)
    stub = Stubber(door.client("cloudformation"))
    expected = {
        "StackName": "t",
        "ChangeSetName": ANY,
        "ChangeSetType": "CREATE",
        "TemplateBody": TOPIC,
        "Capabilities": ["CAPABILITY_IAM"],
    }
    stub.add_response("create_change_set", {"Id": SET, "StackId": STACK}, expected)
    stub.add_response("describe_change_set", described("CREATE_COMPLETE"))
    stub.add_response("describe_change_set", described("CREATE_COMPLETE"))
    with stub:
        proposal = changes.propose(door, "t", TOPIC, None)
    assert proposal == ChangeSet(SET, STACK, first=True, changes=())


def test_discarding_a_first_one_takes_its_empty_stack_along(cloud: Cloud) -> None:
    proposal = changes.propose(cloud.door, "discarded", TOPIC, None)
    assert proposal is not None
    changes.discard(cloud.door, proposal)
    assert "discarded" not in {
        stack["StackName"] for stack in cloud.client("cloudformation").describe_stacks()["Stacks"]
    }


def stack(status: str, **parameters: str) -> Stack:
    return Stack("time-pipeline", STACK, status, parameters=parameters)


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"])
def test_a_stuck_stack_is_refused_with_the_way_out(status: str) -> None:
    with pytest.raises(AwsRefusedError, match=r"`penstock (doctor|destroy)`"):
        launch_state.admit(stack(status, ServiceName="time"), "time")


@pytest.mark.parametrize(
    ("expected", "message"),
    [(stack("CREATE_COMPLETE", ServiceName="other"), "not time"), (stack("CREATE_COMPLETE"), "not a pipeline")],
)
def test_somebody_else_s_stack_is_refused(expected: Stack, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        launch_state.admit(expected, "time")


@pytest.mark.parametrize("status", [*sorted(launch_state.FAILED_CREATE), "CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_our_own_stack_and_the_rest_of_a_failed_create_are_admitted(status: str) -> None:
    try:
        launch_state.admit(stack(status, ServiceName="time"), "time")
    except PenstockError as refused:
        pytest.fail(str(refused))


def test_how_a_change_ended_comes_with_why_and_without_what_was_cancelled() -> None:
    moment = door_to(NOWHERE).clock()

    def event(name: str, status: str, reason: str = "", *, own: bool = False) -> StackEvent:
        return StackEvent(name, moment, name, "", "AWS::X", status, reason, own)

    happened = [
        event("A", "CREATE_FAILED", "no such key"),
        event("B", "CREATE_FAILED", "Resource creation cancelled"),
        event("time", "ROLLBACK_COMPLETE", own=True),
    ]
    *shown, ended = launch_state.watch(iter(happened))
    assert shown == happened
    assert isinstance(ended, launch_state.Ended)
    assert (ended.status, ended.succeeded, launch_state.why(ended)) == (
        "ROLLBACK_COMPLETE",
        False,
        "  A (AWS::X): no such key",
    )


@pytest.mark.parametrize(
    ("region", "host"), [("cn-north-1", "console.amazonaws.cn"), ("us-gov-west-1", "console.amazonaws-us-gov.com")]
)
def test_other_partitions_have_consoles_of_their_own(region: str, host: str) -> None:
    assert launch_state.console(door_to(NOWHERE, region=region)) == f"https://{region}.{host}"
