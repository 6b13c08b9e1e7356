"""Deployments nothing would roll back, and layers of another region."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.model.deployment import Deployment
from generator.model.stage import Approval, Stage

Check = Callable[..., list[str]]


def shifting(preference: str) -> str:
    return (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        f"    Properties:\n      InlineCode: x\n      DeploymentPreference: {preference}\n"
    )


@pytest.mark.parametrize("preference", ["{Type: Canary10Percent5Minutes}", "{Type: AllAtOnce, Alarms: []}"])
def test_a_deployment_without_an_alarm_is_warned_of(check: Check, preference: str) -> None:
    assert check(shifting(preference)) == [
        (
            "app-sam.yaml:7:7: warning: DeploymentPreference of F has no alarm:"
            " nothing would roll a bad deployment back"
            " | name CloudWatch alarms of the function's version under Alarms, or a check under Hooks"
        )
    ]


@pytest.mark.parametrize(
    "preference",
    [
        "{Type: AllAtOnce, Alarms: [!Ref Errors]}",
        "{Type: AllAtOnce, Alarms: {'Fn::If': [P, [a], []]}}",
        "{Type: AllAtOnce, Hooks: {PreTraffic: !Ref Before}}",
        "{Enabled: false}",
        "!Ref Preference",
    ],
)
def test_a_deployment_that_something_ends_is_fine(check: Check, preference: str) -> None:
    assert check(shifting(preference)) == []


def test_a_preference_of_globals_is_said_once_and_there(check: Check) -> None:
    app = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {InlineCode: x, DeploymentPreference: {Type: AllAtOnce}}}
Resources:
  A: {Type: AWS::Serverless::Function}
  B: {Type: AWS::Serverless::Function}
"""
    [line] = check(app)
    assert line.startswith("app-sam.yaml:2:37: warning: DeploymentPreference of A has no alarm")


def layered(*layers: str) -> str:
    return (
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: {ZipFile: x}\n"
        f"      Layers: [{', '.join(layers)}]\n"
    )


def arn(region: str) -> str:
    return f"arn:aws:lambda:{region}:111122223333:layer:tools:7"


def stages_approved_in(region: str) -> tuple[Stage, ...]:
    approval = Approval(topic=f"arn:aws:sns:{region}:111122223333:approvals")
    return (Stage("prod", "Prod", (Deployment("Prod", "x-prod"),), "changeset", tested=True, approval=approval),)


def test_one_region_of_layers_is_only_told(check: Check) -> None:
    [line] = check(layered(f"'{arn('eu-west-1')}'", f"'{arn('eu-west-1')}'"))
    assert line.startswith("app-sam.yaml:6:15: info: layers by ARN tie the application to eu-west-1")


def test_layers_of_two_regions_cannot_both_be_right(check: Check) -> None:
    lines = check(layered(f"'{arn('eu-west-1')}'", f"'{arn('us-east-1')}'"))
    assert [line.split(" | ")[0] for line in lines] == [
        (
            f"app-sam.yaml:6:15: layer '{arn(region)}' is in a different region from its function:"
            " the layers are in eu-west-1 and us-east-1"
        )
        for region in ("eu-west-1", "us-east-1")
    ]


def test_a_layer_of_another_region_than_the_approvals_topic_is_refused(check: Check) -> None:
    [line] = check(layered(f"'{arn('eu-west-1')}'"), stages=stages_approved_in("us-east-1"))
    assert "is in a different region from its function: the pipeline is in us-east-1" in line
    assert check(layered(f"'{arn('eu-west-1')}'"), stages=stages_approved_in("eu-west-1")) == []


@pytest.mark.parametrize(
    "layer", ["!Ref Tools", "!Sub 'arn:aws:lambda:${AWS::Region}:111122223333:layer:tools:7'", "tools"]
)
def test_a_layer_of_the_stacks_own_region_is_fine(check: Check, layer: str) -> None:
    assert check(layered(layer)) == []
