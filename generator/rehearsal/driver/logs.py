"""The logs that tell why an action failed, or what a build counted, as CloudWatch Logs has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator

MOST_LINES = 40
_COUNTS = re.compile(r"^\[Container\] \S+ \S+ Report (\S+: .*)$")
_STAND_IN = re.compile(r"^\[Container\] \S+ \S+ '(\w+)' runtime version '([^']+)' is not .*: (\S+) stands in$")


def written(emulator: Emulator, start: datetime, end: datetime) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The log groups that were written to in this time, each with its last lines."""
    logs = emulator.client("logs")
    pages = logs.get_paginator("describe_log_groups").paginate()
    for name in sorted(group["logGroupName"] for page in pages for group in page["logGroups"]):
        lines = _lines(logs, name, startTime=_milliseconds(start), endTime=_milliseconds(end) + 1000)
        if lines:
            yield name, lines[-MOST_LINES:]


def build(emulator: Emulator, identity: str) -> tuple[str, ...]:
    """Every line of a build's log; nothing when it has none, or when no build began (it has no id then)."""
    if not identity:
        return ()
    builds = emulator.client("codebuild").batch_get_builds(ids=[identity])["builds"]
    place = builds[0].get("logs", {}) if builds else {}
    if "groupName" not in place:
        return ()
    return tuple(_stream(emulator.client("logs"), place["groupName"], place["streamName"]))


def counts(lines: tuple[str, ...]) -> tuple[str, ...]:
    """What the test reports of a build counted ("unit-tests: 12 passed")."""
    return tuple(match[1] for line in lines if (match := _COUNTS.match(line)))


def stand_ins(lines: tuple[str, ...]) -> dict[str, str]:
    """Each runtime a build asked for, and the version of this machine that stood in for it."""
    matches = (match for line in lines if (match := _STAND_IN.match(line)))
    return {f"{match[1]} {match[2]}": f"{match[1]} {match[3]}" for match in matches}


def _stream(logs: Any, group: str, stream: str) -> Iterator[str]:
    """All lines of a stream; the emulator's FilterLogEvents tells no more than its first 10,000 events."""
    names, token = {"logGroupName": group, "logStreamName": stream, "startFromHead": True}, ""
    while True:
        try:
            page = logs.get_log_events(**names, **({"nextToken": token} if token else {}))
        except logs.exceptions.ResourceNotFoundException:
            return
        yield from (line for event in page["events"] for line in event["message"].rstrip("\n").split("\n"))
        # The end is where the token stays the same.
        if not page["events"] or page["nextForwardToken"] == token:
            return
        token = page["nextForwardToken"]


def _lines(logs: Any, group: str, **chosen: Any) -> tuple[str, ...]:
    try:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, **chosen)
        events = [event for page in pages for event in page["events"]]
    except ClientError:
        # A stream that is not there yet, or a group that went with its stack.
        return ()
    return tuple(line for event in events for line in event["message"].rstrip("\n").split("\n"))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
