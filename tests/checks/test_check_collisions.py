"""Names that collide between the stages of one account."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.checks.physical_names import PHYSICAL_NAMES

Check = Callable[..., list[str]]

_PARAMETERS = "Parameters:\n  Stage: {Type: String}\n  Size: {Type: String, Default: s}\n"


def _table(name: str, rest: str = "") -> str:
    table = f"  Times:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: {name}\n"
    return f"{_PARAMETERS}Resources:\n{table}{rest}"


def _hint(key: str, where: str = "in a region of an account") -> str:
    return f"it is unique {where}; let the name contain ${{AWS::StackName}} or ${{Stage}}, or leave {key} out"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("times", "times"),
        ("!Sub 'times-${Size}'", "times-s"),
        ("!Join ['-', [times, !Ref Size]]", "times-s"),
        ("!Sub 'times-${AWS::Region}-${AWS::AccountId}'", "times-${AWS::Region}-${AWS::AccountId}"),
    ],
)
def test_a_name_that_is_the_same_in_every_stage_collides(check: Check, name: str, message: str) -> None:
    assert check(_table(name)) == [
        (
            f"app-sam.yaml:8:18: TableName '{message}' of Times is the same in stages beta, gamma and prod"
            f" | {_hint('TableName')}"
        )
    ]


@pytest.mark.parametrize(
    "name",
    [
        "!Sub '${AWS::StackName}-times'",
        "!Sub 'times-${Stage}'",
        "!Ref Stage",
        "!Ref AWS::StackName",
        "!Join ['-', [times, !Ref Stage]]",
        "!Sub '${Other}-times'",
        "!FindInMap [Names, !Ref Stage, Times]",
        "!If [IsProd, times, other]",
        "!Ref AWS::NoValue",
    ],
)
def test_a_name_that_varies_or_is_unknown_before_launch_is_fine(check: Check, name: str) -> None:
    assert check(_table(name)) == []


def test_a_single_stage_cannot_collide(check: Check) -> None:
    assert check(_table("times"), file="stages: [prod]\n") == []


def test_a_parameter_that_differs_between_stages_parts_their_names(check: Check) -> None:
    file = "stages:\n  - beta: {parameters: {Size: s}}\n  - prod: {parameters: {Size: l}}\n"
    assert check(_table("!Sub 'times-${Size}'"), file=file) == []


def test_only_the_stages_that_collide_are_named(check: Check) -> None:
    file = "stages:\n  - beta\n  - gamma\n  - prod: {parameters: {Size: l}}\n"
    [line] = check(_table("!Sub 'times-${Size}'"), file=file)
    assert line.startswith("app-sam.yaml:8:18: TableName 'times-s' of Times is the same in stages beta and gamma | ")


def test_without_a_stage_parameter_the_hint_does_not_name_it(check: Check) -> None:
    app = "Resources:\n  Out: {Type: AWS::S3::Bucket, Properties: {BucketName: out}}\n"
    assert check(app) == [
        (
            "app-sam.yaml:2:57: BucketName 'out' of Out is the same in stages beta, gamma and prod"
            " | it is unique in the world; let the name contain ${AWS::StackName}, or leave BucketName out"
        )
    ]


@pytest.mark.parametrize("kind", sorted(PHYSICAL_NAMES))
def test_every_type_with_a_unique_name_is_seen(check: Check, kind: str) -> None:
    key, where = PHYSICAL_NAMES[kind]
    app = f"Transform: AWS::Serverless-2016-10-31\nResources:\n  R: {{Type: '{kind}', Properties: {{{key}: fixed}}}}\n"
    [line] = check(app)
    assert f"{key} 'fixed' of R is the same in stages beta, gamma and prod | it is unique {where};" in line


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("AWS::Serverless::Api", "Name"),
        ("AWS::ApiGateway::RestApi", "Name"),
        ("AWS::Cognito::UserPool", "UserPoolName"),
        ("AWS::Serverless::LayerVersion", "LayerName"),
    ],
)
def test_names_that_are_only_labels_are_fine(check: Check, kind: str, key: str) -> None:
    app = f"Transform: AWS::Serverless-2016-10-31\nResources:\n  R: {{Type: '{kind}', Properties: {{{key}: fixed}}}}\n"
    assert check(app) == []


_CONDITIONS = """Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition IsProd]
  Here: !Equals [!Ref AWS::Region, eu-west-1]
"""


@pytest.mark.parametrize(
    ("condition", "stages", "level"),
    [
        pytest.param("IsProd", "", "", id="in one stage only"),
        pytest.param("NotProd", "beta and gamma", "", id="in two"),
        pytest.param("Here", "beta, gamma and prod", "warning: ", id="nobody knows before launch"),
        pytest.param("Missing", "beta, gamma and prod", "warning: ", id="not there"),
    ],
)
def test_a_conditional_resource_collides_where_its_condition_holds(
    check: Check, condition: str, stages: str, level: str
) -> None:
    lines = check(_table("times", f"    Condition: {condition}\n") + _CONDITIONS)
    expected = f"app-sam.yaml:8:18: {level}TableName 'times' of Times is the same in stages {stages} | "
    assert [line[: len(expected)] for line in lines] == ([expected] if stages else [])


def test_a_fixed_export_name_collides(check: Check) -> None:
    app = _PARAMETERS + "Outputs:\n  Table:\n    Value: x\n    Export: {Name: times}\n"
    assert check(app) == [
        (
            "app-sam.yaml:7:20: export name 'times' is the same in stages beta, gamma and prod"
            " | an export is unique in a region of an account; let the name contain ${AWS::StackName} or ${Stage}"
        )
    ]


@pytest.mark.parametrize("name", ["!Sub '${AWS::StackName}-table'", "!Sub '${Stage}-table'"])
def test_an_export_name_that_varies_is_fine(check: Check, name: str) -> None:
    assert check(_PARAMETERS + f"Outputs:\n  Table:\n    Value: x\n    Export: {{Name: {name}}}\n") == []


def test_an_export_under_a_condition_of_one_stage_is_fine(check: Check) -> None:
    app = _PARAMETERS + "Outputs:\n  Table: {Value: x, Export: {Name: times}, Condition: IsProd}\n"
    assert check(app + _CONDITIONS) == []
