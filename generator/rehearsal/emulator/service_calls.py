"""What AWS's services ask of IAM before they call each other: rules' targets, APIs' and topics' functions, logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.rehearsal.emulator import encryption
from generator.rehearsal.emulator.authorizer import Authorizer
from generator.rehearsal.emulator.ministack import apigateway, eventbridge, lambda_, sns, sqs
from generator.rehearsal.iam.question import FUNCTION_LOG, Question, Value

EVENTS, APIS, TOPICS = "events.amazonaws.com", "apigateway.amazonaws.com", "sns.amazonaws.com"

DELIVERING: Mapping[str, str] = {
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "states": "states:StartExecution",
    "events": "events:PutEvents",
}
"""Service of a target's ARN -> what EventBridge does there. A pipeline's target calls by itself, as its role."""


class ServiceCalls:
    """Asks the judge on behalf of services; what it does not allow does not happen."""

    def __init__(self, authorizer: Authorizer) -> None:
        self._authorizer = authorizer

    def install(self) -> None:
        """Stand between the services from now on."""
        eventbridge.restrict_targets(self._may_deliver)
        apigateway.restrict_apis(self._may_invoke)
        apigateway.restrict_queue_integrations(self._may_send)
        sns.restrict_subscriptions(self._may_notify)
        sns.restrict_queue_subscriptions(self._may_queue)
        lambda_.restrict_logs(self._may_write)

    def _all(self, questions: Iterator[Question]) -> bool:
        return all(self._authorizer.ask(question).allowed for question in questions)

    def _may_deliver(self, target: Mapping[str, Any], rule: str) -> bool:
        """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html."""
        arn = str(target.get("Arn", ""))
        action = DELIVERING.get([*arn.split(":"), "", "", ""][2])
        return action is None or self._all(_delivering(action, arn, str(target.get("RoleArn") or ""), rule))

    def _may_invoke(self, integration: Mapping[str, Any], function: str, source: str) -> bool:
        """https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions."""
        role = integration.get("credentials") or integration.get("credentialsArn")
        context = {"aws:SourceArn": source, "aws:SourceAccount": source.split(":")[4]}
        principal = str(role or APIS)
        question = Question(principal, "lambda:InvokeFunction", function, {} if role else context, source)
        return self._all(iter([question]))

    def _may_notify(self, function: str, topic: str) -> bool:
        """https://docs.aws.amazon.com/sns/latest/dg/lambda-console.html."""
        context = {"aws:SourceArn": topic, "aws:SourceAccount": topic.split(":")[4]}
        return self._all(iter([Question(TOPICS, "lambda:InvokeFunction", function, context, topic)]))

    def _may_send(self, role: str, queue: str, source: str) -> bool:
        """https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-sqs.html."""
        return self._all(_sending(role or APIS, queue, source))

    def _may_queue(self, queue: str, topic: str) -> bool:
        """https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html."""
        return self._all(_sending(TOPICS, queue, topic))

    def _may_write(self, role: str, group: str, there: bool) -> bool:
        """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html."""
        return self._all(writing_logs(role, group, FUNCTION_LOG, there=there))


def _delivering(action: str, target: str, role: str, rule: str) -> Iterator[Question]:
    source = {"aws:SourceArn": rule, "aws:SourceAccount": rule.split(":")[4]}
    yield Question(role or EVENTS, action, target, {} if role else source, rule)
    if action == "sqs:SendMessage":
        yield from _sealing(role or EVENTS, target, rule)
    key = encryption.key_behind(sns.topic_key(target)) if action == "sns:Publish" else ""
    if key:
        yield from encryption.publishing(role or EVENTS, target, key, {} if role else source)


def _sending(principal: str, queue: str, source: str) -> Iterator[Question]:
    """Whether a service, or it as a role, may send to a queue and use its key."""
    yield Question(principal, "sqs:SendMessage", queue, _source(principal, source), source)
    yield from _sealing(principal, queue, source)


def _sealing(principal: str, queue: str, source: str) -> Iterator[Question]:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html."""
    key = encryption.key_behind(sqs.queue_key(queue))
    for action in ("kms:GenerateDataKey", "kms:Decrypt") if key else ():
        named = {
            "kms:EncryptionContext:aws:sqs:arn": queue,
            "kms:ViaService": f"sqs.{queue.split(':')[3]}.amazonaws.com",
        }
        yield Question(principal, action, key, {**named, **_source(principal, source)}, source)


def _source(principal: str, source: str) -> dict[str, Value | None]:
    """What a service says about the resource it calls for; a role does not say."""
    return {} if principal.startswith("arn:") else {"aws:SourceArn": source, "aws:SourceAccount": source.split(":")[4]}


def writing_logs(role: str, group: str, behind: str, *, there: bool) -> Iterator[Question]:
    """Whether a role may write a log stream of a group (an ARN), which it makes when it is not there."""
    if not there:
        yield Question(role, "logs:CreateLogGroup", f"{group}:log-stream:", behind=behind)
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        yield Question(role, action, f"{group}:log-stream:", behind=behind)
