"""Policy documents that IAM takes as they are."""

from __future__ import annotations

import json

from generator.aws_rules import limits
from generator.model.iam import Statement
from generator.permissions import deploy_role
from generator.permissions.documents import Names, documents, plain
from generator.permissions.scopes import BUCKET, FUNCTIONS

NAMES = Names(stack="Shop-Prod", account="111122223333", region="eu-west-1", service="shop")


def test_each_document_is_within_a_managed_policys_length_and_nothing_is_lost() -> None:
    granted = deploy_role.statements()
    result = documents(granted, NAMES)
    assert len(result) > 1
    assert all(len(json.dumps(entry, separators=(",", ":"))) <= limits.MANAGED_POLICY_LENGTH for entry in result)
    written = {
        (action, arn) for entry in result for s in entry["Statement"] for action in s["Action"] for arn in s["Resource"]
    }
    assert written == {
        (a, arn) for statement in granted for a in statement.actions for arn in NAMES.put_in(statement.resources)
    }


def test_nothing_is_left_for_cloudformation_to_fill_in() -> None:
    assert "${" not in json.dumps(documents(deploy_role.statements(), NAMES))


def test_without_a_stack_the_tags_of_the_role_say_it() -> None:
    written = json.dumps(documents(deploy_role.statements(), Names(service="shop")))
    assert "${aws:PrincipalTag/stack}-*" in written
    assert "${!" not in written
    assert "${AWS::" not in written


def test_buckets_are_named_in_small_letters() -> None:
    statement = Statement("Data", ("s3:CreateBucket",), (f"arn:${{AWS::Partition}}:s3:::{BUCKET}-*",))
    assert plain(statement, NAMES)["Resource"] == ["arn:aws:s3:::shop-prod-*"]


def test_a_condition_is_filled_in_as_well() -> None:
    statement = Statement(
        "One", ("lambda:CreateEventSourceMapping",), ("*",), {"ArnLike": {"lambda:FunctionArn": FUNCTIONS}}
    )
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:Shop-Prod-*"
    assert plain(statement, NAMES)["Condition"] == {"ArnLike": {"lambda:FunctionArn": arn}}


def test_a_statement_longer_than_a_policy_is_cut_in_parts_with_names_of_their_own() -> None:
    arns = tuple(f"arn:aws:sqs:eu-west-1:111122223333:queue-{number}" for number in range(400))
    statements = [
        s
        for document in documents([Statement("Data", ("sqs:CreateQueue",), arns)], NAMES)
        for s in document["Statement"]
    ]
    assert [arn for statement in statements for arn in statement["Resource"]] == list(arns)
    assert len({statement["Sid"] for statement in statements}) == len(statements) > 1
