"""The events of CloudWatch Logs lie in files: they read as they were written, and go with their group."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator

_numbers = itertools.count(1)
NOW = int(time.time() * 1000)


@pytest.fixture
def group(emulator: Emulator) -> Iterator[str]:
    name = f"/on-disk/{next(_numbers)}"
    logs = emulator.client("logs")
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="it")
    yield name
    logs.delete_log_group(logGroupName=name)


def write(emulator: Emulator, group: str, texts: Sequence[str], at: int = NOW) -> None:
    events = [{"timestamp": at + number, "message": text} for number, text in enumerate(texts)]
    emulator.client("logs").put_log_events(logGroupName=group, logStreamName="it", logEvents=events)


def texts_of(emulator: Emulator, group: str) -> list[str]:
    """All messages, page after page as a client asks for them."""
    texts: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = emulator.client("logs").get_log_events(
            logGroupName=group, logStreamName="it", startFromHead=True, limit=2, **token
        )
        texts += [event["message"] for event in page["events"]]
        if not page["events"]:
            return texts
        token = {"nextToken": page["nextForwardToken"]}


def files(emulator: Emulator) -> set[Path]:
    return set((emulator.settings.service_folder("logs") / "streams").iterdir())


def test_events_come_in_their_order_page_after_page(emulator: Emulator, group: str) -> None:
    write(emulator, group, ["a", "b", "\u00fc\n\u2028"])
    write(emulator, group, ["c"], NOW + 10)
    assert texts_of(emulator, group) == ["a", "b", "\u00fc\n\u2028", "c"]


def test_events_from_before_the_latest_stand_where_they_belong(emulator: Emulator, group: str) -> None:
    write(emulator, group, ["late"], NOW)
    write(emulator, group, ["early"], NOW - 1000)
    write(emulator, group, ["later"], NOW + 1000)
    assert texts_of(emulator, group) == ["early", "late", "later"]


def test_events_are_filtered_and_queried(emulator: Emulator, group: str) -> None:
    write(emulator, group, ["INFO: up", "ERROR: down", "INFO: up"])
    logs = emulator.client("logs")
    (event,) = logs.filter_log_events(logGroupName=group, filterPattern="ERROR")["events"]
    assert event["message"] == "ERROR: down"
    seconds = NOW // 1000
    query = logs.start_query(
        logGroupName=group, startTime=seconds - 60, endTime=seconds + 60, queryString="fields @message, @ptr"
    )
    results = logs.get_query_results(queryId=query["queryId"])["results"]
    rows = [{field["field"]: field["value"] for field in row} for row in results]
    assert sorted(row["@message"] for row in rows) == ["ERROR: down", "INFO: up", "INFO: up"]
    record = logs.get_log_record(logRecordPointer=rows[0]["@ptr"])["logRecord"]
    assert record["@message"] == rows[0]["@message"]


def test_the_files_go_with_the_group(emulator: Emulator) -> None:
    logs, name = emulator.client("logs"), "/on-disk/gone"
    before = files(emulator)
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="it")
    write(emulator, name, ["a"])
    (own,) = [file for file in files(emulator) - before if b'"message": "a"' in file.read_bytes()]
    logs.delete_log_group(logGroupName=name)
    assert not own.exists()
