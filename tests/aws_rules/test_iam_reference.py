"""What AWS publishes about IAM, as the data files have it."""

from __future__ import annotations

import json

import pytest

from generator.aws_rules.iam import condition_keys, extraction, managed_policies, rows


def test_every_managed_policy_is_a_policy_and_there_are_more_than_a_thousand() -> None:
    documents = managed_policies.documents()
    assert len(documents) > 1500
    assert all(json.loads(document)["Statement"] for document in documents.values())


def test_a_policy_is_found_by_its_arn_and_by_its_name() -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    assert managed_policies.by_name()["AWSLambdaBasicExecutionRole"] == arn
    assert "logs:PutLogEvents" in (managed_policies.document(arn) or "")
    assert managed_policies.document("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole") is None
    assert (
        managed_policies.document("arn:aws:iam::111122223333:policy/service-role/AWSLambdaBasicExecutionRole") is None
    )


@pytest.mark.parametrize(
    ("action", "key", "expected"),
    [
        ("dynamodb:GetItem", "dynamodb:LeadingKeys", True),
        ("DynamoDB:getitem", "dynamodb:leadingkeys", True),
        ("dynamodb:CreateTable", "dynamodb:LeadingKeys", False),
        ("s3:GetObject", "s3:ExistingObjectTag/owner", True),
        ("kms:Decrypt", "kms:EncryptionContext:aws:s3:arn", True),
        ("s3:GetObject", "iam:PassedToService", False),
        ("s3:GetObject", "s3:NoSuchKey", None),
        ("s3:NoSuchAction", "s3:prefix", None),
        ("nobody:Does", "nobody:Knows", None),
    ],
)
def test_which_keys_an_action_takes(action: str, key: str, *, expected: bool | None) -> None:
    assert condition_keys.takes(action, key) is expected


def test_the_script_reads_policies_and_keys_as_their_packages_carry_them() -> None:
    policy = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    module = f'# a comment\ndata = """\n{json.dumps({"All": {"Path": "/own/", "Document": policy}})}\n"""\n'
    assert extraction.policies(module) == {"own/All": json.dumps(policy, separators=(",", ":"))}
    bucket = {"condition_keys": ["aws:ResourceTag/${TagKey}", "s3:BucketTag/${TagKey}"]}
    about = {"bucket": {"condition_keys": []}, "": {"condition_keys": ["s3:ExistingObjectTag/<key>"]}}
    definition = {
        "version": "v2",
        "s3": {"privileges": {"Get": {"resource_types": about}}, "resources": {"bucket": bucket}},
    }
    parsed = json.loads(extraction.keys(definition)["s3"])
    assert parsed == {"keys": ["s3:buckettag/*", "s3:existingobjecttag/*"], "actions": {"get": [0, 1]}}


def test_a_data_file_is_the_same_bytes_for_the_same_rows() -> None:
    for file in (managed_policies.FILE, condition_keys.FILE):
        assert rows.packed(rows.read(file)) == (rows.DATA / file).read_bytes()
