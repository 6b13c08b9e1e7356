"""What a pipeline file grants by hand counts as covered, so that a build does not stop it for ever."""

from __future__ import annotations

import pytest
import yaml

from generator.model.iam import Statement
from generator.permissions import by_hand
from generator.permissions.explanation import needs


@pytest.mark.parametrize(
    ("actions", "kinds"),
    [
        (["pipes:CreatePipe", "pipes:DeletePipe"], ("AWS::Pipes::Pipe",)),
        (["pipes:*"], ("AWS::Pipes::Pipe",)),
        (["pipes:DeletePipe", "pipes:Describe*"], ()),
        (["s3:GetObject"], ()),
        (["shop:CreateTill"], ("AWS::shop::*",)),
        ([], ()),
    ],
)
def test_a_type_is_covered_by_what_lets_it_be_created(actions: list[str], kinds: tuple[str, ...]) -> None:
    assert by_hand.types([Statement("Extra1", tuple(actions), ("*",))]) == kinds


def test_all_types_of_a_service_that_publishes_nothing_are_covered_in_any_capitals() -> None:
    (till, queue) = needs({"A": "AWS::Shop::Till", "B": "AWS::SQS::Queue"}, ["AWS::shop::*"])
    assert till.covered
    assert not queue.covered


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::AmazonMQ::Broker",
        "AWS::Batch::JobQueue",
        "AWS::BedrockAgentCore::Runtime",
        "AWS::CertificateManager::Certificate",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::OpenSearchServerless::Collection",
        "AWS::Pinpoint::InAppTemplate",
        "AWS::ResourceGroups::Group",
        "AWS::Synthetics::Canary",
    ],
)
def test_what_is_shown_for_a_type_covers_it_whatever_its_service_calls_its_actions(kind: str) -> None:
    written = yaml.safe_load(by_hand.statements(kind, ["shop-beta"]))["deploy_role"]["extra"]
    granted = [Statement("E", tuple(each["actions"]), tuple(each["resources"])) for each in written]
    assert kind in by_hand.types(granted)
    assert all(
        action == f"{action.partition(':')[0].lower()}:{action.partition(':')[2]}" for action in granted[0].actions
    )
