"""What a call brings to the judge and what it asks for besides: items' keys, tags, and the customer's own KMS keys."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Client
from tests.rehearsal.emulator.roles import Role, refused, statement
from tests.rehearsal.emulator.validation.asking import failure, function, resource, role

_numbers = itertools.count(1)
_MINE = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["me"]}}
_ME, _YOU = ({"id": {"S": who}} for who in ("me", "you"))


@pytest.fixture(scope="session")
def table(emulator: Emulator) -> str:
    emulator.client("dynamodb").create_table(
        TableName="items-of-many",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return "items-of-many"


@pytest.mark.parametrize(
    ("operation", "of"),
    [
        ("get_item", lambda table, who: {"TableName": table, "Key": who}),
        ("put_item", lambda table, who: {"TableName": table, "Item": who}),
        ("batch_get_item", lambda table, who: {"RequestItems": {table: {"Keys": [who]}}}),
        ("batch_write_item", lambda table, who: {"RequestItems": {table: [{"PutRequest": {"Item": who}}]}}),
        ("transact_write_items", lambda table, who: {"TransactItems": [{"Put": {"TableName": table, "Item": who}}]}),
        (
            "query",
            lambda table, who: {
                "TableName": table,
                "KeyConditionExpression": "#k = :v",
                "ExpressionAttributeNames": {"#k": "id"},
                "ExpressionAttributeValues": {":v": who["id"]},
            },
        ),
    ],
)
def test_items_are_told_apart_by_their_partition_key(
    emulator: Emulator, table: str, operation: str, of: Callable[[str, Mapping[str, Any]], dict[str, Any]]
) -> None:
    owner = Role(emulator, statement("dynamodb:*", Condition=_MINE))
    call = getattr(owner.client("dynamodb"), operation)
    call(**of(table, _ME))
    words = refused(call, **of(table, _YOU))
    assert "no identity-based policy allows" in words


def test_an_object_is_tagged_with_a_right_of_its_own(emulator: Emulator) -> None:
    emulator.client("s3").create_bucket(Bucket="of-tagged-objects")
    objects = "arn:aws:s3:::of-tagged-objects/*"
    writer = Role(emulator, statement("s3:PutObject", objects))
    put = writer.client("s3").put_object
    object_ = {"Bucket": "of-tagged-objects", "Key": "a", "Body": b"a"}
    put(**object_)
    assert "s3:PutObjectTagging on resource" in refused(put, **object_, Tagging="team=shop")
    of_shop = {"StringEquals": {"s3:RequestObjectTag/team": "shop"}}
    writer.grant(statement(["s3:PutObject", "s3:PutObjectTagging"], objects, Condition=of_shop))
    put(**object_, Tagging="team=shop")
    refused(put, **object_, Tagging="team=till")


@pytest.fixture(scope="session")
def key(emulator: Emulator) -> str:
    return str(emulator.client("kms").create_key(Description="the customer's")["KeyMetadata"]["Arn"])


def _queue(emulator: Emulator, key: str) -> Callable[[Client], Any]:
    url = emulator.client("sqs").create_queue(QueueName="sealed", Attributes={"KmsMasterKeyId": key})["QueueUrl"]
    return lambda client: client("sqs").send_message(QueueUrl=url, MessageBody="m")


def _received(emulator: Emulator, key: str) -> Callable[[Client], Any]:
    url = emulator.client("sqs").create_queue(QueueName="sealed-to-read", Attributes={"KmsMasterKeyId": key})[
        "QueueUrl"
    ]
    return lambda client: client("sqs").receive_message(QueueUrl=url)


def _secret(emulator: Emulator, key: str) -> Callable[[Client], Any]:
    arn = emulator.client("secretsmanager").create_secret(Name="sealed", KmsKeyId=key, SecretString="s")["ARN"]
    return lambda client: client("secretsmanager").get_secret_value(SecretId=arn)


def _parameter(emulator: Emulator, key: str) -> Callable[[Client], Any]:
    emulator.client("ssm").put_parameter(Name="/sealed", Value="v", Type="SecureString", KeyId=key)
    return lambda client: client("ssm").get_parameter(Name="/sealed", WithDecryption=True)


def _items(emulator: Emulator, key: str) -> Callable[[Client], Any]:
    emulator.client("dynamodb").create_table(
        TableName="sealed",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    )
    return lambda client: client("dynamodb").get_item(TableName="sealed", Key={"id": {"S": "a"}})


@pytest.mark.parametrize(
    ("created", "actions"),
    [
        (_queue, ["kms:GenerateDataKey", "kms:Decrypt"]),
        (_received, ["kms:Decrypt"]),
        (_secret, ["kms:Decrypt"]),
        (_parameter, ["kms:Decrypt"]),
        (_items, ["kms:Decrypt"]),
    ],
)
def test_what_lies_under_a_customer_s_key_is_used_with_rights_to_the_key(
    emulator: Emulator, key: str, created: Any, actions: list[str]
) -> None:
    services = ["sqs:*", "secretsmanager:*", "ssm:*", "dynamodb:*"]
    use, caller = created(emulator, key), Role(emulator, statement(services))
    refused(use, client=caller.client)
    (denial,) = caller.denials()
    assert (denial["action"], denial["resource"]) == (actions[0], key)
    caller.grant(statement(services), statement(actions, key))
    use(caller.client)


def test_a_key_that_the_rehearsal_does_not_know_decides_nothing_in_silence(emulator: Emulator) -> None:
    from_office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    caller = Role(emulator, statement("sqs:ListQueues", Condition=from_office))
    caller.client("sqs").list_queues()
    noted = f"whether {caller.session} may sqs:ListQueues hangs on condition key aws:SourceIp of sqs:ListQueues"
    assert noted in emulator.ledger()["not_rehearsed"]


def test_a_mapping_is_made_only_for_a_role_that_may_read_its_source(emulator: Emulator) -> None:
    def role_with(*policies: str) -> str:
        attached = [f"arn:aws:iam::aws:policy/service-role/{name}" for name in policies]
        mapping = resource(
            "AWS::Lambda::EventSourceMapping",
            EventSourceArn={"Fn::GetAtt": ["Queue", "Arn"]},
            FunctionName={"Ref": "Function"},
        )
        queue = resource("AWS::SQS::Queue")
        runs = role("lambda", ManagedPolicyArns=attached)
        return failure(emulator, {"Role": runs, "Function": function(), "Queue": queue, "Mapping": mapping})

    assert role_with("AWSLambdaBasicExecutionRole").startswith(
        "The provided execution role does not have permissions to call ReceiveMessage on SQS"
    )
    assert role_with("AWSLambdaSQSQueueExecutionRole") == ""


def test_a_topic_writes_to_a_sealed_queue_whose_key_admits_topics(emulator: Emulator) -> None:
    sqs, sns, kms = (emulator.client(name) for name in ("sqs", "sns", "kms"))
    number = next(_numbers)
    topic = sns.create_topic(Name=f"to-a-sealed-queue-{number}")["TopicArn"]
    own = str(kms.create_key()["KeyMetadata"]["Arn"])
    url = sqs.create_queue(QueueName=f"sealed-{number}", Attributes={"KmsMasterKeyId": own})["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    admits = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "*", "Resource": "*"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [admits]})})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    sns.publish(TopicArn=topic, Message="m")
    assert not sqs.receive_message(QueueUrl=url).get("Messages")
    (denial,) = [denial for denial in emulator.ledger()["denials"] if denial["resource"] == own]
    assert (denial["principal"], denial["action"]) == ("sns.amazonaws.com", "kms:GenerateDataKey")
    kms.put_key_policy(KeyId=own, PolicyName="default", Policy=json.dumps({"Statement": [admits]}))
    sns.publish(TopicArn=topic, Message="m")
    assert sqs.receive_message(QueueUrl=url)["Messages"]
