"""Templates changed by themselves: what is added, what stays, and what cannot be changed."""

from __future__ import annotations

from typing import Any

import pytest

from generator.rehearsal.codepipeline.template import parse
from generator.rehearsal.driver import variations
from generator.rehearsal.driver.variations import UnchangeableError

TAGGED = {"penstock-rehearsal": "changed"}
LISTED = [{"Key": "penstock-rehearsal", "Value": "changed"}]


def resources(**named: Any) -> str:
    """A template whose resources are of these types, each with properties or without."""
    resources = {
        name: f"Type: {resource}" if isinstance(resource, str) else f"Type: {resource[0]}\n    {resource[1]}"
        for name, resource in named.items()
    }
    return "Resources:\n" + "".join(f"  {name}:\n    {text}\n" for name, text in resources.items())


def properties(template: str, name: str) -> Any:
    return parse(template)["Resources"][name].get("Properties", {})


@pytest.mark.parametrize(
    ("resource", "tags"),
    [
        ("AWS::Serverless::Function", TAGGED),
        ("AWS::Serverless::SimpleTable", TAGGED),
        ("AWS::SQS::Queue", LISTED),
        ("AWS::SSM::Parameter", TAGGED),
        (("AWS::SQS::Queue", "Properties: {Tags: [{Key: a, Value: b}]}"), [{"Key": "a", "Value": "b"}, *LISTED]),
        (("AWS::Serverless::Function", "Properties: {Tags: {a: b}}"), {"a": "b", **TAGGED}),
    ],
    ids=str,
)
def test_a_resource_gets_a_tag_more_as_its_type_writes_tags(resource: Any, tags: Any) -> None:
    assert properties(variations.changed(resources(First=resource)), "First")["Tags"] == tags


@pytest.mark.parametrize(
    "resource",
    [
        ("AWS::SQS::Queue", "Properties: {Tags: !If [Some, [], []]}"),
        ("AWS::SQS::Queue", "Properties: {Tags: {Fn::If: [Some, [], []]}}"),
        "AWS::IAM::ManagedPolicy",
        "AWS::Lambda::Permission",
        "AWS::Serverless::Connector",
        "Custom::Own",
    ],
    ids=str,
)
def test_what_cannot_change_stays_and_is_said(resource: Any) -> None:
    with pytest.raises(UnchangeableError, match="no resource has tags or a description"):
        variations.changed(resources(First=resource))


def test_a_description_changes_where_it_makes_no_other_resource() -> None:
    changed = variations.changed(resources(First="AWS::Lambda::Function", Second="AWS::IAM::ManagedPolicy"))
    assert properties(changed, "First")["Description"] == "Changed by the rehearsal"
    assert properties(changed, "Second") == {}


def test_short_forms_and_texts_that_look_like_numbers_stay() -> None:
    text = resources(First=("AWS::SQS::Queue", 'Properties: {QueueName: !Sub "${Stage}-q", DelaySeconds: "010"}'))
    changed = variations.changed(text)
    assert "QueueName: !Sub '${Stage}-q'" in changed.replace('"', "'")
    assert properties(changed, "First")["DelaySeconds"] == "010"


def test_a_template_in_json_is_changed_too() -> None:
    changed = variations.changed('{"Resources": {"First": {"Type": "AWS::SQS::Queue"}}}')
    assert properties(changed, "First") == {"Tags": LISTED}


def test_the_resource_that_fails_waits_for_all_that_are_there_and_can_be_waited_for() -> None:
    failing = variations.failing(
        resources(
            Queue="AWS::SQS::Queue",
            Sometimes=("AWS::SQS::Queue", "Condition: Some"),
            Layer="AWS::Serverless::LayerVersion",
        )
    )
    refusal = parse(failing)["Resources"]["PenstockRehearsalRefusal"]
    assert refusal["DependsOn"] == ["Queue"]
    assert refusal["Properties"] == {"Handle": {"Ref": "PenstockRehearsalHandle"}, "Timeout": "1"}


def test_the_handlers_of_broken_functions_are_not_there() -> None:
    text = "Globals: {Function: {Handler: a.b}}\n" + resources(
        First=("AWS::Serverless::Function", "Properties: {Handler: app.handler}"), Second="AWS::Serverless::Function"
    )
    broken = variations.broken(text)
    assert properties(broken, "First")["Handler"] == "app.handler_that_is_not_there"
    assert parse(broken)["Globals"] == {"Function": {"Handler": "a.b_that_is_not_there"}}


def test_without_a_handler_nothing_can_be_broken() -> None:
    with pytest.raises(UnchangeableError, match="no function names a handler"):
        variations.broken(resources(First="AWS::SQS::Queue"))


def test_folders_of_code_are_below_the_template() -> None:
    text = resources(
        First=("AWS::Serverless::Function", "Properties: {CodeUri: src/}"),
        Second=("AWS::Serverless::Function", "Properties: {CodeUri: !Ref Somewhere}"),
        Third=("AWS::Serverless::Function", "Properties: {CodeUri: src}"),
    )
    assert variations.code_folders(text, "service/app.yaml") == ["service/src"]


@pytest.mark.parametrize("text", ["", "[]", "Resources: []", "Outputs: {}", "a: ["])
def test_what_is_no_template_is_said(text: str) -> None:
    with pytest.raises(UnchangeableError, match="the template"):
        variations.failing(text)
