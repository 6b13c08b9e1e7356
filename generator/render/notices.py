"""Who is notified of failures and waiting approvals: the rule that speaks to topics and chats."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.deployment import PIPELINE_STACK
from generator.model.pipeline import Pipeline, pipeline_arn
from generator.model.template import Resource
from generator.pipelines.delivery import notification_topic, notified
from generator.render import topic

# https://docs.aws.amazon.com/dtconsole/latest/userguide/concepts.html#events-ref-pipeline
_EVENTS = (
    "codepipeline-pipeline-manual-approval-needed",
    "codepipeline-pipeline-pipeline-execution-failed",
)


def resources(pipeline: Pipeline) -> Iterator[Resource]:
    """The pipeline's own topic and the rule; nothing for a pipeline that tells nobody."""
    waits: tuple[str, ...] = ()
    if own := notification_topic(pipeline):
        topic_resources = tuple(topic.resources(own))
        yield from topic_resources
        waits = (topic_resources[-1].logical_id,)
    if notified(pipeline):
        yield _rule(pipeline, depends_on=waits)


def _rule(pipeline: Pipeline, depends_on: tuple[str, ...]) -> Resource:
    properties = {
        "Name": PIPELINE_STACK,
        "DetailType": "FULL",
        "EventTypeIds": list(_EVENTS),
        "Resource": pipeline_arn(),
        "Status": "ENABLED",
        "Targets": [{"TargetType": target.type, "TargetAddress": target.address} for target in notified(pipeline)],
    }
    return Resource(
        "NotificationRule",
        "AWS::CodeStarNotifications::NotificationRule",
        properties,
        "Notifies people of failed executions and waiting approvals.",
        depends_on=depends_on,
    )
