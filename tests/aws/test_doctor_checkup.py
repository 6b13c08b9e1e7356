"""All looks together: one that is refused is told of, and the others go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from generator.aws.doctor.check import Finding
from generator.aws.doctor.checkup import LOOKS, examine
from generator.aws.doctor.launched_stack import Launched, launched
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door
from tests.aws.doctor_parts import STACK, wants
from tests.aws.stubbed import Stubbed, stubbed


def good(_door: Door, _requirements: Requirements, _launched: Launched) -> Iterator[Finding]:
    yield Finding("first", "good", "all is well")


def denied(_door: Door, _requirements: Requirements, _launched: Launched) -> Iterator[Finding]:
    yield Finding("second", "good", "so far")
    message = "User x is not authorized to perform: s3:GetBucket"
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": message}}, "GetBucket")


def unreachable(_door: Door, _requirements: Requirements, _launched: Launched) -> Iterator[Finding]:
    raise EndpointConnectionError(endpoint_url="https://codecommit.mx-central-1.amazonaws.com")
    yield


def answers_identity(asked: Stubbed) -> None:
    answer = {"Arn": "arn:aws:iam::123456789012:user/ada", "Account": "123456789012", "UserId": "u"}
    asked.answers("sts", "get_caller_identity", answer)


def examined(asked: Stubbed, *looks: object) -> list[Finding]:
    answers_identity(asked)
    named = [(look.__name__, look) for look in looks]  # type: ignore[attr-defined]  # functions have names
    return list(examine(asked.door, wants(), Launched(), named))  # type: ignore[arg-type]  # they are looks


def test_the_first_line_says_who_asks_and_where() -> None:
    with stubbed("eu-west-1") as asked:
        (first,) = examined(asked)
    assert (first.verdict, first.message) == ("good", "arn:aws:iam::123456789012:user/ada in eu-west-1")


def test_a_refused_look_is_unseen_and_the_next_one_follows() -> None:
    with stubbed() as asked:
        findings = examined(asked, denied, unreachable, good)
    assert [(finding.subject, finding.verdict) for finding in findings[1:]] == [
        ("second", "good"),
        ("denied", "unseen"),
        ("unreachable", "unseen"),
        ("first", "good"),
    ]
    assert findings[2].message == "could not be looked at: these credentials may not s3:GetBucket"
    assert "allow s3:GetBucket" in findings[2].advice


def test_without_an_identity_nothing_is_looked_at() -> None:
    with stubbed() as asked:
        asked.refuses("sts", "get_caller_identity", "ExpiredToken")
        with pytest.raises(ClientError):
            list(examine(asked.door, wants(), Launched(), [("good", good)]))


def test_every_look_has_a_subject_of_its_own() -> None:
    subjects = [subject for subject, _ in LOOKS]
    assert len(set(subjects)) == len(subjects)


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS"])
def test_a_stack_that_holds_nothing_is_not_launched(status: str) -> None:
    stack = {"StackName": STACK, "StackId": "id", "StackStatus": status, "CreationTime": 0}
    with stubbed() as asked:
        asked.answers("cloudformation", "describe_stacks", {"Stacks": [stack]})
        assert launched(asked.door, STACK) == Launched()


def test_a_launched_stack_brings_its_parameters_and_resources() -> None:
    parameters = [{"ParameterKey": "BranchName", "ParameterValue": "trunk"}]
    stack = {"StackName": STACK, "StackId": "id", "StackStatus": "UPDATE_COMPLETE", "CreationTime": 0}
    held = {"LogicalResourceId": "R", "PhysicalResourceId": "r", "ResourceType": "T", "LastUpdatedTimestamp": 0}
    with stubbed() as asked:
        asked.answers("cloudformation", "describe_stacks", {"Stacks": [stack | {"Parameters": parameters}]})
        asked.answers(
            "cloudformation",
            "list_stack_resources",
            {"StackResourceSummaries": [held | {"ResourceStatus": "CREATE_COMPLETE"}]},
        )
        result = launched(asked.door, STACK)
    assert (result.there, result.parameters["BranchName"], result.physical_ids("T")) == (True, "trunk", ("r",))
