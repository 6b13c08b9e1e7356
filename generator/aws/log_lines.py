"""Lines of CloudWatch Logs: the end of a stream, and what was written to a group in a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from generator.aws.door import Door

LATE = timedelta(seconds=5)
"""How long after the end of an action its last lines may come."""
MOST_EVENTS = 10_000  # in one answer of GetLogEvents
_BEGIN = re.compile(r"START RequestId: ")


def tail(door: Door, group: str, stream: str, most: int) -> tuple[str, ...]:
    """The last lines of a log stream, at most so many; none when it is gone, or was never written."""
    logs = door.client("logs")
    try:
        answer = logs.get_log_events(logGroupName=group, logStreamName=stream, limit=min(most, MOST_EVENTS))
    except logs.exceptions.ResourceNotFoundException:
        return ()
    return tuple(line for event in answer["events"] for line in lines_of(event))[-most:]


def invocations(door: Door, group: str, start: datetime, end: datetime) -> list[tuple[str, ...]]:
    """What a function wrote between two times, by invocation; none when its group is gone, or never was."""
    logs = door.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=_milliseconds(start), endTime=_milliseconds(end + LATE)
    )
    try:
        return by_invocation(event for page in pages for event in page["events"])
    except logs.exceptions.ResourceNotFoundException:
        return []


def by_invocation(events: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """The lines of FilterLogEvents' events, those of one invocation together, in the order they began.

    A stream belongs to one execution environment, which serves one invocation after the other; Lambda's START line
    begins each, unless the function logs JSON.
    """
    invocations: list[list[str]] = []
    current: dict[str, list[str]] = {}
    for event in events:
        stream = event.get("logStreamName", "")
        for line in lines_of(event):
            if stream not in current or _BEGIN.match(line):
                current[stream] = []
                invocations.append(current[stream])
            current[stream].append(line)
    return [tuple(lines) for lines in invocations]


def lines_of(event: Mapping[str, Any]) -> Iterator[str]:
    """The lines of one event."""
    yield from event["message"].rstrip("\n").split("\n")


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
