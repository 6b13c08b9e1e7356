"""Hands the build role's keys to the programs of a build as CodeBuild does: by an address, not by variables.

So a test that sets keys of its own, or a command that unsets them, behaves as on AWS.
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Longer than any build; what an SDK asks for again too soon would be noise in a log.
_VALID = timedelta(hours=12)


class KeyServer:
    """A server on loopback that gives the keys to who knows its token."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """Serve these keys, named as the variables that usually hold them."""
        self._token = secrets.token_urlsafe(24)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(keys, self._token))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="build keys", daemon=True).start()

    @property
    def variables(self) -> dict[str, str]:
        """What every AWS SDK reads the address and the token from."""
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{self._server.server_port}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self._token,
        }

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()


def _handler(keys: Mapping[str, str], token: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer with the keys, or that the caller may not have them."""
            allowed = secrets.compare_digest(self.headers.get("Authorization", ""), token)
            body = json.dumps(_answer(keys) if allowed else {"code": "AccessDenied"}).encode()
            self.send_response(200 if allowed else 403)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the emulator's log is for people."""

    return Handler


def _answer(keys: Mapping[str, str]) -> dict[str, str]:
    return {
        "AccessKeyId": keys.get("AWS_ACCESS_KEY_ID", ""),
        "SecretAccessKey": keys.get("AWS_SECRET_ACCESS_KEY", ""),
        "Token": keys.get("AWS_SESSION_TOKEN", ""),
        "Expiration": (datetime.now(UTC) + _VALID).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
