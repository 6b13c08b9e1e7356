"""Lambda's Runtime API for one execution environment: events go out, results come back.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

_PREFIX = "/2018-06-01/runtime/"
_REFUSED = {"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"}

Kind = Literal["ready", "response", "error", "init", "exit"]


@dataclass(frozen=True, slots=True)
class Event:
    """What a function is asked: one invocation, `deadline` in milliseconds since the epoch."""

    request_id: str
    payload: bytes
    deadline: int
    arn: str
    trace_id: str = ""

    def headers(self) -> dict[str, str]:
        """What the runtime client gets beside the payload."""
        own = {
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": str(self.deadline),
            "Lambda-Runtime-Invoked-Function-Arn": self.arn,
            "Content-Type": "application/json",
        }
        return own | ({"Lambda-Runtime-Trace-Id": self.trace_id} if self.trace_id else {})


@dataclass(frozen=True, slots=True)
class News:
    """What came from the function: it asks for work, it answered, it failed, or its process ended."""

    kind: Kind
    body: bytes = b""
    code: int = 0


@dataclass
class RuntimeApi:
    """Answers one runtime client on a port of 127.0.0.1; `news` is what it said, in order."""

    news: queue.SimpleQueue[News] = field(default_factory=queue.SimpleQueue)
    _events: queue.SimpleQueue[Event | None] = field(default_factory=queue.SimpleQueue)
    _current: str = ""

    def __post_init__(self) -> None:
        api = self

        class Bound(_Requests):
            runtime = api

        self._server = _Server(("127.0.0.1", 0), Bound)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        """AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self._server.server_port}"

    def hand_out(self, event: Event) -> None:
        """Give the event to the client's pending or coming request for the next one."""
        self._current = event.request_id
        self._events.put(event)

    def next_event(self) -> Event | None:
        """Wait for an event; None when the environment is closed."""
        self.news.put(News("ready"))
        return self._events.get()

    def take(self, request_id: str, kind: Kind, body: bytes) -> bool:
        """Accept the one result of the invocation at hand; False for any other."""
        if not self._current or request_id != self._current:
            return False
        self._current = ""
        self.news.put(News(kind, body))
        return True

    def close(self) -> None:
        """Stop answering; a client still waiting for work is let go."""
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """A server whose client may be killed in the middle of a word."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed function resets its connections, which is nothing to log."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Requests(BaseHTTPRequestHandler):
    """One connection of a runtime client."""

    runtime: RuntimeApi
    protocol_version = "HTTP/1.1"
    # Head and body in one segment: apart, the peer's delayed acknowledgement costs 40 ms a request.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path != f"{_PREFIX}invocation/next":
            self._answer(404, {})
            return
        event = self.runtime.next_event()
        if event is None:
            self.close_connection = True
            return
        self._send(200, event.payload, event.headers())

    def do_POST(self) -> None:
        body = self._body()
        if self.path == f"{_PREFIX}init/error":
            self.runtime.news.put(News("init", body))
            self._answer(202, {"status": "OK"})
            return
        request_id, _, what = self.path.removeprefix(f"{_PREFIX}invocation/").partition("/")
        kind: Kind = "error" if what == "error" else "response"
        taken = what in {"error", "response"} and self.runtime.take(request_id, kind, body)
        self._answer(202 if taken else 400, {"status": "OK"} if taken else _REFUSED)

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _answer(self, status: int, body: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Requests of a runtime client are not worth a line."""
