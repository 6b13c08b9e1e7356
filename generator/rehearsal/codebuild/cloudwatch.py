"""Sends the log of a build to CloudWatch Logs, in batches, on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from itertools import takewhile
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.log import LogLine

log = logging.getLogger("penstock")

_EVERY = 0.5  # seconds
_MOST_EVENTS = 1000  # in one PutLogEvents; AWS takes 10,000
_MOST_BYTES = 1_000_000  # in one PutLogEvents; AWS takes 1,048,576
_OVERHEAD = 26  # bytes AWS counts for each event beside its text

GetClient = Callable[[str], Any]


class LogStream:
    """One log stream, written with the build role's rights. `open` it first; `close` sends what is left."""

    def __init__(self, client: GetClient, group: str, stream: str, build_arn: str) -> None:
        self._client = client
        self._names = {"logGroupName": group, "logStreamName": stream}
        self._build_arn = build_arn
        self._waiting: list[LogLine] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self.problem = ""

    def open(self) -> None:
        """Make the stream, and the group if there is none; raises PhaseFailedError as CodeBuild words it."""
        try:
            self._make_stream()
        except ClientError as error:
            words = (
                "Service role does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams "
                f"for build {self._build_arn}. Error message: {error}"
            )
            raise PhaseFailedError("ACCESS_DENIED", words) from error
        self._thread = threading.Thread(target=self._send_often, name="build-log", daemon=True)
        self._thread.start()

    def _make_stream(self) -> None:
        logs = self._client("logs")
        try:
            logs.create_log_stream(**self._names)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            self._make_group(logs)
            logs.create_log_stream(**self._names)

    def _make_group(self, logs: Any) -> None:
        try:
            logs.create_log_group(logGroupName=self._names["logGroupName"])
        except ClientError as error:
            # Another build of the project began at the same moment.
            if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise

    def write(self, line: LogLine) -> None:
        """Take one line; it is sent soon."""
        with self._lock:
            self._waiting.append(line)

    def close(self) -> None:
        """Send what is left and end the thread."""
        self._closing.set()
        if self._thread:
            self._thread.join()
            self._send()

    def _send_often(self) -> None:
        while not self._closing.wait(_EVERY):
            self._send()

    def _send(self) -> None:
        while batch := self._next_batch():
            # CloudWatch Logs refuses an event without text.
            events = [{"timestamp": line.at, "message": line.text or " "} for line in batch]
            try:
                self._client("logs").put_log_events(**self._names, logEvents=events)
            except (ClientError, BotoCoreError) as error:
                self.problem = self.problem or str(error)

    def _next_batch(self) -> list[LogLine]:
        with self._lock:
            sizes = 0

            def fits(line: LogLine) -> bool:
                nonlocal sizes
                sizes += len(line.text.encode()) + _OVERHEAD
                return sizes <= _MOST_BYTES

            batch = list(takewhile(fits, self._waiting[:_MOST_EVENTS])) or self._waiting[:1]
            del self._waiting[: len(batch)]
        return sorted(batch, key=lambda line: line.at)


class LogSink:
    """Where a build's log goes: a stream of CloudWatch Logs, or nowhere."""

    def __init__(self, stream: LogStream | None) -> None:
        self._stream = stream

    def open(self) -> None:
        """Make the stream; raises PhaseFailedError."""
        if self._stream:
            self._stream.open()

    def write(self, line: LogLine) -> None:
        """Take one line."""
        if self._stream:
            self._stream.write(line)

    def close(self) -> None:
        """Send what is left."""
        if self._stream:
            self._stream.close()
            if self._stream.problem:
                log.warning("the log of a build is not whole: %s", self._stream.problem)
