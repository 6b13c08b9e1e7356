"""The log of a build is read to its end, however long it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from generator.rehearsal.driver import logs
from generator.rehearsal.emulator.handle import Emulator

LINES = 10_050  # more than one answer holds


class Building:
    """An emulator that knows of one build, whose log lies with a real one."""

    def __init__(self, emulator: Emulator, stream: str) -> None:
        self._emulator = emulator
        self._build = {"logs": {"groupName": "/long", "streamName": stream}}

    def client(self, service: str) -> Any:
        if service == "codebuild":
            return SimpleNamespace(batch_get_builds=lambda **_ids: {"builds": [self._build]})
        return self._emulator.client(service)


@pytest.fixture
def group(emulator: Emulator) -> str:
    client = emulator.client("logs")
    if not client.describe_log_groups(logGroupNamePrefix="/long")["logGroups"]:
        client.create_log_group(logGroupName="/long")
    return "/long"


def test_every_line_of_a_long_log_is_read(emulator: Emulator, group: str) -> None:
    client = emulator.client("logs")
    client.create_log_stream(logGroupName=group, logStreamName="stream")
    texts = [f"line {number}" for number in range(LINES)]
    for at in range(0, LINES, 1000):
        events = [{"timestamp": 1, "message": text} for text in texts[at : at + 1000]]
        client.put_log_events(logGroupName=group, logStreamName="stream", logEvents=events)
    building: Any = Building(emulator, "stream")
    assert logs.build(building, "build:1") == tuple(texts)


def test_a_stream_that_is_not_there_has_no_lines(emulator: Emulator, group: str) -> None:
    assert group == "/long"
    building: Any = Building(emulator, "nobody")
    assert logs.build(building, "build:1") == ()
