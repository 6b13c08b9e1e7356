"""As much of S3 as a build asks of it, over HTTP: it creates an object, and none that is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

_ERROR = "<Error><Code>{code}</Code><Message>not today</Message></Error>"


class ObjectStore(NamedTuple):
    """A folder with the objects of one bucket, each by its key, and the variables that lead boto3 to it."""

    folder: Path
    environment: Mapping[str, str]


@contextmanager
def serving(folder: Path, refusals: Iterator[tuple[int, str]]) -> Iterator[ObjectStore]:
    """S3 with these objects; its first answers are the refusals, each a status and S3's code."""

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            file = folder / unquote(self.path).split("/", 2)[2]
            status, code = next(refusals, (200, ""))
            if status == 200 and file.exists() and self.headers["If-None-Match"] == "*":
                status, code = 412, "PreconditionFailed"
            if status == 200:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
            answer = _ERROR.format(code=code).encode() if code else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}
        yield ObjectStore(folder, {**keys, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"})
        server.shutdown()
