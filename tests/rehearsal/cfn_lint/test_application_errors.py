"""What the linter finds in templates that a pipeline deploys, so that the emulator need not look for it again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from generator.rehearsal.cfn_lint.linter import Linter
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.lint import refuse_errors
from generator.repository.cache.answers import FORGETFUL
from tests.rehearsal.emulator.validation.asking import Template, function, resource, role
from tests.rehearsal.emulator.validation.test_validation_resources import granting, rule, table, trusted

ATTRIBUTES = [{"AttributeName": name, "AttributeType": "S"} for name in "ab"]
SID = {"Sid": "One", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def keys(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in pairs]


def document(**content: Any) -> Template:
    return role("lambda", Policies=[{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", **content}}])


BROKEN_RESOURCES: dict[str, tuple[Template, str]] = {
    "more attributes than keys": (table(AttributeDefinitions=ATTRIBUTES), "E3039"),
    "a key that is no attribute": (table(AttributeDefinitions=ATTRIBUTES[1:]), "E3039"),
    "an index whose key is no attribute": (
        table(
            GlobalSecondaryIndexes=[
                {"IndexName": "other", "KeySchema": keys(("z", "HASH")), "Projection": {"ProjectionType": "ALL"}}
            ]
        ),
        "E3039",
    ),
    "no partition key": (table(KeySchema=keys(("a", "RANGE"))), "E3018"),
    "two partition keys": (
        table(AttributeDefinitions=ATTRIBUTES, KeySchema=keys(("a", "HASH"), ("b", "HASH"))),
        "E3018",
    ),
    "a table without throughput": (table(BillingMode="PROVISIONED"), "E3639"),
    "throughput of a table on demand": (
        table(ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}),
        "E3638",
    ),
    "a rule for nothing": (rule(State="ENABLED"), "E3058"),
    "a reserved variable": (function(Environment={"Variables": {"AWS_REGION": "x"}}), "E3663"),
    "no effect there is": (granting(Effect="Alow"), "E3510"),
    "no resource": (granting(Resource=None), "E3510"),
    "no action": (granting(Action=None), "E3510"),
    "a principal in a role's policy": (granting(Principal="*"), "E3510"),
    "a Sid with a space": (granting(Sid="not one"), "E3510"),
    "an unknown key of a statement": (granting(Colour="red"), "E3510"),
    "a Sid twice": (document(Statement=[SID, SID]), "E3510"),
    "an unknown version": (document(Version="2020-01-01", Statement=[SID]), "E3510"),
    "no statement": (document(), "E3510"),
    "a resource in a trust policy": (trusted(Resource="*"), "E3530"),
    "a trust policy for nobody": (trusted(Principal=None), "E3530"),
    "a managed policy": (
        resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Version": "2012-10-17", "Statement": [{"Effect": "No"}]}),
        "E3510",
    ),
    "a policy of a role": (
        resource(
            "AWS::IAM::RolePolicy",
            PolicyName="p",
            RoleName="r",
            PolicyDocument={"Version": "2012-10-17", "Statement": [{"Effect": "No"}]},
        ),
        "E3510",
    ),
}


@pytest.fixture(scope="module")
def linter() -> Iterator[Linter]:
    started = Linter("us-east-1", {"PATH": os.environ["PATH"]}, FORGETFUL)
    yield started
    started.close()


@pytest.mark.parametrize(("broken", "number"), BROKEN_RESOURCES.values(), ids=BROKEN_RESOURCES)
def test_a_deploy_action_takes_no_template_with_an_error_of_the_application(
    linter: Linter, broken: Template, number: str
) -> None:
    text = json.dumps({"Resources": {"Role": role("lambda"), "It": broken}})
    with pytest.raises(ActionFailedError) as refused:
        refuse_errors(linter.errors, text, "app.json")
    assert refused.value.outcome.error is not None
    assert f" {number}: " in refused.value.outcome.error.message
