"""What a launched pipeline still needs before its first commit: a finished connection, a first execution, a push."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.aws.door import Door
from generator.aws.stacks import pauses, resources

_CONNECTION = "CodeStarSourceConnection"


@dataclass(frozen=True, slots=True)
class SourceAction:
    """A source action as the launched pipeline declares it: AWS's provider word and its configuration."""

    provider: str
    configuration: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection to somebody's git hosting; `status` is AWS's: PENDING, AVAILABLE, ERROR."""

    arn: str
    name: str
    status: str


def sources(door: Door, pipeline: str) -> tuple[SourceAction, ...]:
    """The source actions of a pipeline."""
    stages = door.client("codepipeline").get_pipeline(name=pipeline)["pipeline"]["stages"]
    actions = [action for stage in stages for action in stage["actions"]]
    return tuple(
        SourceAction(action["actionTypeId"]["provider"], action.get("configuration", {}))
        for action in actions
        if action["actionTypeId"]["category"] == "Source"
    )


def connections(door: Door, actions: tuple[SourceAction, ...]) -> tuple[Connection, ...]:
    """The connections through which sources are read, as they stand."""
    arns = sorted({source.configuration["ConnectionArn"] for source in actions if source.provider == _CONNECTION})
    return tuple(_connection(door, arn) for arn in arns)


def _connection(door: Door, arn: str) -> Connection:
    # A connection answers under the service its ARN names; both are still in use:
    # https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
    service = arn.split(":")[2]
    connection = door.client(service).get_connection(ConnectionArn=arn)["Connection"]
    return Connection(arn, connection["ConnectionName"], connection["ConnectionStatus"])


def wait_until_finished(door: Door, connection: Connection) -> Connection:
    """The connection once somebody has finished it in the console, or it can no longer be finished."""
    for pause in pauses():
        if connection.status != "PENDING":
            return connection
        door.sleep(pause)
        connection = _connection(door, connection.arn)
    raise AssertionError("the pauses never end")


def never_got_a_commit(door: Door, pipeline: str) -> bool:
    """Whether no execution of a pipeline has come past its source yet."""
    return not any(summary.get("sourceRevisions") for summary in _begun(door, pipeline))


def start_if_needed(door: Door, pipeline: str) -> str:
    """Start the pipeline when it never got a commit and does not look for one now; the execution's id, or empty.

    A pipeline starts the moment it exists. Over a connection that was not finished then, that execution failed, and
    nothing starts the pipeline again before the next push.
    """
    begun = _begun(door, pipeline)
    if any(summary["status"] != "Failed" or summary.get("sourceRevisions") for summary in begun):
        return ""
    return str(door.client("codepipeline").start_pipeline_execution(name=pipeline)["pipelineExecutionId"])


def _begun(door: Door, pipeline: str) -> list[dict[str, Any]]:
    summaries: list[dict[str, Any]] = door.client("codepipeline").list_pipeline_executions(pipelineName=pipeline)[
        "pipelineExecutionSummaries"
    ]
    return summaries


def running(door: Door, pipeline: str) -> tuple[str, ...]:
    """The ids of the executions that run; none when there is no such pipeline."""
    client = door.client("codepipeline")
    try:
        pages = client.get_paginator("list_pipeline_executions").paginate(pipelineName=pipeline)
        summaries = [summary for page in pages for summary in page["pipelineExecutionSummaries"]]
    except client.exceptions.PipelineNotFoundException:
        return ()
    return tuple(
        summary["pipelineExecutionId"] for summary in summaries if summary["status"] in ("InProgress", "Stopping")
    )


def unconfirmed(door: Door, stack: str) -> tuple[str, ...]:
    """The addresses that have yet to confirm that a stack's topics may write to them."""
    topics = [resource.physical_id for resource in resources(door, stack) if resource.type == "AWS::SNS::Topic"]
    pages = [
        page
        for topic in topics
        for page in door.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    ]
    return tuple(
        sorted(
            {
                subscription["Endpoint"]
                for page in pages
                for subscription in page["Subscriptions"]
                if subscription["Protocol"].startswith("email")
                and subscription["SubscriptionArn"] == "PendingConfirmation"
            }
        )
    )
