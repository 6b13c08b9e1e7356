"""News is read as it grows, and its end is noticed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.execution import ExecutionStarted, told
from generator.rehearsal.driver.follower import Follower, News
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator

EVENT = ExecutionStarted(datetime(2026, 11, 21, tzinfo=UTC), "p", 1, "e", trigger="CreatePipeline")
LINE = (json.dumps(told(EVENT)) + "\n").encode()


def test_there_is_no_news_before_there_is_a_file(tmp_path: Path) -> None:
    news = News(tmp_path / "none")
    assert (news.fresh(), news.waiting) == ([], False)


def test_each_event_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "news"
    news = News(file)
    file.write_bytes(LINE)
    assert news.waiting
    assert news.fresh() == [EVENT]
    assert (news.fresh(), news.waiting) == ([], False)
    with file.open("ab") as more:
        more.write(LINE + LINE)
    assert news.fresh() == [EVENT, EVENT]


def test_a_line_that_is_still_being_written_waits(tmp_path: Path) -> None:
    file = tmp_path / "news"
    news = News(file)
    file.write_bytes(LINE + LINE[:20])
    assert news.fresh() == [EVENT]
    assert news.fresh() == []
    file.write_bytes(LINE + LINE)
    assert news.fresh() == [EVENT]


def test_an_emulator_that_is_not_running_is_an_error() -> None:
    with pytest.raises(EmulatorError, match="ended in the middle"):
        Follower(Emulator({}), "p").end_of_first()


def test_an_emulator_that_tells_nothing_is_an_error(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match=r"does not tell how the execution began: is the disk of .* full\?"):
        Follower(emulator, "nobody's").end_of_first(0.1)


def test_nothing_that_starts_in_time_is_no_execution(emulator: Emulator) -> None:
    assert Follower(emulator, "nobody's").started(0.1) is None
