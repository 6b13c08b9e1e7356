"""Rights to launch: what they are, and what IAM's simulator says of them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from generator.aws.doctor import caller_permissions
from generator.aws.doctor.launch_permissions import STACK, needed, unknown
from tests.aws.doctor_parts import findings_of, only, wants
from tests.aws.stubbed import Stubbed, stubbed

ROLE = "arn:aws:iam::123456789012:role/people/Builder"
SESSION = "arn:aws:sts::123456789012:assumed-role/Builder/ada"
NAMES = {"region": "r", "account": "a", "stack": "s-pipeline", "service": "s", "pipeline": "s-pipeline"}
# Of these the registry publishes no permissions.
UNPUBLISHED = {STACK, "AWS::CodeBuild::Project"}
EVERYTHING = "encryption: kms\nnotifications: {email: [a@example.com]}\n"


def caller(asked: Stubbed, arn: str) -> None:
    answer = {"Arn": arn, "Account": "123456789012", "UserId": "AIDA"}
    asked.answers("sts", "get_caller_identity", answer)


def simulated(asked: Stubbed, denied: str = "") -> None:
    """IAM is asked once for each type, and allows everything but one action."""
    for wish in needed(wants().types, "aws", **NAMES):
        results = [
            {"EvalActionName": action, "EvalDecision": "implicitDeny" if action == denied else "allowed"}
            for action in wish.actions
        ]
        asked.answers("iam", "simulate_principal_policy", {"EvaluationResults": results})


@pytest.mark.parametrize("source", ["codecommit: {repository: c}", "github: {repository: a/c}", "s3: {}"])
def test_every_type_a_pipeline_may_have_is_known(source: str) -> None:
    assert unknown(wants(source, EVERYTHING).types) == ()
    assert unknown(wants(source, "").types) == ()


def published(kind: str) -> set[str]:
    """The permissions of a type's create handler, as CloudFormation publishes them."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # noqa: PLC0415 - it costs half a second

    schema: Any = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    return {action.lower() for handler in schema["handlers"].values() for action in handler.get("permissions", [])}


@pytest.mark.slow
def test_every_action_is_one_that_cloudformation_publishes_for_its_type() -> None:
    kinds = (wants("github: {repository: a/c}", EVERYTHING).types | wants().types) - UNPUBLISHED
    # A role is passed by whoever makes what works with it.
    passed = published("AWS::CodePipeline::Pipeline") & {"iam:passrole"}
    for kind in sorted(kinds):
        wishes = [wish for wish in needed([kind], "aws", **NAMES) if "penstock-launch" not in wish.resource]
        actions = {action.lower() for wish in wishes for action in wish.actions}
        own = {action for action in actions if not action.startswith("cloudformation:")}
        assert own
        assert own - published(kind) - passed == set(), kind


def test_rights_are_asked_for_on_the_names_the_stack_will_give() -> None:
    wishes = {wish.actions[0]: wish.resource for wish in needed(["AWS::IAM::Role", "AWS::KMS::Key"], "aws-cn", **NAMES)}
    assert wishes["cloudformation:CreateChangeSet"] == "arn:aws-cn:cloudformation:r:a:stack/s-pipeline/*"
    assert wishes["iam:CreateRole"] == "arn:aws-cn:iam::a:role/s-pipeline-x"
    assert wishes["kms:CreateKey"] == "*"


def test_the_rights_to_upload_the_template_are_asked_for() -> None:
    wishes = {wish.actions: wish.resource for wish in needed([], "aws", **NAMES)}
    (upload,) = [resource for actions, resource in wishes.items() if "s3:PutObject" in actions]
    assert upload.startswith("arn:aws:s3:::penstock-launch-a-x/")


def test_a_user_who_may_everything_is_good() -> None:
    with stubbed() as asked:
        caller(asked, "arn:aws:iam::123456789012:user/ada")
        simulated(asked)
        finding = only(findings_of(caller_permissions.look, asked.door, wants()))
    assert finding.verdict == "good"
    assert "user/ada" in finding.message


def test_a_type_nobody_foresaw_is_told_of() -> None:
    requirements = dataclasses.replace(wants(), types=wants().types | {"AWS::Ocean::Wave"})
    with stubbed() as asked:
        caller(asked, "arn:aws:iam::123456789012:user/ada")
        simulated(asked)
        findings = findings_of(caller_permissions.look, asked.door, requirements)
    assert [(finding.verdict, "AWS::Ocean::Wave" in finding.message) for finding in findings] == [
        ("unseen", True),
        ("good", False),
    ]


def test_what_is_denied_is_named() -> None:
    with stubbed() as asked:
        caller(asked, "arn:aws:iam::123456789012:user/ada")
        simulated(asked, denied="iam:CreateRole")
        finding = only(findings_of(caller_permissions.look, asked.door, wants()))
    assert finding.verdict == "wrong"
    assert finding.message == "arn:aws:iam::123456789012:user/ada may not iam:CreateRole"
    assert "allow iam:CreateRole" in finding.advice


def test_a_session_is_judged_by_its_role_path_included() -> None:
    with stubbed() as asked:
        caller(asked, SESSION)
        role = {"Path": "/people/", "RoleName": "Builder", "RoleId": "A" * 16, "Arn": ROLE, "CreateDate": 0}
        asked.answers("iam", "get_role", {"Role": role}, RoleName="Builder")
        simulated(asked)
        assert ROLE in only(findings_of(caller_permissions.look, asked.door, wants())).message


def test_root_may_everything_and_a_federated_user_cannot_be_simulated() -> None:
    verdicts = []
    for arn in ("arn:aws:iam::123456789012:root", "arn:aws:sts::123456789012:federated-user/ada"):
        with stubbed() as asked:
            caller(asked, arn)
            verdicts.append(only(findings_of(caller_permissions.look, asked.door, wants())).verdict)
    assert verdicts == ["good", "unseen"]
