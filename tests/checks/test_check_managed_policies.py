"""Managed policies that AWS does not have, where a template names them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.application.template import Template
from generator.aws_rules.iam import managed_policies
from generator.checks.managed_policies import check_managed_policies

Templates = Callable[..., Template]
_SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
_LOGS = "AWSLambdaBasicExecutionRole"
_ROLE = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n"


@pytest.fixture
def warnings(template: Templates) -> Callable[[str], list[str]]:
    def lines_of(text: str) -> list[str]:
        return [
            f"{str(problem).splitlines()[0]} | {problem.hint}" for problem in check_managed_policies(template(text))
        ]

    return lines_of


def _warning(place: str, named: str, hint: str) -> str:
    date = managed_policies.as_of()
    return f"app-sam.yaml:{place}: warning: AWS had no managed policy '{named}' on {date} | {hint}"


def test_an_unknown_policy_is_said_at_its_place_with_what_is_close_to_it(warnings: Callable[[str], list[str]]) -> None:
    text = _ROLE + (
        "      ManagedPolicyArns:\n"
        "        - arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess\n"
        "        - !Sub arn:${AWS::Partition}:iam::aws:policy/AWSLambdaBasicExecutionRole\n"
    )
    assert warnings(text) == [
        _warning(
            "7:11",
            "AWSLambdaBasicExecutionRole",
            "its ARN is arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        )
    ]


def test_sam_s_names_of_policies_and_boundaries_are_looked_up(warnings: Callable[[str], list[str]]) -> None:
    text = _SAM + (
        "      Policies: [AWSLambdaBasicExecutionRole, AmazonS3FullAcess, !Ref Own, {S3ReadPolicy: {BucketName: b}}]\n"
        "      PermissionsBoundary: arn:aws:iam::aws:policy/PowerUserAcess\n"
    )
    assert warnings(text) == [
        _warning("6:47", "AmazonS3FullAcess", "did you mean AmazonS3FullAccess?"),
        _warning("7:28", "PowerUserAcess", "did you mean PowerUserAccess?"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        _SAM + "      Policies: AmazonS3FullAccess\n",
        _ROLE + "      ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/ours', !Ref Own]\n",
        _ROLE + "      ManagedPolicyArns: !Ref All\n",
    ],
)
def test_what_aws_has_and_what_the_account_has_is_not_said(warnings: Callable[[str], list[str]], text: str) -> None:
    assert warnings(text) == []
