"""What waits for a person on AWS waits here: mail subscriptions to be confirmed, connections to be completed."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator

STANDALONE = {
    "T": {"Type": "AWS::SNS::Topic"},
    "S": {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"TopicArn": {"Ref": "T"}, "Protocol": "email", "Endpoint": "alone@example.com"},
    },
}
INLINE = {
    "T": {
        "Type": "AWS::SNS::Topic",
        "Properties": {"Subscription": [{"Protocol": "email-json", "Endpoint": "inline@example.com"}]},
    }
}


def shown(emulator: Emulator, topic: str) -> dict[str, str]:
    """The ARN SNS shows of each subscription, by endpoint."""
    listed = emulator.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    everywhere = emulator.client("sns").list_subscriptions()["Subscriptions"]
    arns = {entry["Endpoint"]: entry["SubscriptionArn"] for entry in listed}
    assert arns.items() <= {place["Endpoint"]: place["SubscriptionArn"] for place in everywhere}.items()
    return arns


def token(emulator: Emulator, address: str) -> str:
    (mail,) = [mail for mail in emulator.mails() if mail["address"] == address]
    return mail["token"]


def test_a_mail_subscription_is_pending_until_its_token_confirms_it(emulator: Emulator) -> None:
    sns = emulator.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    for _ in range(2):
        answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
        assert answer["SubscriptionArn"] == "pending confirmation"
    assert shown(emulator, topic) == {"ops@example.com": "PendingConfirmation"}
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsPending"] == "1"

    confirmed = sns.confirm_subscription(TopicArn=topic, Token=token(emulator, "ops@example.com"))["SubscriptionArn"]

    assert shown(emulator, topic) == {"ops@example.com": confirmed}
    assert sns.get_subscription_attributes(SubscriptionArn=confirmed)["Attributes"]["PendingConfirmation"] == "false"
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsConfirmed"] == "1"
    assert "ops@example.com" not in {mail["address"] for mail in emulator.mails()}


def test_a_wrong_token_confirms_nothing(emulator: Emulator) -> None:
    sns = emulator.client("sns")
    topic = sns.create_topic(Name="guessed")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="guess@example.com")
    with pytest.raises(ClientError, match="Invalid token"):
        sns.confirm_subscription(TopicArn=topic, Token="a" * 64)
    assert shown(emulator, topic) == {"guess@example.com": "PendingConfirmation"}


@pytest.mark.parametrize(
    ("resources", "address"),
    [(STANDALONE, "alone@example.com"), (INLINE, "inline@example.com")],
    ids=["alone", "inline"],
)
def test_a_stacks_mail_subscription_is_pending_too(
    emulator: Emulator, resources: dict[str, object], address: str
) -> None:
    cloudformation, stack = emulator.client("cloudformation"), address.partition("@")[0]
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps({"Resources": resources}))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 0.1})
    answer = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId="T")
    topic = answer["StackResourceDetail"]["PhysicalResourceId"]
    assert shown(emulator, topic) == {address: "PendingConfirmation"}
    emulator.client("sns").confirm_subscription(TopicArn=topic, Token=token(emulator, address))
    assert shown(emulator, topic)[address].startswith(f"{topic}:")


def test_other_subscriptions_need_nobody(emulator: Emulator) -> None:
    sns = emulator.client("sns")
    topic = sns.create_topic(Name="queues")["TopicArn"]
    queue = "arn:aws:sqs:us-east-1:123456789012:queue"
    assert sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)["SubscriptionArn"].startswith(topic)


@pytest.mark.parametrize("service", ["codeconnections", "codestar-connections"])
@pytest.mark.parametrize("by_arn", [False, True])
def test_a_connection_is_pending_until_a_person_completes_it(emulator: Emulator, service: str, by_arn: bool) -> None:
    client, name = emulator.client(service), f"git-{by_arn}-{service}"[:32]
    arn = client.create_connection(ConnectionName=name, ProviderType="GitHub")["ConnectionArn"]
    assert client.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"] == "PENDING"
    assert emulator.connect(arn if by_arn else name) == [arn]
    assert client.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"] == "AVAILABLE"


def test_a_connection_that_is_not_there_cannot_be_completed(emulator: Emulator) -> None:
    assert emulator.connect("nowhere") == []
