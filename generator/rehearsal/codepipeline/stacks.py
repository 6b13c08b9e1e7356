"""CloudFormation's stacks as a deploy action sees them: what state they are in, waiting, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from generator.rehearsal.codepipeline.action_handle import ActionHandle
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.state import Outcome

POLL_SECONDS = 0.1
LINES_OF_EVENTS = 40
T = TypeVar("T")
_BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack at one moment."""

    id: str
    name: str
    status: str
    reason: str
    outputs: Mapping[str, str]

    @property
    def busy(self) -> bool:
        """Whether an operation on it is under way."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


class Stacks:
    """The stacks of the account, asked with the action's role."""

    def __init__(self, client: Any, handle: ActionHandle) -> None:
        self.client = client
        self._handle = handle

    def find(self, name: str) -> Stack | None:
        """The stack of this name or id; None when there is none, or when it is deleted."""
        try:
            (description,) = self.client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if "does not exist" in error.response["Error"].get("Message", ""):
                return None
            raise
        if description["StackStatus"] == "DELETE_COMPLETE":
            return None
        outputs = {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", ())}
        return Stack(
            description["StackId"],
            description["StackName"],
            description["StackStatus"],
            description.get("StackStatusReason", ""),
            outputs,
        )

    def settled(self, name: str) -> Stack | None:
        """The stack, once no operation on it is under way; None when it is gone."""
        return self._poll(lambda: self.find(name), lambda stack: stack is None or not stack.busy)

    def change_set(self, stack: str, name: str) -> Mapping[str, Any] | None:
        """The change set of this name; None when there is none."""
        try:
            description: Mapping[str, Any] = self.client.describe_change_set(StackName=stack, ChangeSetName=name)
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            if code in ("ChangeSetNotFound", "ChangeSetNotFoundException") or "does not exist" in message:
                return None
            raise
        return description

    def completed_change_set(self, stack: str, name: str) -> Mapping[str, Any] | None:
        """The change set, once it is made, or could not be."""

        def is_complete(description: Mapping[str, Any] | None) -> bool:
            return description is None or not description["Status"].endswith(("_PENDING", "_IN_PROGRESS"))

        return self._poll(lambda: self.change_set(stack, name), is_complete)

    def failed(self, doing: str, stack: Stack) -> ActionFailedError:
        """The failure of an operation that left the stack in this state, with the events that tell why."""
        outcome = Outcome(external_id=stack.id)
        try:
            events = self._last_events(stack.id)
        except ClientError:
            reason = (
                "Status reason is not available because IAM role associated with the action does not have"
                " CloudFormation DescribeStackEvents permission"
            )
            return ActionFailedError("JobFailed", f"{doing}. Current status: {stack.status}. {reason}", outcome)
        culprits = [event for event in events if _is_culprit(event)]
        # Of a nested stack the event of its resource tells; the stack's own, where no resource failed.
        culprits = [event for event in culprits if event["PhysicalResourceId"] != stack.id] or culprits
        reason = "; ".join(f"{e['LogicalResourceId']}: {e['ResourceStatusReason']}" for e in culprits[:3])
        outcome = Outcome(external_id=stack.id, log=tuple(map(_line, events[-LINES_OF_EVENTS:])))
        message = f"{doing}. Current status: {stack.status}. Reason: {reason or stack.reason or _last_of(events)}"
        return ActionFailedError("JobFailed", message[:5000], outcome)

    def _last_events(self, stack: str) -> list[Mapping[str, Any]]:
        """The events of the last operation, oldest first."""
        events: list[Mapping[str, Any]] = []
        for page in self.client.get_paginator("describe_stack_events").paginate(StackName=stack):
            for event in page["StackEvents"]:
                events.append(event)
                if event["PhysicalResourceId"] == stack and event["ResourceStatus"] in _BEGINNINGS:
                    return events[::-1]
        return events[::-1]

    def _poll(self, look: Callable[[], T], done: Callable[[T], bool]) -> T:
        while not done(state := look()):
            self._handle.pause(POLL_SECONDS)
        return state


def _is_culprit(event: Mapping[str, Any]) -> bool:
    reason = event.get("ResourceStatusReason", "")
    return bool(event["ResourceStatus"].endswith("_FAILED") and reason and "cancelled" not in reason.lower())


def _last_of(events: Sequence[Mapping[str, Any]]) -> str:
    """What there is to say where no event of the operation has a reason: the last one that there was."""
    return f"no event has one; the last was {_line(events[-1])}" if events else "the stack has no events"


def _line(event: Mapping[str, Any]) -> str:
    reason = f": {event['ResourceStatusReason']}" if event.get("ResourceStatusReason") else ""
    return f"{event['ResourceStatus']} {event['LogicalResourceId']} ({event['ResourceType']}){reason}"
