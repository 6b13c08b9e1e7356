"""Calls by roles against the emulator: what the one judge is asked, and what a refusal says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.lambdas import archive
from tests.rehearsal.emulator.roles import ACCOUNT, Role, refused, statement

PASSING = "iam:PassRole"


def test_a_role_without_a_right_is_refused_in_words_of_aws_with_the_statement_that_helps(emulator: Emulator) -> None:
    role = Role(emulator)
    topic = emulator.client("sns").create_topic(Name="of-nobody")["TopicArn"]
    words = refused(role.client("sns").get_topic_attributes, TopicArn=topic)
    expected = f"User: {role.session} is not authorized to perform: sns:GetTopicAttributes on resource: {topic}"
    assert words == f"{expected} because no identity-based policy allows the sns:GetTopicAttributes action"
    (denial,) = role.denials()
    assert denial["why"] == words
    helps = json.loads(denial["remedy"])
    assert helps == {"Effect": "Allow", "Action": "sns:GetTopicAttributes", "Resource": topic}
    role.grant(helps)
    role.client("sns").get_topic_attributes(TopicArn=topic)


def test_an_explicit_deny_is_called_one_and_nothing_is_offered(emulator: Emulator) -> None:
    role = Role(emulator, statement("sqs:*"), {"Effect": "Deny", "Action": "sqs:List*", "Resource": "*"})
    assert "with an explicit deny in an identity-based policy" in refused(role.client("sqs").list_queues)
    assert role.denials()[0]["remedy"] == ""


def test_a_tag_of_the_role_says_what_it_reaches(emulator: Emulator) -> None:
    scoped = statement("sqs:*", f"arn:aws:sqs:us-east-1:{ACCOUNT}:${{aws:PrincipalTag/stack}}-*")
    role = Role(emulator, scoped, tags={"stack": "shop-beta"})
    role.client("sqs").create_queue(QueueName="shop-beta-orders")
    assert "shop-prod-orders" in refused(role.client("sqs").create_queue, QueueName="shop-prod-orders")


def test_a_boundary_limits_a_role(emulator: Emulator) -> None:
    role = Role(emulator, statement("*"))
    iam = emulator.client("iam")
    only_s3 = json.dumps({"Version": "2012-10-17", "Statement": [statement("s3:*")]})
    arn = iam.create_policy(PolicyName="only-s3", PolicyDocument=only_s3)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=role.name, PermissionsBoundary=arn)
    role.client("s3").list_buckets()
    assert "because no permissions boundary allows the sqs:ListQueues action" in refused(role.client("sqs").list_queues)


def test_session_policies_limit_a_session(emulator: Emulator) -> None:
    role = Role(emulator, statement("*"))
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement("s3:*")]})
    sqs = role.client("sqs", Policy=policy)
    assert "because no session policy allows" in refused(sqs.list_queues)


def _new_function(name: str, role: str) -> dict[str, Any]:
    code = {"ZipFile": archive({"index.py": "def handler(event, context): return 1"})}
    return {"FunctionName": name, "Runtime": "python3.11", "Handler": "index.handler", "Role": role, "Code": code}


def test_a_function_is_made_with_a_role_only_by_who_may_pass_it(emulator: Emulator) -> None:
    runs = Role(emulator)
    maker = Role(emulator, statement("lambda:*"))
    make = maker.client("lambda").create_function
    words = refused(make, **_new_function("passed", runs.arn))
    assert f"is not authorized to perform: iam:PassRole on resource: {runs.arn} because" in words
    (denial,) = maker.denials()
    assert denial["behind"] == "lambda:CreateFunction"
    maker.grant(statement("lambda:*"), json.loads(denial["remedy"]))
    make(**_new_function("passed", runs.arn))


def test_passing_a_role_to_one_service_is_not_passing_it_to_another(emulator: Emulator) -> None:
    runs = Role(emulator)
    to_events = statement(
        PASSING, runs.arn, Condition={"StringEquals": {"iam:PassedToService": "events.amazonaws.com"}}
    )
    maker = Role(emulator, statement("lambda:*"), to_events)
    refused(maker.client("lambda").create_function, **_new_function("astray", runs.arn))
    (denial,) = maker.denials()
    asked = "grants/statement 2 asks for StringEquals iam:PassedToService [events.amazonaws.com]"
    assert denial["nearly"] == [f"{asked}, and the request carries lambda.amazonaws.com"]


def _project(role: str) -> dict[str, Any]:
    return {
        "name": "project",
        "serviceRole": role,
        "source": {"type": "NO_SOURCE", "buildspec": "{}"},
        "artifacts": {"type": "NO_ARTIFACTS"},
        "environment": {"type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL"},
    }


def _pipeline(role: str) -> dict[str, Any]:
    kind = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
    return {"name": "p", "roleArn": role, "stages": [{"name": "S", "actions": [{"name": "a", "actionTypeId": kind}]}]}


@pytest.mark.parametrize(
    ("service", "operation", "request_of"),
    [
        ("cloudformation", "create_stack", lambda role: {"StackName": "s", "TemplateBody": "{}", "RoleARN": role}),
        ("cloudformation", "delete_stack", lambda role: {"StackName": "s", "RoleARN": role}),
        ("codebuild", "create_project", _project),
        ("codepipeline", "create_pipeline", lambda role: {"pipeline": _pipeline(role)}),
        ("events", "put_targets", lambda role: {"Rule": "r", "Targets": [{"Id": "a", "Arn": "a", "RoleArn": role}]}),
        ("events", "put_rule", lambda role: {"Name": "r", "ScheduleExpression": "rate(1 day)", "RoleArn": role}),
        ("stepfunctions", "create_state_machine", lambda role: {"name": "s", "definition": "{}", "roleArn": role}),
        ("lambda", "update_function_configuration", lambda role: {"FunctionName": "f", "Role": role}),
    ],
)
def test_every_call_that_hands_over_a_role_needs_the_right_to_pass_it(
    emulator: Emulator, service: str, operation: str, request_of: Any
) -> None:
    services = ["cloudformation", "codebuild", "codepipeline", "events", "states", "lambda"]
    caller = Role(emulator, statement([f"{name}:*" for name in services]))
    passed = f"arn:aws:iam::{ACCOUNT}:role/handed-over"
    words = refused(getattr(caller.client(service), operation), **request_of(passed))
    assert f"iam:PassRole on resource: {passed}" in words


@pytest.fixture(scope="session")
def key(emulator: Emulator) -> str:
    return str(emulator.client("kms").create_key(Description="artifacts")["KeyMetadata"]["Arn"])


@pytest.fixture(scope="session")
def bucket(emulator: Emulator, key: str) -> str:
    """A bucket whose objects are encrypted with a key of the user's."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="kept-under-a-key")
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket="kept-under-a-key", ServerSideEncryptionConfiguration={"Rules": [default]})
    return "kept-under-a-key"


def test_an_encrypted_object_is_read_and_written_with_rights_to_its_key(
    emulator: Emulator, bucket: str, key: str
) -> None:
    objects = statement("s3:*", f"arn:aws:s3:::{bucket}/*")
    via_s3 = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    role = Role(emulator, objects)
    s3 = role.client("s3")
    assert f"kms:GenerateDataKey on resource: {key}" in refused(s3.put_object, Bucket=bucket, Key="a", Body=b"a")
    role.grant(objects, statement("kms:GenerateDataKey", key, Condition=via_s3))
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    assert f"kms:Decrypt on resource: {key}" in refused(s3.get_object, Bucket=bucket, Key="a")
    role.grant(objects, statement("kms:Decrypt", key, Condition=via_s3))
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"


def test_an_object_that_names_its_key_is_read_with_that_one(emulator: Emulator, key: str) -> None:
    emulator.client("s3").create_bucket(Bucket="kept-object-by-object")
    naming = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    emulator.client("s3").put_object(Bucket="kept-object-by-object", Key="a", Body=b"a", **naming)
    role = Role(emulator, statement("s3:*"))
    words = refused(role.client("s3").get_object, Bucket="kept-object-by-object", Key="a")
    assert f"kms:Decrypt on resource: {key}" in words


def test_the_key_of_s3_itself_asks_nothing_of_the_caller(emulator: Emulator) -> None:
    emulator.client("s3").create_bucket(Bucket="kept-by-s3")
    role = Role(emulator, statement("s3:*"))
    naming = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/aws/s3"}
    role.client("s3").put_object(Bucket="kept-by-s3", Key="a", Body=b"a", **naming)
    assert role.client("s3").get_object(Bucket="kept-by-s3", Key="a")["Body"].read() == b"a"


def test_publishing_to_an_encrypted_topic_needs_its_key(emulator: Emulator, key: str) -> None:
    topic = emulator.client("sns").create_topic(Name="sealed", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    role = Role(emulator, statement("sns:Publish", topic))
    publish = role.client("sns").publish
    assert f"kms:GenerateDataKey on resource: {key}" in refused(publish, TopicArn=topic, Message="m")
    role.grant(statement("sns:Publish", topic), statement(["kms:Decrypt", "kms:GenerateDataKey*"], key))
    publish(TopicArn=topic, Message="m")


def test_the_policy_every_topic_is_born_with_does_not_let_a_role_publish(emulator: Emulator) -> None:
    topic = emulator.client("sns").create_topic(Name="newborn")["TopicArn"]
    role = Role(emulator)
    assert "no identity-based policy" in refused(role.client("sns").publish, TopicArn=topic, Message="m")


def test_a_connection_goes_into_a_pipeline_only_by_who_may_pass_it(emulator: Emulator) -> None:
    connection = f"arn:aws:codeconnections:us-east-1:{ACCOUNT}:connection/of-the-team"
    pipeline = _pipeline(f"arn:aws:iam::{ACCOUNT}:role/of-the-pipeline")
    pipeline["stages"][0]["actions"][0]["configuration"] = {"ConnectionArn": connection}
    caller = Role(emulator, statement(["codepipeline:*", PASSING]))
    words = refused(caller.client("codepipeline").create_pipeline, pipeline=pipeline)
    assert f"codeconnections:PassConnection on resource: {connection}" in words


@pytest.mark.parametrize("operation", ["create_pipeline", "update_pipeline"])
def test_the_role_of_an_action_goes_into_a_pipeline_only_by_who_may_pass_it(emulator: Emulator, operation: str) -> None:
    own, acts = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("of-the-pipeline", "of-the-action"))
    pipeline = _pipeline(own)
    pipeline["stages"][0]["actions"][0]["roleArn"] = acts
    caller = Role(emulator, statement("codepipeline:*"), statement(PASSING, own))
    asked = getattr(caller.client("codepipeline"), operation)
    assert f"iam:PassRole on resource: {acts}" in refused(asked, pipeline=pipeline)
    (denial,) = caller.denials()
    assert json.loads(denial["remedy"])["Condition"]["StringEquals"] == {
        "iam:PassedToService": "codepipeline.amazonaws.com"
    }
    caller.grant(statement("codepipeline:*"), statement(PASSING, own), json.loads(denial["remedy"]))
    assert "PassRole" not in _said_to(asked, pipeline)


def test_the_role_of_an_action_in_another_account_is_not_passed(emulator: Emulator) -> None:
    own = f"arn:aws:iam::{ACCOUNT}:role/of-the-pipeline"
    pipeline = _pipeline(own)
    pipeline["stages"][0]["actions"][0]["roleArn"] = "arn:aws:iam::210987654321:role/elsewhere"
    caller = Role(emulator, statement("codepipeline:*"), statement(PASSING, own))
    assert "PassRole" not in _said_to(caller.client("codepipeline").create_pipeline, pipeline)
    assert caller.denials() == []


def _said_to(call: Any, pipeline: dict[str, Any]) -> str:
    """What CodePipeline, once IAM let the call through, says to a pipeline of a single stage."""
    with pytest.raises(ClientError) as caught:
        call(pipeline=pipeline)
    return str(caught.value)
