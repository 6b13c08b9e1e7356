"""Stacks of CloudFormation: how they stand, what happens to them, and what they left behind."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.aws.door import Door
from generator.errors import AwsRefusedError

_BEGINNINGS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 3.0


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it stands; `status` is AWS's StackStatus, `role` the ARN CloudFormation works as (empty: ours)."""

    name: str
    id: str
    status: str
    reason: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    role: str = ""
    protected: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing is happening to it."""
        return is_settled(self.status)


@dataclass(frozen=True, slots=True)
class StackEvent:
    """One thing that happened to a resource of a stack, or to the stack itself (`own`); `at` is aware."""

    id: str
    at: dt.datetime
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str
    own: bool

    @property
    def failed(self) -> bool:
        """Whether this is why something went wrong, and not just its consequence."""
        return self.status.endswith("_FAILED") and "cancelled" not in self.reason.lower()


@dataclass(frozen=True, slots=True)
class Held:
    """A resource of a stack: what it is called in the template and on AWS, and its type."""

    logical_id: str
    physical_id: str
    type: str


def is_settled(status: str) -> bool:
    """Whether a StackStatus is one in which nothing happens; a stack under review only holds a change set."""
    return status == "REVIEW_IN_PROGRESS" or not status.endswith("_IN_PROGRESS")


def find(door: Door, name: str) -> Stack | None:
    """The stack of a name, or of the id of one that may be deleted already; None when there is none."""
    client = door.client("cloudformation")
    try:
        stacks = client.describe_stacks(StackName=name)["Stacks"]
    except client.exceptions.ClientError as refused:
        if "does not exist" in refused.response["Error"].get("Message", ""):
            return None
        raise
    return _stack(stacks[0]) if stacks else None


def every(door: Door) -> tuple[Stack, ...]:
    """Every stack of the account in the region that is not deleted."""
    pages = door.client("cloudformation").get_paginator("describe_stacks").paginate()
    return tuple(_stack(stack) for page in pages for stack in page["Stacks"])


def deleted(door: Door, name: str) -> tuple[str, ...]:
    """The ids of deleted stacks of a name; AWS remembers them for 90 days.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
    """
    pages = door.client("cloudformation").get_paginator("list_stacks").paginate(StackStatusFilter=["DELETE_COMPLETE"])
    return tuple(
        summary["StackId"] for page in pages for summary in page["StackSummaries"] if summary["StackName"] == name
    )


def resources(door: Door, stack: str) -> tuple[Held, ...]:
    """What a stack holds."""
    pages = door.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    return tuple(
        Held(summary["LogicalResourceId"], summary.get("PhysicalResourceId", ""), summary["ResourceType"])
        for page in pages
        for summary in page["StackResourceSummaries"]
        if summary["ResourceStatus"] != "DELETE_COMPLETE"
    )


def left_behind(door: Door, stack: str) -> tuple[Held, ...]:
    """What a stack kept when it was deleted, or when it replaced it."""
    skipped = {e.physical_id: e for e in events(door, stack) if e.status == "DELETE_SKIPPED" and e.physical_id}
    return tuple(Held(event.logical_id, event.physical_id, event.type) for event in skipped.values())


def template(door: Door, stack: str) -> str | Mapping[str, Any]:
    """The template a stack was launched with: its text, or values where it was JSON."""
    answer = door.client("cloudformation").get_template(StackName=stack, TemplateStage="Original")
    body: str | Mapping[str, Any] = answer["TemplateBody"]
    return body


def events(door: Door, stack: str) -> Iterator[StackEvent]:
    """What happened to a stack, the newest first."""
    pages = door.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack)
    return (_event(stack_event) for page in pages for stack_event in page["StackEvents"])


def newest(door: Door, stack: str) -> str:
    """The id of the event that happened last, from which `follow` goes on; empty when nothing has."""
    return next((event.id for event in events(door, stack)), "")


def follow(door: Door, stack: str, after: str) -> Iterator[StackEvent]:
    """What happens to the stack of an id after an event, as it comes; ends with the stack's own last event."""
    waits = pauses()
    while True:
        fresh = _since(after, events(door, stack))
        for event in reversed(fresh):
            yield event
            if event.own and is_settled(event.status) and event.status != "REVIEW_IN_PROGRESS":
                return
        after = fresh[0].id if fresh else after
        waits = pauses() if fresh else waits
        door.sleep(next(waits))


def follow_to_rest(door: Door, stack: Stack) -> Iterator[StackEvent]:
    """What happens to a stack in which something began earlier, from the beginning of that to its end."""
    begun = (event.id for event in events(door, stack.id) if event.own and event.status in _BEGINNINGS)
    yield from follow(door, stack.id, next(begun, ""))


def _since(after: str, happened: Iterator[StackEvent]) -> list[StackEvent]:
    return list(itertools.takewhile(lambda event: event.id != after, happened))


def pauses() -> Iterator[float]:
    """Seconds to wait between two questions about the same thing: short at first, never long."""
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def delete(door: Door, stack: Stack) -> Iterator[StackEvent]:
    """Delete a stack and follow it. Raises AwsRefusedError when it is still there at the end, with the reasons."""
    after = newest(door, stack.id)
    door.client("cloudformation").delete_stack(StackName=stack.id)
    if stack.status == "REVIEW_IN_PROGRESS":
        # What never began to be made goes without an event.
        _wait_until_gone(door, stack)
        return
    failed: list[StackEvent] = []
    for event in follow(door, stack.id, after):
        yield event
        failed += [event] if event.failed else []
    if event.status != "DELETE_COMPLETE":
        raise AwsRefusedError(f"the stack {stack.name} could not be deleted\n{reasons(failed)}")


def _wait_until_gone(door: Door, stack: Stack) -> None:
    waits = pauses()
    while (left := find(door, stack.id)) is not None and left.status != "DELETE_COMPLETE":
        door.sleep(next(waits))


def reasons(failed: list[StackEvent]) -> str:
    """Why it failed, a line for each resource."""
    return "\n".join(f"  {event.logical_id} ({event.type}): {event.reason}" for event in failed if not event.own)


def _stack(answer: Mapping[str, Any]) -> Stack:
    return Stack(
        answer["StackName"],
        answer["StackId"],
        answer["StackStatus"],
        answer.get("StackStatusReason", ""),
        {parameter["ParameterKey"]: parameter.get("ParameterValue", "") for parameter in answer.get("Parameters", ())},
        {output["OutputKey"]: output.get("OutputValue", "") for output in answer.get("Outputs", ())},
        answer.get("RoleARN", ""),
        answer.get("EnableTerminationProtection", False),
    )


def _event(answer: Mapping[str, Any]) -> StackEvent:
    return StackEvent(
        answer["EventId"],
        answer["Timestamp"],
        answer["LogicalResourceId"],
        answer.get("PhysicalResourceId", ""),
        answer["ResourceType"],
        answer["ResourceStatus"],
        answer.get("ResourceStatusReason", ""),
        answer.get("PhysicalResourceId") == answer["StackId"],
    )
