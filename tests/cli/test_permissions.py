"""`penstock permissions`: what deploy roles may do and why, for a pipeline and for any template."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import APPLICATION, penstock

FILE = "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"
TEMPLATE = """\
Resources:
  Jobs:
    Type: AWS::SQS::Queue
"""
PIPE = TEMPLATE + "  Forwarded:\n    Type: AWS::Pipes::Pipe\n"
TILL = TEMPLATE + "  Till:\n    Type: Acme::Shop::Till\n"
ROLE = "arn:aws:iam::111122223333:role/deploys"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(APPLICATION, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pipeline.yaml").write_text(FILE)
    return tmp_path


@pytest.fixture
def template(tmp_path: Path) -> Path:
    (tmp_path / "one.yaml").write_text(TEMPLATE)
    return tmp_path / "one.yaml"


def test_every_type_is_shown_with_its_rights_and_who_needs_it(repository: Path) -> None:
    ran = penstock("permissions", cwd=repository)
    assert (ran.code, ran.err) == (0, "")
    function = ran.out.partition("\nAWS::Lambda::Function\n")[2].partition("\n\n")[0]
    assert "  for " in function
    assert "app-sam.yaml:" in function
    assert "  create: " in function
    assert "lambda:CreateFunction" in function
    assert "  delete, also to roll back a create: " in function
    assert "function:${aws:PrincipalTag/stack}-*" in function


def test_what_stands_beside_the_types_is_explained(repository: Path) -> None:
    out = penstock("permissions", cwd=repository).out
    assert (
        "all that deploys time-service-tests, time-service-beta, time-service-gamma, time-service-prod may do:" in out
    )
    for sid in ("PassRoles", "ServiceRoles", "ReadCode", "References", "Transform"):
        assert f"allow {sid}: " in out
    assert "deny NeverThisPipeline: " in out


def test_it_says_when_no_boundary_holds_roles(repository: Path) -> None:
    words = "whoever may create roles can create one that may do anything"
    assert words in penstock("permissions", cwd=repository).out
    boundary = "deploy_role: {permissions_boundary: 'arn:aws:iam::111122223333:policy/bounds'}\n"
    (repository / "pipeline.yaml").write_text(FILE + boundary)
    ran = penstock("permissions", cwd=repository)
    assert words not in ran.out
    assert "if iam:PermissionsBoundary StringEquals arn:aws:iam::111122223333:policy/bounds" in ran.out


def test_of_an_existing_role_nothing_is_claimed(repository: Path) -> None:
    (repository / "pipeline.yaml").write_text(FILE + f"deploy_role: {{arn: '{ROLE}'}}\n")
    ran = penstock("permissions", cwd=repository)
    assert ran.code == 0
    assert "an existing role deploys: what it may do is not known here" in ran.out
    data = json.loads(penstock("permissions", "--output", "json", cwd=repository).out)
    assert {type_["granted"] for type_ in data["types"]} == {None}
    assert data["policies"] == []


def test_a_template_is_answered_by_a_policy_to_paste(template: Path) -> None:
    names = ("--stack-name", "shop-prod", "--account", "111122223333", "--region", "eu-west-1")
    ran = penstock("permissions", "--template", template, *names, "--output", "policy", cwd=template.parent)
    assert ran.code == 0, ran.err
    policy = json.loads(ran.out)
    assert policy["Version"] == "2012-10-17"
    queues = next(statement for statement in policy["Statement"] if statement["Sid"] == "Queues")
    assert queues["Resource"] == ["arn:aws:sqs:eu-west-1:111122223333:shop-prod-*"]
    assert "sqs:DeleteQueue" in queues["Action"]
    assert not any("Table" in statement["Sid"] for statement in policy["Statement"])
    assert "to be filled in: ARTIFACT_BUCKET" in ran.err


def test_what_is_to_be_filled_in_is_said(template: Path) -> None:
    ran = penstock("permissions", "--template", template, "--output", "policy", cwd=template.parent)
    assert "STACK_NAME-*" in ran.out
    assert "to be filled in: STACK_NAME, ACCOUNT_ID, REGION" in ran.err


def test_a_template_may_be_json(template: Path) -> None:
    template.write_text(json.dumps({"Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}}}))
    ran = penstock("permissions", "--template", template, "--output", "json", cwd=template.parent)
    (type_,) = json.loads(ran.out)["types"]
    assert (type_["type"], type_["granted"]) == ("AWS::SQS::Queue", True)
    assert type_["resources"][0]["logical_id"] == "Jobs"
    assert "sqs:CreateQueue" in type_["operations"]["create"]


@pytest.mark.parametrize(
    ("text", "kind", "expected"), [(PIPE, "AWS::Pipes::Pipe", True), (TILL, "Acme::Shop::Till", False)]
)
def test_an_uncovered_type_is_named_with_its_place(text: str, kind: str, expected: bool, template: Path) -> None:
    template.write_text(text)
    ran = penstock("permissions", "--template", template, "--output", "json", cwd=template.parent)
    assert ran.code == 1
    assert f"{template}:4:3): {kind} is not covered" in ran.err
    assert ("AWS publishes no list" in ran.err) == (not expected)
    assert "extra:" in ran.err
    assert ("the only way is deploy_role: {arn: <ARN>}, or a" in ran.err) == (not expected)
    data = json.loads(ran.out)
    assert data["uncovered"] == [kind]
    assert data["without_data"] == ([] if expected else [kind])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("- a\n", "a template is a map"),
        ("Resources: {", "one.yaml:"),
        ("service: time-service\n", "one.yaml:1:1: this is not a template"),
    ],
)
def test_a_template_that_cannot_be_read_is_wrong_input(text: str | None, message: str, template: Path) -> None:
    if text is None:
        template.unlink()
    else:
        template.write_text(text)
    ran = penstock("permissions", "--template", template, cwd=template.parent)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_what_sam_refuses_is_said_and_counts_as_no(template: Path) -> None:
    refused = "Transform: AWS::Serverless-2016-10-31\nResources:\n  One: {Type: AWS::Serverless::Function}\n"
    template.write_text(refused)
    ran = penstock("permissions", "--template", template, cwd=template.parent)
    assert ran.code == 1
    assert f"{template}:3:" in ran.err
    assert "Traceback" not in ran.err
