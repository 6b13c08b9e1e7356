"""Who asks what a type needs gets its rights, where they hold, and why others are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.compiler.pipeline import compile_file
from generator.model.pipeline import Pipeline
from generator.permissions.corrections import BASELINE
from generator.permissions.explanation import covered_types, explain, needs
from generator.repository.files import Repository

_APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")
_HEAD = "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"


def compiled(tmp_path: Path, more: str) -> Pipeline:
    file = tmp_path / "pipeline.yaml"
    file.write_text(_HEAD + more)
    return compile_file(file, "pipeline.yaml", _APPLICATION).pipeline


def test_a_covered_type_has_rights_by_operation_and_statements() -> None:
    (queue,) = explain(["AWS::SQS::Queue"])
    assert queue.covered
    assert "sqs:CreateQueue" in queue.operations["create"]
    assert "sqs:DeleteQueue" in queue.operations["delete"]
    assert "sqs:DeleteQueue" in {action for statement in queue.statements for action in statement.actions}


def test_what_is_left_out_has_a_reason() -> None:
    (table,) = explain(["AWS::DynamoDB::Table"])
    assert "contents of tables" in table.left_out["dynamodb:GetItem"]
    assert table.left_out["kms:CreateGrant"] == "one property of many needs it"
    assert not set(table.left_out) & {action for operation in table.operations.values() for action in operation}


def test_a_type_that_is_not_covered_says_what_aws_lists() -> None:
    (stream,) = explain(["AWS::Kinesis::Stream"])
    assert not stream.covered
    assert "kinesis:CreateStream" in stream.operations["create"]
    assert stream.statements == ()


def test_a_type_nobody_knows_has_nothing() -> None:
    (unknown,) = explain(["Some::Thing::Else"])
    assert (unknown.covered, unknown.operations, unknown.statements, unknown.left_out) == (False, {}, (), {})


def test_custom_resources_are_one_type() -> None:
    (custom,) = explain(["Custom::Thing"])
    assert custom.covered
    assert "lambda:InvokeFunction" in custom.operations["create"]


def test_every_resource_is_held_against_what_is_covered() -> None:
    result = needs({"B": "AWS::Kinesis::Stream", "A": "Custom::Thing"}, ["AWS::CloudFormation::CustomResource"])
    assert [(entry.logical_id, entry.covered) for entry in result] == [("A", True), ("B", False)]


def test_the_baseline_covers_the_same_for_stages_and_tests(tmp_path: Path) -> None:
    pipeline = compiled(tmp_path, "")
    assert covered_types(pipeline) == covered_types(pipeline, tests=True) == tuple(sorted(BASELINE))


def test_exact_covers_what_the_templates_have(tmp_path: Path) -> None:
    pipeline = compiled(tmp_path, "deploy_role: exact\n")
    assert covered_types(pipeline) == ("AWS::IAM::Role", "AWS::Lambda::Function")
    assert "AWS::Lambda::Alias" in (covered_types(pipeline, tests=True) or ())


@pytest.mark.parametrize("tests", [False, True])
def test_nobody_knows_what_an_existing_role_covers(tmp_path: Path, tests: bool) -> None:
    pipeline = compiled(tmp_path, "deploy_role: {arn: arn:aws:iam::111122223333:role/deployer}\n")
    assert covered_types(pipeline, tests=tests) is None
