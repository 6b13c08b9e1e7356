"""Who is told of what: the topic for failures and waiting approvals, and the topics of the approvals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.model.notification import Target
from generator.model.pipeline import Pipeline
from generator.model.template import Resource
from generator.model.text import Json, Text
from generator.render import storage

# https://docs.aws.amazon.com/dtconsole/latest/userguide/concepts.html#events-ref-pipeline
_EVENTS = (
    "codepipeline-pipeline-manual-approval-needed",
    "codepipeline-pipeline-pipeline-execution-failed",
)
_PIPELINE = "arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:${Pipeline}"


def resources(pipeline: Pipeline) -> Iterator[Resource]:
    """Topics, their policies and the rule that speaks to them; nothing for a pipeline that tells nobody."""
    if pipeline.subscriptions:
        people = [{"Protocol": one.protocol, "Endpoint": one.endpoint} for one in pipeline.subscriptions]
        comment = "Hears of failed executions, waiting approvals and errors of start_tests."
        yield _topic(pipeline, "NotificationTopic", people, comment)
        yield _policy("NotificationTopic", "Only this account's pipeline and alarm, and TLS only.", [_publish()])
    if targets := _targets(pipeline):
        yield _rule(targets, depends_on=("NotificationTopicPolicy",) if pipeline.subscriptions else ())
    for stage in pipeline.stages:
        if stage.approval and stage.approval.addresses:
            people = [{"Protocol": "email", "Endpoint": address} for address in stage.approval.addresses]
            comment = f"Hears that the approval in {stage.name} waits."
            topic = f"{stage.logical_id}ApprovalTopic"
            yield _topic(pipeline, topic, people, comment)
            # The pipeline's role has the right to publish; a topic of the same account needs no word of its own.
            yield _policy(topic, "TLS only.", [])


def _topic(pipeline: Pipeline, logical_id: str, people: list[Json], comment: str) -> Resource:
    properties: dict[str, Json] = {"DisplayName": "${ServiceName} pipeline", "Subscription": people}
    if storage.has_own_key(pipeline):
        # The key of SNS itself admits none of the services that publish here.
        properties["KmsMasterKeyId"] = "${ArtifactKey.Arn}"
    return Resource(logical_id, "AWS::SNS::Topic", properties, comment)


def _policy(topic: str, comment: str, allowed: list[Json]) -> Resource:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
    denied = {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": f"${{{topic}}}",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [*allowed, denied]}
    properties = {"Topics": [f"${{{topic}}}"], "PolicyDocument": document}
    return Resource(f"{topic}Policy", "AWS::SNS::TopicPolicy", properties, comment)


def _publish() -> Json:
    # https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html
    return {
        "Sid": "Publish",
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com", "codestar-notifications.amazonaws.com"]},
        "Action": "sns:Publish",
        "Resource": "${NotificationTopic}",
        "Condition": {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}},
    }


def alarm_topics(pipeline: Pipeline) -> list[Text]:
    """The topics that hear of an alarm, too: no alarm speaks to a chat."""
    return [one.address for one in _targets(pipeline) if one.type == "SNS"]


def _targets(pipeline: Pipeline) -> tuple[Target, ...]:
    own = (Target("SNS", "${NotificationTopic}"),) if pipeline.subscriptions else ()
    return (*own, *pipeline.targets)


def _rule(targets: Sequence[Target], depends_on: tuple[str, ...]) -> Resource:
    properties = {
        "Name": "${ServiceName}-pipeline",
        "DetailType": "FULL",
        "EventTypeIds": list(_EVENTS),
        "Resource": _PIPELINE,
        "Status": "ENABLED",
        "Targets": [{"TargetType": one.type, "TargetAddress": one.address} for one in targets],
    }
    return Resource(
        "NotificationRule",
        "AWS::CodeStarNotifications::NotificationRule",
        properties,
        "Tells of failed executions and waiting approvals.",
        depends_on=depends_on,
    )
