"""What is shown of builds and of stacks that were deployed."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws import build_logs, stack_events
from generator.aws.pipeline_answers import run_of
from generator.aws.section import Section
from tests.aws.answers import at, detail
from tests.aws.stubbed import Stubbed

STACK = "arn:aws:cloudformation:us-east-1:123456789012:stack/clock-beta/11111111-2222-4333-8444-555555555555"
INNER = STACK.replace("clock-beta", "clock-beta-Inner")
DEPLOYED = run_of(detail("Beta/Deploy", result={"externalExecutionId": STACK}))
BUILD = {"id": "clock-build:1", "logs": {"groupName": "/aws/codebuild/clock-build", "streamName": "1"}}


def build(**fields: Any) -> tuple[Section, ...]:
    aws = Stubbed()
    aws.answers("codebuild", "batch_get_builds", {"builds": [{**BUILD, **fields}]}, ids=["clock-build:1"])
    aws.answers("logs", "get_log_events", {"events": [{"message": "make: *** Error 1"}]})
    return build_logs.sections(
        aws.door, run_of(detail("Build/Build", result={"externalExecutionId": "clock-build:1"})), 10
    )


def test_a_build_shows_its_log() -> None:
    assert build() == (Section("log of build clock-build:1", ("make: *** Error 1",)),)


def test_a_build_shows_the_phase_that_failed_and_why() -> None:
    phases = [
        {"phaseType": "INSTALL", "phaseStatus": "SUCCEEDED", "contexts": [{"message": ""}]},
        {"phaseType": "BUILD", "phaseStatus": "FAILED", "contexts": [{"message": "exit status 1"}]},
        {"phaseType": "POST_BUILD", "phaseStatus": "FAULT"},
        {"phaseType": "COMPLETED"},
    ]
    failed, log = build(phases=phases)
    assert failed == Section("failed phase", ("BUILD FAILED: exit status 1", "POST_BUILD FAULT: no reason given"))
    assert log.title == "log of build clock-build:1"


def test_a_build_that_never_wrote_says_so() -> None:
    (log,) = build(logs={"groupName": "/aws/codebuild/clock-build"})
    assert log.lines == ("nothing was written to CloudWatch Logs",)


@pytest.mark.parametrize("identity", ["clock-build:1", ""])
def test_a_build_that_is_gone_says_so(identity: str) -> None:
    aws = Stubbed()
    aws.answers("codebuild", "batch_get_builds", {"builds": []})
    (section,) = build_logs.sections(
        aws.door, run_of(detail("Build/Build", result={"externalExecutionId": identity})), 10
    )
    assert section.lines == ("there is no build of this run (any more)",)


def event(logical: str, status: str, reason: str = "", second: float = 1, **fields: Any) -> dict[str, Any]:
    return {
        "StackId": STACK,
        "EventId": f"{logical}-{status}-{second}",
        "StackName": "clock-beta",
        "LogicalResourceId": logical,
        "ResourceType": "AWS::SQS::Queue",
        "Timestamp": at(second),
        "ResourceStatus": status,
        **({"ResourceStatusReason": reason} if reason else {}),
        **fields,
    }


def whole(status: str, second: float = 1) -> dict[str, Any]:
    return event(
        "clock-beta", status, second=second, ResourceType="AWS::CloudFormation::Stack", PhysicalResourceId=STACK
    )


def happened(aws: Stubbed, *events: dict[str, Any], asked: str = STACK, stack: str = STACK) -> None:
    """CloudFormation will find a stack by its id or name, and tell what happened to it, the newest first."""
    name = stack.split("/")[1]
    description = {"StackName": name, "StackId": stack, "CreationTime": at(0), "StackStatus": "UPDATE_COMPLETE"}
    aws.answers("cloudformation", "describe_stacks", {"Stacks": [description]}, StackName=asked)
    aws.answers("cloudformation", "describe_stack_events", {"StackEvents": list(events)}, StackName=stack)


def of_stack_events(*events: dict[str, Any]) -> tuple[Section, ...]:
    aws = Stubbed()
    happened(aws, *events)
    sections = stack_events.sections(aws.door, DEPLOYED, 10)
    aws.check()
    return sections


def test_a_stack_shows_what_failed_by_itself_the_oldest_first() -> None:
    (section,) = of_stack_events(
        whole("UPDATE_ROLLBACK_COMPLETE", 3),
        event("Other", "CREATE_FAILED", "Resource creation cancelled", 2),
        event("Later", "UPDATE_FAILED", "Not\n  now", 2),
        event("Queue", "CREATE_FAILED", "Name taken"),
        event("Queue", "CREATE_IN_PROGRESS"),
    )
    assert section == Section(
        "failed events of stack clock-beta",
        (
            "12:00:01 CREATE_FAILED AWS::SQS::Queue Queue: Name taken",
            "12:00:02 UPDATE_FAILED AWS::SQS::Queue Later: Not now",
        ),
    )


def test_events_of_other_times_are_left_out() -> None:
    (section,) = of_stack_events(
        event("Later", "CREATE_FAILED", second=60),
        event("Queue", "CREATE_FAILED"),
        event("Earlier", "CREATE_FAILED", second=-60),
    )
    assert section.lines == ("12:00:01 CREATE_FAILED AWS::SQS::Queue Queue",)


def test_a_stack_that_did_well_shows_its_own_events() -> None:
    (section,) = of_stack_events(
        whole("UPDATE_COMPLETE", 2), event("Queue", "UPDATE_COMPLETE"), whole("UPDATE_IN_PROGRESS")
    )
    assert section.title == "events of stack clock-beta"
    assert [text.split()[1] for text in section.lines] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]


def test_a_stack_to_which_nothing_happened_says_so() -> None:
    assert of_stack_events()[0].lines == ("nothing happened to it in that time",)


def test_a_nested_stack_that_failed_is_opened() -> None:
    aws = Stubbed()
    nested: dict[str, Any] = {"ResourceType": "AWS::CloudFormation::Stack", "PhysicalResourceId": INNER}
    never_made: dict[str, Any] = {"ResourceType": "AWS::CloudFormation::Stack"}
    happened(
        aws, event("Inner", "CREATE_FAILED", "See inside", **nested), event("Other", "CREATE_FAILED", **never_made)
    )
    happened(aws, event("Table", "CREATE_FAILED", "Limit", StackId=INNER), asked=INNER, stack=INNER)
    first, second = stack_events.sections(aws.door, DEPLOYED, 10)
    aws.check()
    assert (first.title, second.title) == (
        "failed events of stack clock-beta",
        "failed events of stack clock-beta-Inner",
    )
    assert second.lines == ("12:00:01 CREATE_FAILED AWS::SQS::Queue Table: Limit",)


BY_NAME = run_of(detail("Beta/Deploy", configuration={"StackName": "clock-beta"}))


def test_a_stack_is_found_by_its_name_when_the_action_never_had_its_id() -> None:
    aws = Stubbed()
    happened(aws, event("Queue", "CREATE_FAILED"), asked="clock-beta")
    (section,) = stack_events.sections(aws.door, BY_NAME, 10)
    aws.check()
    assert section.lines == ("12:00:01 CREATE_FAILED AWS::SQS::Queue Queue",)


def test_a_stack_that_is_gone_says_so() -> None:
    aws = Stubbed()
    aws.refuses("cloudformation", "describe_stacks", "ValidationError", "Stack with id clock-beta does not exist")
    (section,) = stack_events.sections(aws.door, BY_NAME, 10)
    assert section == Section("events of stack clock-beta", ("there is no such stack (any more)",))
