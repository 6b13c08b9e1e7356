"""Topics of the stack's own, each with a policy."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.notification import NOTIFICATION_RULES, Topic
from generator.model.template import Resource
from generator.model.text import Json


def resources(topic: Topic) -> Iterator[Resource]:
    """The topic and its policy."""
    people = [
        {"Protocol": subscription.protocol, "Endpoint": subscription.endpoint} for subscription in topic.subscriptions
    ]
    properties: dict[str, Json] = {"DisplayName": "${ServiceName} pipeline", "Subscription": people}
    if topic.key:
        # The key of SNS itself admits none of the services that publish here.
        properties["KmsMasterKeyId"] = topic.key
    yield Resource(topic.logical_id, "AWS::SNS::Topic", properties, topic.comment)
    yield _policy(topic)


def _policy(topic: Topic) -> Resource:
    allowed = [_publish(topic, service) for service in topic.publishers]
    document = {"Version": "2012-10-17", "Statement": [*allowed, _deny_plain_http(topic)]}
    comment = "Only this account's alarms and notification rules, and TLS only." if allowed else "TLS only."
    properties = {"Topics": [topic.reference], "PolicyDocument": document}
    return Resource(f"{topic.logical_id}Policy", "AWS::SNS::TopicPolicy", properties, comment)


def _deny_plain_http(topic: Topic) -> Json:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
    return {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic.reference,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _publish(topic: Topic, service: str) -> Json:
    """One service may publish, only for this account where AWS documents that the service sends whom it acts for.

    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html (alarms),
    https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html (notification rules: no condition)
    """
    condition = {} if service == NOTIFICATION_RULES else {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}}
    return {
        "Sid": f"Publish{service.partition('.')[0].title().replace('-', '')}",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": topic.reference,
        **({"Condition": condition} if condition else {}),
    }
