"""Who is told of what: the topic for failures and waiting approvals, and the topics of the approvals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.model import Json, Pipeline, Resource, Text
from generator.render import storage
from generator.telling import Target

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
        yield _policy()
    if targets := _targets(pipeline):
        yield _rule(targets, depends_on=("NotificationTopicPolicy",) if pipeline.subscriptions else ())
    for stage in pipeline.stages:
        if stage.approval and stage.approval.addresses:
            people = [{"Protocol": "email", "Endpoint": address} for address in stage.approval.addresses]
            comment = f"Hears that the approval in {stage.name} waits."
            yield _topic(pipeline, f"{stage.logical_id}ApprovalTopic", people, comment)


def _topic(pipeline: Pipeline, logical_id: str, people: list[Json], comment: str) -> Resource:
    properties: dict[str, Json] = {"DisplayName": "${ServiceName} pipeline", "Subscription": people}
    if storage.has_own_key(pipeline):
        # The key of SNS itself admits none of the services that publish here.
        properties["KmsMasterKeyId"] = "${ArtifactKey.Arn}"
    return Resource(logical_id, "AWS::SNS::Topic", properties, comment)


def _policy() -> Resource:
    # https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html
    statement = {
        "Sid": "Publish",
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com", "codestar-notifications.amazonaws.com"]},
        "Action": "sns:Publish",
        "Resource": "${NotificationTopic}",
        "Condition": {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}},
    }
    properties = {
        "Topics": ["${NotificationTopic}"],
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
    return Resource(
        "NotificationTopicPolicy", "AWS::SNS::TopicPolicy", properties, "Only this account's pipeline and alarm."
    )


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
