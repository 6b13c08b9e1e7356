"""What CloudFormation tells of a deploy action: the events of its stack that failed, nested stacks included.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile
from typing import Any

from generator.aws.door import Door
from generator.aws.pipeline import Run
from generator.aws.section import Section

_EARLY = timedelta(seconds=1)
"""AWS cuts times of actions to milliseconds, and a stack's first event may bear the very same."""
_ECHOES = ("Resource creation cancelled", "Resource update cancelled")
"""What CloudFormation says of resources that only stopped because another failed."""
_NESTED = "AWS::CloudFormation::Stack"

Event = Mapping[str, Any]


def sections(door: Door, run: Run, most: int) -> tuple[Section, ...]:
    """The failed events of the action's time, or all of the stack's own when none failed."""
    stack = run.external_id if ":stack/" in run.external_id else run.configuration.get("StackName", "")
    found = list(_of_run(door, stack, run))
    failed = [event for event in found if is_failure(event)]
    nested = (
        section
        for inner in sorted(_nested(stack, failed))
        for section in sections(door, replace(run, external_id=inner), most)
    )
    lines = tuple(map(line, failed or [event for event in found if event["ResourceType"] == _NESTED]))
    title = f"{'failed events' if failed else 'events'} of stack {stack_name(stack)}"
    return (Section(title, lines[-most:] or ("nothing happened to it in that time",)), *nested)


def _of_run(door: Door, stack: str, run: Run) -> list[Event]:
    """The events of the action's time, the oldest first; none when the stack is gone."""
    cloudformation = door.client("cloudformation")
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    newest_first = (event for page in pages for event in page["StackEvents"])
    begun = run.started - _EARLY
    try:
        found = list(takewhile(lambda event: event["Timestamp"] >= begun, newest_first))
    except cloudformation.exceptions.ClientError as gone:
        if "does not exist" not in str(gone):
            raise
        return []
    return [event for event in reversed(found) if run.active or event["Timestamp"] <= run.updated + _EARLY]


def is_failure(event: Event) -> bool:
    """Whether something failed by itself, and not because something else did."""
    reason = event.get("ResourceStatusReason", "")
    return event["ResourceStatus"].endswith("_FAILED") and not reason.startswith(_ECHOES)


def line(event: Event) -> str:
    """An event in one line."""
    reason = " ".join(event.get("ResourceStatusReason", "").split())
    what = f"{event['ResourceStatus']} {event['ResourceType']} {event['LogicalResourceId']}"
    return f"{event['Timestamp']:%H:%M:%S} {what}{': ' * bool(reason)}{reason}"


def _nested(stack: str, failed: Iterable[Event]) -> set[str]:
    inner = {e.get("PhysicalResourceId", "") for e in failed if e["ResourceType"] == _NESTED}
    return {each for each in inner if ":stack/" in each and each != stack and stack_name(each) != stack_name(stack)}


def stack_name(stack: str) -> str:
    """The name in a stack's ARN, or the name itself."""
    return stack.split("/")[1] if ":stack/" in stack else stack
