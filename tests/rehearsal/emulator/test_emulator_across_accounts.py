"""Calls from one account to another's resources: both sides must allow, and the owner's resource answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Client, Credentials, connect
from tests.rehearsal.emulator.lambdas import archive
from tests.rehearsal.emulator.stacks import Elsewhere, Stack, role_trust

OURS, THEIRS, REGION = "123456789012", "333333333333", "us-east-1"
ROLE = f"arn:aws:iam::{OURS}:role/crossing"
NAME = "crossing-333333333333"
Document = dict[str, Any]


def document(*statements: Document) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def lets(action: str, resource: str = "*", **more: Any) -> Document:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


OWNERS = lets("kms:*", Principal={"AWS": f"arn:aws:iam::{THEIRS}:root"})
BY_ACCOUNT = {
    "Principal": {"AWS": f"arn:aws:iam::{OURS}:root"},
    "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/cross*"}},
}
STRANGERS = {"Principal": {"AWS": "arn:aws:iam::444444444444:root"}}


class Crossing:
    """A role of ours, and one resource of each kind of theirs, that a test opens or closes."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._iam = emulator.client("iam")
        trust = document({"Effect": "Allow", "Principal": {"AWS": OURS}, "Action": "sts:AssumeRole"})
        self._iam.create_role(RoleName="crossing", AssumeRolePolicyDocument=trust)
        keys = emulator.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="me")["Credentials"]
        self._keys = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        self.key = self.theirs("kms").create_key(Policy=document(OWNERS))["KeyMetadata"]["Arn"]
        self.theirs("kms").create_alias(AliasName="alias/crossing", TargetKeyId=self.key)
        self.theirs("s3").create_bucket(Bucket=NAME)
        self.theirs("s3").put_object(
            Bucket=NAME, Key="their.zip", Body=archive({"index.py": "def handler(*_): return 'theirs'"})
        )
        self.topic = self.theirs("sns").create_topic(Name="crossing")["TopicArn"]
        self.queue = self.theirs("sqs").create_queue(QueueName="crossing")["QueueUrl"]
        self.secret = self.theirs("secretsmanager").create_secret(Name="crossing", SecretString="theirs")["ARN"]

    def theirs(self, service: str) -> Client:
        return self._emulator.client(service, account=THEIRS)

    def ours(self, service: str) -> Client:
        return connect(service, self._emulator.endpoint, self._keys, REGION)

    def grant(self, *statements: Document) -> None:
        self._iam.put_role_policy(RoleName="crossing", PolicyName="own", PolicyDocument=document(*statements))


@pytest.fixture(scope="module")
def crossing(emulator: Emulator) -> Crossing:
    return Crossing(emulator)


def refusal(call: Callable[[], object]) -> str:
    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Message"])
    return ""


Opened = Callable[[Crossing, Document], object]
Called = Callable[[Crossing], object]
_queue_arn = f"arn:aws:sqs:{REGION}:{THEIRS}:crossing"
CASES: dict[str, tuple[str, str, Opened, Called]] = {
    "s3": (
        "s3:GetObject",
        f"arn:aws:s3:::{NAME}/*",
        lambda c, who: c.theirs("s3").put_bucket_policy(
            Bucket=NAME, Policy=document(lets("s3:GetObject", f"arn:aws:s3:::{NAME}/*", **who))
        ),
        lambda c: c.ours("s3").get_object(Bucket=NAME, Key="their.zip"),
    ),
    "kms": (
        "kms:Encrypt",
        "*",
        lambda c, who: c.theirs("kms").put_key_policy(
            KeyId=c.key, PolicyName="default", Policy=document(OWNERS, lets("kms:Encrypt", **who))
        ),
        lambda c: c.ours("kms").encrypt(KeyId=c.key, Plaintext=b"secret"),
    ),
    "sns": (
        "sns:Publish",
        f"arn:aws:sns:{REGION}:{THEIRS}:crossing",
        lambda c, who: c.theirs("sns").set_topic_attributes(
            TopicArn=c.topic, AttributeName="Policy", AttributeValue=document(lets("sns:Publish", c.topic, **who))
        ),
        lambda c: c.ours("sns").publish(TopicArn=c.topic, Message="hello"),
    ),
    "sqs": (
        "sqs:SendMessage",
        _queue_arn,
        lambda c, who: c.theirs("sqs").set_queue_attributes(
            QueueUrl=c.queue, Attributes={"Policy": document(lets("sqs:SendMessage", _queue_arn, **who))}
        ),
        lambda c: c.ours("sqs").send_message(QueueUrl=c.queue, MessageBody="hello"),
    ),
    "secretsmanager": (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{REGION}:{THEIRS}:secret:crossing-*",
        lambda c, who: c.theirs("secretsmanager").put_resource_policy(
            SecretId="crossing", ResourcePolicy=document(lets("secretsmanager:GetSecretValue", **who))
        ),
        lambda c: c.ours("secretsmanager").get_secret_value(SecretId=c.secret),
    ),
}


@pytest.mark.parametrize("service", CASES)
def test_both_accounts_must_allow(crossing: Crossing, service: str) -> None:
    action, resource, opened, called = CASES[service]
    opened(crossing, BY_ACCOUNT)
    crossing.grant(lets(action, resource))
    assert refusal(lambda: called(crossing)) == ""
    crossing.grant(lets("iam:GetRole"))
    assert f"because no identity-based policy allows the {action} action" in refusal(lambda: called(crossing))
    crossing.grant(lets(action, resource))
    opened(crossing, STRANGERS)
    refused = refusal(lambda: called(crossing))
    assert f"User: arn:aws:sts::{OURS}:assumed-role/crossing/me is not authorized to perform: {action}" in refused
    assert f"because no resource-based policy allows the {action} action" in refused


def test_what_has_no_policy_of_its_own_is_its_accounts_alone(crossing: Crossing) -> None:
    crossing.grant(lets("*"))
    stack = f"arn:aws:cloudformation:{REGION}:{THEIRS}:stack/shop/1"
    refused = refusal(lambda: crossing.ours("cloudformation").describe_stacks(StackName=stack))
    assert "because no resource-based policy allows the cloudformation:DescribeStacks action" in refused


def test_a_key_of_another_account_has_no_name_but_its_arn(crossing: Crossing) -> None:
    crossing.grant(lets("kms:*"))
    CASES["kms"][2](crossing, BY_ACCOUNT)
    assert refusal(lambda: crossing.ours("kms").encrypt(KeyId="alias/crossing", Plaintext=b"x"))
    assert refusal(lambda: crossing.ours("kms").encrypt(KeyId=crossing.key.rpartition("/")[2], Plaintext=b"x"))
    named = f"arn:aws:kms:{REGION}:{THEIRS}:alias/crossing"
    assert refusal(lambda: crossing.ours("kms").encrypt(KeyId=named, Plaintext=b"x")) == ""


def test_an_alias_names_a_key_of_the_callers_own_account_alone(crossing: Crossing, emulator: Emulator) -> None:
    """A role of theirs names a key of ours by its alias: nobody there knows it."""
    ours = emulator.client("kms")
    ours.create_alias(AliasName="alias/only-ours", TargetKeyId=ours.create_key()["KeyMetadata"]["KeyId"])
    iam, name = crossing.theirs("iam"), "their-writer"
    trust = document({"Effect": "Allow", "Principal": {"AWS": THEIRS}, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(lets("*")))
    keys = crossing.theirs("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    s3 = connect("s3", emulator.endpoint, credentials, REGION)
    put = {"Bucket": NAME, "Key": "o", "Body": b"", "ServerSideEncryption": "aws:kms"}
    refused = refusal(lambda: s3.put_object(**put, SSEKMSKeyId="alias/only-ours"))
    assert "no resource-based policy allows the kms:GenerateDataKey" in refused
    assert refusal(lambda: s3.put_object(**put, SSEKMSKeyId="alias/crossing")) == ""


def test_of_an_account_that_is_not_rehearsed_nothing_is_known(crossing: Crossing, emulator: Emulator) -> None:
    """Its number may be the real one of the user's own account, to which an existing connection belongs."""
    crossing.grant(lets("codeconnections:GetConnection"))
    connection = f"arn:aws:codeconnections:{REGION}:555555555555:connection/8f0d2f9e-1111-4222-8333-abcdefabcdef"
    ask = partial(crossing.ours("codeconnections").get_connection, ConnectionArn=connection)
    assert "not authorized" not in refusal(ask)
    emulator.root("555555555555")
    assert "no resource-based policy allows the codeconnections:GetConnection" in refusal(ask)


def test_an_object_is_encrypted_with_a_key_of_another_account_only_if_its_policy_allows(crossing: Crossing) -> None:
    opened = document(lets("s3:PutObject", f"arn:aws:s3:::{NAME}/*", **BY_ACCOUNT))
    crossing.theirs("s3").put_bucket_policy(Bucket=NAME, Policy=opened)
    crossing.grant(lets("s3:PutObject"), lets("kms:GenerateDataKey"))
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}

    def put(**more: str) -> str:
        request = {"Bucket": NAME, "Key": "o", "Body": b"", "ServerSideEncryption": "aws:kms", **more}
        return refusal(lambda: crossing.ours("s3").put_object(**request))

    def key_lets(action: str, condition: Document) -> None:
        statement = lets(action, Principal={"AWS": ROLE}, Condition=condition)
        policy = document(OWNERS, statement)
        crossing.theirs("kms").put_key_policy(KeyId=crossing.key, PolicyName="default", Policy=policy)

    key_lets("kms:GenerateDataKey", through_s3)
    assert put(SSEKMSKeyId=crossing.key) == ""
    key_lets("kms:GenerateDataKey", {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}})
    assert f"kms:GenerateDataKey on resource: {crossing.key} because no resource-based" in put(SSEKMSKeyId=crossing.key)
    key_lets("kms:Decrypt", through_s3)
    assert "no resource-based policy allows the kms:GenerateDataKey" in put(SSEKMSKeyId=crossing.key)


def test_a_role_is_assumed_by_whom_its_trust_names_and_whose_own_policy_allows_it(crossing: Crossing) -> None:
    role = f"arn:aws:iam::{THEIRS}:role/their-action"
    iam = crossing.theirs("iam")
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trust = document({**assume, **BY_ACCOUNT})
    iam.create_role(RoleName="their-action", AssumeRolePolicyDocument=trust)
    crossing.grant(lets("sts:AssumeRole", role))
    session = {"RoleArn": role, "RoleSessionName": "me"}
    assert crossing.ours("sts").assume_role(**session)["AssumedRoleUser"]["Arn"].startswith(f"arn:aws:sts::{THEIRS}:")
    another = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OURS}:role/another"}}
    iam.update_assume_role_policy(
        RoleName="their-action", PolicyDocument=document({**assume, **BY_ACCOUNT, "Condition": another})
    )
    assert "no resource-based policy allows the sts:AssumeRole" in refusal(
        lambda: crossing.ours("sts").assume_role(**session)
    )
    iam.update_assume_role_policy(RoleName="their-action", PolicyDocument=trust)
    tagged = {**session, "Tags": [{"Key": "stage", "Value": "prod"}]}
    assert "allows the sts:TagSession action" in refusal(lambda: crossing.ours("sts").assume_role(**tagged))
    crossing.grant(lets("iam:GetRole"))
    assert "no identity-based policy allows the sts:AssumeRole" in refusal(
        lambda: crossing.ours("sts").assume_role(**session)
    )


def test_a_root_is_let_in_by_the_other_account_alone(crossing: Crossing, emulator: Emulator) -> None:
    CASES["s3"][2](crossing, STRANGERS)
    s3 = emulator.client("s3")
    assert f"arn:aws:iam::{OURS}:root is not authorized" in refusal(lambda: s3.get_object(Bucket=NAME, Key="their.zip"))
    CASES["s3"][2](crossing, {"Principal": {"AWS": f"arn:aws:iam::{OURS}:root"}})
    assert s3.get_object(Bucket=NAME, Key="their.zip")["Body"].read()


def test_a_function_of_another_account_answers_whom_its_policy_names(crossing: Crossing) -> None:
    iam = crossing.theirs("iam")
    role = iam.create_role(RoleName="crossed", AssumeRolePolicyDocument=json.dumps(role_trust("lambda")))["Role"]["Arn"]
    function = crossing.theirs("lambda").create_function(
        FunctionName="crossed",
        Runtime="python3.12",
        Handler="index.handler",
        Role=role,
        Code={"ZipFile": archive({"index.py": "def handler(event, context): return context.invoked_function_arn"})},
    )["FunctionArn"]
    crossing.grant(lets("lambda:InvokeFunction"))

    def call() -> Any:
        return crossing.ours("lambda").invoke(FunctionName=function)

    assert "no resource-based policy allows the lambda:InvokeFunction" in refusal(call)
    crossing.theirs("lambda").add_permission(
        FunctionName="crossed", StatementId="ours", Action="lambda:InvokeFunction", Principal=OURS
    )
    assert call()["Payload"].read().decode() == f'"{function}"'


def _function(bucket: str, key: str) -> Document:
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": role_trust("lambda")}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.12",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"S3Bucket": bucket, "S3Key": key},
            },
        },
    }


@pytest.fixture
def open_bucket(crossing: Crossing) -> Iterator[None]:
    CASES["s3"][2](crossing, {"Principal": {"AWS": f"arn:aws:iam::{OURS}:root"}})
    yield
    CASES["s3"][2](crossing, STRANGERS)


@pytest.mark.usefixtures("open_bucket")
def test_code_in_another_accounts_bucket_is_what_the_function_runs(emulator: Emulator) -> None:
    stack = Stack(emulator, _function(NAME, "their.zip"))
    assert stack.status == "CREATE_COMPLETE", stack.failures
    answer = emulator.client("lambda").invoke(FunctionName=stack.physical_id("Function"))
    assert answer["Payload"].read() == b'"theirs"'


def test_code_in_a_bucket_that_is_closed_to_the_account_makes_no_function(
    crossing: Crossing, emulator: Emulator
) -> None:
    CASES["s3"][2](crossing, STRANGERS)
    stack = Stack(emulator, _function(NAME, "their.zip"))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any("S3 Error Code: AccessDenied. S3 Error Message: Access Denied" in failure for failure in stack.failures)


@pytest.mark.usefixtures("open_bucket")
def test_code_in_a_bucket_of_another_region_makes_no_function(emulator: Emulator) -> None:
    stack = Stack(Elsewhere(emulator, OURS, "eu-west-1"), _function(NAME, "their.zip"))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any("S3 Error Code: PermanentRedirect" in failure for failure in stack.failures)
