"""One execution environment of a function: its process, started when first needed, and what AWS says about it.

Phases, time limits and texts: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.emulator.functions.memory import peak_megabytes
from generator.rehearsal.emulator.functions.output import Output
from generator.rehearsal.emulator.functions.runtime_api import Event, News, RuntimeApi
from generator.rehearsal.sandbox.confinement import Apart

INIT_LIMIT = 10.0  # seconds an environment may take to ask for its first event
TASK_ROOT = "/var/task"
RUNTIME_ROOT = "/var/runtime"
"""Where AWS puts a function's code and runtime; in messages and traces they stand for the folders of this machine."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to start for a function: the command, its whole environment, its code and its runtime's folder.

    `writable` are the folders that it may write to.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    code: Path
    runtime: Path
    timeout: float
    memory: int
    version: str = "$LATEST"
    writable: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an invocation came to: the function's payload or an error's, and the lines of its log."""

    payload: Any
    failed: bool
    log: str


class ExecutionEnvironment:
    """Runs one invocation at a time; a new process is started when the last one ended."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._apart = Apart(program.writable)
        self._api: RuntimeApi | None = None
        self._output: Output | None = None
        self._init = 0.0
        self._peak = 0

    def invoke(self, event: Any, request_id: str, arn: str, trace_id: str = "") -> Outcome:
        """Ask the function, starting it if it is not running."""
        began = time.monotonic()
        news = self._ready()
        init, self._init = self._init, 0.0
        if news.kind == "ready":
            began = time.monotonic()
            news = self._asked(event, request_id, arn, trace_id)
        return self._outcome(news, request_id, time.monotonic() - began, init)

    def kill(self) -> None:
        """Kill the process and all it started; whoever waits for its answer learns that it ended."""
        process = self._process
        if process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process and all it started."""
        self._apart.close()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self._api is not None:
            self._api.close()
            self._api = None

    def _ready(self) -> News:
        """Wait until the function asks for an event; anything else it says instead is returned."""
        if self._process is not None and self._process.poll() is None:
            return News("ready")
        self.close()
        began = time.monotonic()
        self._start()
        # An init that takes longer is run again under the function's own time limit.
        news = self._news(began + max(INIT_LIMIT, self._program.timeout))
        self._init = time.monotonic() - began
        self._notice_memory()
        return news

    def _start(self) -> None:
        self._peak = 0
        self._api = RuntimeApi()
        variables = {**self._program.environment, "AWS_LAMBDA_RUNTIME_API": self._api.address}
        # As on AWS: https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
        self._process = self._apart.start(lambda: self._started(variables))
        assert self._process.stdout is not None  # noqa: S101 - it was asked for as a pipe
        self._output = Output(self._process.stdout)

    def _started(self, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._program.command,
            cwd=self._program.code,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            process_group=0,
        )

    def _asked(self, event: Any, request_id: str, arn: str, trace_id: str) -> News:
        assert self._api is not None  # noqa: S101 - it has just said it is ready
        limit = self._program.timeout
        deadline = int((time.time() + limit) * 1000)
        self._api.hand_out(Event(request_id, json.dumps(event).encode(), deadline, arn, trace_id))
        until = time.monotonic() + limit
        while (news := self._news(until)).kind == "ready":
            continue
        return news

    def _news(self, until: float) -> News:
        """What the function says next, or that its process ended; code -1 and kind "exit" when time is over."""
        assert self._api is not None  # noqa: S101 - callers have started it
        assert self._process is not None  # noqa: S101 - as above
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                return self._api.news.get(timeout=min(0.05, left))
            self._notice_memory()
            if self._process.poll() is not None:
                # It may have answered just before it ended.
                with contextlib.suppress(queue.Empty):
                    return self._api.news.get_nowait()
                return News("exit", code=self._process.returncode)
        return News("exit", b"timeout")

    def _notice_memory(self) -> None:
        """Nothing can be read of a process that has ended, so it is looked at while it lives."""
        if self._process is not None:
            self._peak = max(self._peak, peak_megabytes(self._process.pid))

    def _outcome(self, news: News, request_id: str, duration: float, init: float) -> Outcome:
        self._notice_memory()
        payload, failed, extra = self._payload(news, request_id)
        if news.kind in {"exit", "init"}:
            self.close()
        written = self._output.taken() if self._output else ""
        log = self._log(request_id, written + extra, (duration, init))
        return Outcome(self._as_on_aws(payload) if failed else payload, failed, self._as_on_aws(log))

    def _payload(self, news: News, request_id: str) -> tuple[Any, bool, str]:
        """Payload, whether it failed, and the platform's own line about it."""
        if news.kind == "response":
            most = limits.FUNCTION_RESPONSE_BYTES
            if len(news.body) > most:
                text = f"Response payload size exceeded maximum allowed payload size ({most} bytes)."
                return _error("Function.ResponseSizeTooLarge", text), True, ""
            return _parsed(news.body), False, ""
        if news.kind in {"error", "init"}:
            return _parsed(news.body), True, ""
        if news.body == b"timeout":
            text = f"Task timed out after {self._program.timeout:.2f} seconds"
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + ".000Z"
            line = f"{stamp} {request_id} {text}\n\n"
            return _error("Sandbox.Timedout", f"RequestId: {request_id} Error: {text}"), True, line
        text = f"RequestId: {request_id} Error: {_ending(news.code)}"
        return _error("Runtime.ExitError", text), True, f"{text}\nRuntime.ExitError\n"

    def _log(self, request_id: str, written: str, times: tuple[float, float]) -> str:
        duration, init = (value * 1000 for value in times)
        billed = int(duration) + 1
        begin = f"START RequestId: {request_id} Version: {self._program.version}\n"
        report = (
            f"REPORT RequestId: {request_id}\tDuration: {duration:.2f} ms\tBilled Duration: {billed} ms\t"
            f"Memory Size: {self._program.memory} MB\tMax Memory Used: {self._peak} MB\t"
        )
        cold = f"Init Duration: {init:.2f} ms\t" if init else ""
        # Without AWS's own log channel the Python client marks the lines inside one entry with a return.
        written = written.replace("\r", "\n")
        middle = written if not written or written.endswith("\n") else written + "\n"
        return f"{begin}{middle}END RequestId: {request_id}\n{report}{cold}"

    def _as_on_aws(self, value: Any) -> Any:
        """An error or a log with the folders of this machine called what AWS calls them."""
        if isinstance(value, dict) and "errorType" in value:
            return json.loads(self._as_on_aws(json.dumps(value, ensure_ascii=False)))
        if not isinstance(value, str):
            return value
        here = value.replace(str(self._program.code), TASK_ROOT)
        return here.replace(str(self._program.runtime), RUNTIME_ROOT)


def _error(kind: str, message: str) -> dict[str, str]:
    return {"errorType": kind, "errorMessage": message}


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _ending(code: int) -> str:
    """How AWS words the end of a runtime's process."""
    if code < 0:
        return f"Runtime exited with error: signal: {_signal(-code)}"
    return f"Runtime exited with error: exit status {code}" if code else "Runtime exited without providing a reason"


def _signal(number: int) -> str:
    words = {signal.SIGKILL: "killed", signal.SIGTERM: "terminated", signal.SIGSEGV: "segmentation fault"}
    return words.get(signal.Signals(number), signal.strsignal(number) or str(number)).lower()
