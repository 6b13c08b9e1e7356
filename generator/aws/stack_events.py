"""What CloudFormation reports about a deploy action: the events of its stack that failed, nested stacks included.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import takewhile

from generator.aws import stacks
from generator.aws.door import Door
from generator.aws.pipeline import Run
from generator.aws.section import Section
from generator.aws.stacks import StackEvent

_EARLY = timedelta(seconds=1)
"""The clocks of CodePipeline and CloudFormation may differ by so much."""
_NESTED = "AWS::CloudFormation::Stack"


def sections(door: Door, run: Run, most: int) -> tuple[Section, ...]:
    """The failed events of the action's time, or all of the stack's own when none failed."""
    identity = run.external_id if ":stack/" in run.external_id else run.configuration.get("StackName", "")
    stack = stacks.find(door, identity)
    if stack is None:
        return (Section(f"events of stack {identity}", ("there is no such stack (any more)",)),)
    events = _of_run(door, stack.id, run)
    failed = [event for event in events if event.failed]
    lines = tuple(map(line, failed or [event for event in events if event.own]))
    title = f"{'failed events' if failed else 'events'} of stack {stack.name}"
    nested = sorted({event.physical_id for event in failed if event.type == _NESTED and not event.own} - {""})
    return (
        Section(title, lines[-most:] or ("nothing happened to it in that time",)),
        *(section for inner in nested for section in sections(door, replace(run, external_id=inner), most)),
    )


def _of_run(door: Door, stack: str, run: Run) -> list[StackEvent]:
    """The events of the action's time, the oldest first."""
    newest_first = stacks.events(door, stack)
    events = list(takewhile(lambda event: event.at >= run.started - _EARLY, newest_first))
    return [event for event in reversed(events) if run.active or event.at <= run.updated + _EARLY]


def line(event: StackEvent) -> str:
    """An event in one line."""
    reason = " ".join(event.reason.split())
    return f"{event.at:%H:%M:%S} {event.status} {event.type} {event.logical_id}{': ' * bool(reason)}{reason}"
