"""What a rehearsal waits for, in words, and until when at the latest: said when nothing has happened for a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal import waits
from generator.rehearsal.service import Client

GetClient = Callable[..., Client]
"""The client of a service, by `account` and `region` where it is not in the rehearsal's own."""
Describe = Callable[[GetClient, Mapping[str, Any]], str]
SILENCE_SECONDS = 5.0
"""After how long without news it is asked whether there should have been some, and said what is waited for."""
_NO_LIMIT = "AWS sets no limit to that"


class Waits:
    """The waits of one execution; each is passed once to `tell`, and again when it is for something else."""

    def __init__(self, client: GetClient, tell: Callable[[str], None]) -> None:
        self._client = client
        self._tell = tell
        self._reported: set[str] = set()

    def of_execution(self, pipeline: str, execution: str) -> None:
        """Tell what every action waits for that is under way."""
        actions = self._client("codepipeline").list_action_executions(
            pipelineName=pipeline, filter={"pipelineExecutionId": execution}
        )["actionExecutionDetails"]
        for action in actions:
            if action["status"] == "InProgress":
                provider = action["input"]["actionTypeId"]["provider"]
                awaited = _PROVIDERS.get(provider, _unlimited)(self._client, action)
                self._tell_once(f"{action['stageName']}/{action['actionName']} waits for {awaited}")

    def of_stack(self, stack: str) -> None:
        """Tell what a stack waits for."""
        self._tell_once(f"stack {stack} waits for {_resource(self._client, stack, {})}")

    def _tell_once(self, words: str) -> None:
        if words not in self._reported:
            self._reported.add(words)
            self._tell(words)


def _answer(_client: GetClient, action: Mapping[str, Any]) -> str:
    function = action["input"]["resolvedConfiguration"]["FunctionName"]
    return f"the answer of {function} to its job, {_until(action['lastUpdateTime'], waits.JOB)}"


def _approval(_client: GetClient, action: Mapping[str, Any]) -> str:
    return f"an approval, {_until(action['startTime'], waits.APPROVAL)}"


def _build(client: GetClient, action: Mapping[str, Any]) -> str:
    identity = action["output"].get("executionResult", {}).get("externalExecutionId", "")
    builds = client("codebuild", **_place(action)).batch_get_builds(ids=[identity])["builds"] if identity else []
    if not builds:
        return f"a build that has not begun; {_NO_LIMIT}"
    (build,) = builds
    limit = build["startTime"] + timedelta(minutes=build["timeoutInMinutes"])
    return f"phase {build['currentPhase']} of build {identity}, {_at_latest(limit)}"


def _stack(client: GetClient, action: Mapping[str, Any]) -> str:
    return _resource(client, action["input"]["resolvedConfiguration"]["StackName"], _place(action))


def _place(action: Mapping[str, Any]) -> Mapping[str, str]:
    """The account of an action's role, where it has one of its own, and its region: what it does is there."""
    role, region = action["input"].get("roleArn", ""), action["input"].get("region", "")
    return {**({"account": role.split(":")[4]} if role else {}), **({"region": region} if region else {})}


def _resource(client: GetClient, stack: str, place: Mapping[str, str]) -> str:
    """The resource that CloudFormation is at; what a custom one answers with is awaited for as long as it says."""
    try:
        events = client("cloudformation", **place).describe_stack_events(StackName=stack)["StackEvents"]
    except ClientError:  # There is no such stack yet.
        return f"CloudFormation to begin with {stack}; {_NO_LIMIT}"
    latest: dict[str, Mapping[str, Any]] = {}
    for event in events:
        latest.setdefault(event["LogicalResourceId"], event)
    busy = [
        event
        for event in latest.values()
        if event["ResourceStatus"].endswith("_IN_PROGRESS") and event["PhysicalResourceId"] != event["StackId"]
    ]
    if not busy:
        return f"CloudFormation to end with {stack}; {_NO_LIMIT}"
    return "; ".join(map(_busy, busy))


def _busy(event: Mapping[str, Any]) -> str:
    resource = f"{event['LogicalResourceId']} ({event['ResourceType']}, {event['ResourceStatus']})"
    if event["ResourceType"].startswith(("Custom::", "AWS::CloudFormation::CustomResource")):
        until = _until(event["Timestamp"], waits.CUSTOM_RESOURCE)
        return f"the answer of {resource} to its ResponseURL, {until} unless it has a ServiceTimeout"
    return f"{resource}; {_NO_LIMIT}"


def _unlimited(_client: GetClient, action: Mapping[str, Any]) -> str:
    return f"{action['input']['actionTypeId']['provider']}; {_NO_LIMIT}"


def _until(began: datetime, wait: waits.Wait) -> str:
    return _at_latest(began + timedelta(seconds=wait.seconds))


def _at_latest(moment: datetime) -> str:
    return f"until {moment.astimezone():%H:%M:%S} at the latest"


_PROVIDERS: Mapping[str, Describe] = {
    "CloudFormation": _stack,
    "CodeBuild": _build,
    "Commands": _build,
    "Lambda": _answer,
    "Manual": _approval,
}
