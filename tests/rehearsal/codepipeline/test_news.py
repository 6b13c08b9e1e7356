"""How news of executions leaves the service: as AWS's events on the bus, and as lines another process can read."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.execution import (
    ActionEnded,
    ActionProgressed,
    ActionStarted,
    ActionWaiting,
    AssumptionMade,
    ErrorDetails,
    Event,
    ExecutionEnded,
    ExecutionStarted,
    StageEnded,
    StageStarted,
    StageWaiting,
    UnknownEventError,
    from_message,
    to_message,
)
from generator.rehearsal.codepipeline.bus_events import bus_event
from generator.rehearsal.codepipeline.event_publisher import EventPublisher, to_event_bus, to_record
from generator.rehearsal.sandbox.record import Record
from generator.rehearsal.service import Credentials
from tests.rehearsal.codepipeline.action_runner import FakeSurroundings
from tests.rehearsal.codepipeline.pipeline_api import ACCOUNT, PATIENCE, REGION, START

WHOSE = (START, "line", 3, "e1")
KIND = ("Deploy", "AWS", "CloudFormation", "1")
PLACE = (*WHOSE, "Beta", "Deploy", "r1", KIND)
RED = ErrorDetails("JobFailed", "red")
EVENTS: tuple[Event, ...] = (
    ExecutionStarted(*WHOSE, trigger="CreatePipeline", detail="anna"),
    StageWaiting(*WHOSE, "Beta", reason="locked"),
    StageStarted(*WHOSE, "Beta", retry=True),
    ActionStarted(*PLACE),
    ActionWaiting(*PLACE, token="t", message="look", link="http://x"),  # noqa: S106  # no password
    ActionProgressed(*PLACE, summary="half"),
    AssumptionMade(*PLACE, assumption="a", value="b", meaning="c", why="d"),
    ActionEnded(*PLACE, status="Failed", error=RED, log=("one", "two"), variables={"a": "1"}),
    ActionEnded(*PLACE, status="Succeeded", external_id="stack"),
    StageEnded(*WHOSE, "Beta", status="Failed"),
    ExecutionEnded(*WHOSE, status="Failed", stage="Beta", action="Deploy", not_rehearsed=True),
)
NAMES = [f"{number} {type(event).__name__}" for number, event in enumerate(EVENTS)]


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_an_event_crosses_a_process_boundary_unharmed(event: Event) -> None:
    assert from_message(json.loads(json.dumps(to_message(event)))) == event


def test_an_event_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownEventError, match="'Moon'"):
        from_message({"type": "Moon"})


BASE = {"pipeline": "line", "execution-id": "e1", "version": 3.0}
ACTION = {
    **BASE,
    "stage": "Beta",
    "action": "Deploy",
    "action-execution-id": "r1",
    "region": REGION,
    "type": {"owner": "AWS", "category": "Deploy", "provider": "CloudFormation", "version": "1"},
}
NOTICES: tuple[tuple[str, dict[str, Any]] | None, ...] = (
    (
        "Pipeline",
        {
            **BASE,
            "state": "STARTED",
            "execution-trigger": {"trigger-type": "CreatePipeline", "trigger-detail": "anna"},
        },
    ),
    None,
    ("Stage", {**BASE, "stage": "Beta", "state": "RESUMED"}),
    ("Action", {**ACTION, "state": "STARTED"}),
    None,
    None,
    None,
    ("Action", {**ACTION, "state": "FAILED", "execution-result": {"error-code": "JobFailed"}}),
    ("Action", {**ACTION, "state": "SUCCEEDED", "execution-result": {"external-execution-id": "stack"}}),
    ("Stage", {**BASE, "stage": "Beta", "state": "FAILED"}),
    ("Pipeline", {**BASE, "state": "FAILED"}),
)


@pytest.mark.parametrize(("event", "expected"), list(zip(EVENTS, NOTICES, strict=True)), ids=NAMES)
def test_what_aws_puts_on_the_bus(event: Event, expected: tuple[str, dict[str, Any]] | None) -> None:
    result = bus_event(event, REGION)
    if expected is None:
        assert result is None
    else:
        assert result is not None
        assert result.kind == f"CodePipeline {expected[0]} Execution State Change"
        assert result.detail == expected[1]


def test_a_herald_keeps_the_order_and_never_makes_the_teller_wait() -> None:
    gate = threading.Event()
    listened: list[Event] = []

    def slow(event: Event) -> None:
        gate.wait(PATIENCE)
        listened.append(event)

    publisher = EventPublisher([slow])
    for event in EVENTS:
        publisher.tell(event)
    assert listened == []
    gate.set()
    publisher.close()
    assert listened == list(EVENTS)


def test_a_record_of_events_is_read_back_whole() -> None:
    record = Record()
    write = to_record(record.append)
    for event in EVENTS:
        write(event)
    assert [from_message(entry) for entry in record.read()[0]] == list(EVENTS)


class Bus:
    """Takes what it is given, or refuses it."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.entries: list[dict[str, Any]] = []
        self._refuses = refuses

    def put_events(self, *, Entries: list[dict[str, Any]]) -> None:  # noqa: N803  # AWS's name
        if self._refuses:
            raise ClientError({"Error": {"Code": "Throttled", "Message": "later"}}, "PutEvents")
        self.entries += Entries


def surroundings(tmp_path: Path, bus: Bus) -> FakeSurroundings:
    place: dict[str, Any] = {"endpoint": "http://here", "ca_file": tmp_path, "folder": tmp_path}
    place["root"] = Credentials("AKIA", "secret")
    result = FakeSurroundings(**place, account=ACCOUNT, region=REGION, principal="codepipeline.amazonaws.com")
    result.prepare({"events": bus})
    return result


def test_the_bus_gets_the_pipelines_arn(tmp_path: Path) -> None:
    bus = Bus()
    to_event_bus(surroundings(tmp_path, bus))(EVENTS[0])
    (entry,) = bus.entries
    assert entry["Source"] == "aws.codepipeline"
    assert entry["Resources"] == [f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:line"]


def test_a_listener_that_fails_silences_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    listened: list[Event] = []
    publisher = EventPublisher([to_event_bus(surroundings(tmp_path, Bus(refuses=True))), listened.append])
    for event in EVENTS:
        publisher.tell(event)
    publisher.close()
    assert listened == list(EVENTS)
    assert "ExecutionStarted was not passed on" in caplog.text
