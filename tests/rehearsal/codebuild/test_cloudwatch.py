"""The log in CloudWatch Logs: all of it, in order, in batches that AWS takes."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from generator.rehearsal.codebuild.cloudwatch import LogStream
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.log import LogLine
from tests.rehearsal.codebuild.fake_services import Logs, refusal


def stream(logs: Logs) -> LogStream:
    """An open stream."""
    opened = LogStream(lambda _service: logs, "/group", "stream", "arn:build")
    opened.open()
    return opened


def test_a_group_that_is_missing_is_made_first() -> None:
    logs = Logs()
    stream(logs).close()
    assert logs.calls == ["CreateLogStream", "CreateLogGroup", "CreateLogStream"]


def test_a_group_that_another_build_makes_at_the_same_moment_is_taken() -> None:
    class Raced(Logs):
        def create_log_group(self, *, logGroupName: str) -> None:  # noqa: N803 - boto's names
            super().create_log_group(logGroupName=logGroupName)
            raise refusal("ResourceAlreadyExistsException", "CreateLogGroup")

    logs = Raced()
    opened = stream(logs)
    opened.write(LogLine(1, "all the same"))
    opened.close()
    assert logs.groups == {"/group": {"stream": ["all the same"]}}


@pytest.mark.parametrize("operation", ["CreateLogStream", "CreateLogGroup"])
def test_a_role_that_may_not_is_told_in_codebuilds_words(operation: str) -> None:
    with pytest.raises(PhaseFailedError, match=r"log streams for build arn:build\. Error message: .*AccessDenied"):
        stream(Logs(refuse=operation))


@pytest.mark.parametrize("texts", [["one", "", "three"], [str(number) for number in range(2500)], ["x" * 400_000] * 6])
def test_every_line_arrives_in_order(texts: list[str]) -> None:
    logs = Logs()
    opened = stream(logs)
    for at, text in enumerate(texts):
        opened.write(LogLine(at, text))
    opened.close()
    assert logs.groups["/group"]["stream"] == [text or " " for text in texts]


def test_lines_arrive_while_the_build_runs() -> None:
    came = threading.Event()

    class SignallingLogs(Logs):
        def put_log_events(self, **request: Any) -> None:
            super().put_log_events(**request)
            came.set()

    opened = stream(SignallingLogs())
    opened.write(LogLine(1, "early"))
    assert came.wait(120)
    opened.close()


def test_lines_that_cannot_be_sent_stop_nothing() -> None:
    opened = stream(Logs(refuse="PutLogEvents"))
    opened.write(LogLine(1, "lost"))
    opened.close()
    assert "AccessDenied" in opened.problem
