"""What SNS refuses of topics and subscriptions.

https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
"""

from __future__ import annotations

import re

from generator.aws_rules import limits
from generator.rehearsal.emulator.ministack import sns
from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource, Properties

_PROTOCOLS = frozenset({
    *("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"),
})  # fmt: skip
_LONGEST = limits.NAME_LENGTHS["AWS::SNS::Topic"]
_FIFO = (
    "Invalid parameter: Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII"
    f" letters, numbers, underscores, and hyphens, and must be between 1 and {_LONGEST} characters long."
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class TopicError(ValueError):
    """Why SNS refuses a topic or a subscription."""


def refuse(resource: PlannedResource) -> None:
    """Raise TopicError for the first thing SNS would refuse."""
    if resource.type == "AWS::SNS::Topic":
        _topic(resource.properties)
    elif resource.type == "AWS::SNS::Subscription":
        _subscription(resource.properties)


def _topic(properties: Properties) -> None:
    name = properties.get("TopicName")
    if isinstance(name, str):
        is_fifo = str(properties.get("FifoTopic", False)).lower() == "true"
        if is_fifo and not name.endswith(".fifo"):
            raise _refused(_FIFO)
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{_LONGEST}}}" + (r"\.fifo" if is_fifo else ""), name):
            raise _refused("Invalid parameter: Topic Name")


def _subscription(properties: Properties) -> None:
    protocol, endpoint = str(properties.get("Protocol")), str(properties.get("Endpoint", ""))
    if protocol not in _PROTOCOLS:
        raise _refused(f"Invalid parameter: Amazon SNS does not support this protocol string: {protocol}")
    if protocol.startswith("email") and not _EMAIL.fullmatch(endpoint):
        raise _refused("Invalid parameter: Email address")
    if protocol in {"http", "https"} and not endpoint.startswith(f"{protocol}://"):
        raise _refused("Invalid parameter: Endpoint must match the specified protocol")
    if protocol in {"lambda", "sqs"} and not endpoint.startswith("arn:"):
        raise _refused(f"Invalid parameter: {'SQS' if protocol == 'sqs' else 'Lambda'} endpoint ARN")
    topic = str(properties.get("TopicArn"))
    if not sns.has_topic(topic):
        raise TopicError("Topic does not exist (Service: Sns, Status Code: 404)")


def _refused(message: str) -> TopicError:
    return TopicError(f"{message} (Service: Sns, Status Code: 400)")
