"""Time services on this machine for the integration tests to check: the blueprints' own code, and broken ones."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Values = dict[str, Any]
# What a service answers to the path of a request: status and body.
Service = Callable[[str], tuple[int, str]]


@contextmanager
def served(service: Service) -> Iterator[str]:
    """A service that listens on this machine alone, by its URL."""

    class Requests(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = service(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has in the base class
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def behind_a_gateway(handler: Callable[[Values], Values]) -> Service:
    """A Lambda function as API Gateway lets it answer: the paths of the blueprints' templates, and no other."""

    def service(path: str) -> tuple[int, str]:
        if path != "/time" and not path.startswith("/time/"):
            return 403, json.dumps({"message": "Missing Authentication Token"})
        answer = handler(request(path))
        return answer["statusCode"], answer["body"]

    return service


def request(path: str) -> Values:
    """The event of a GET request, as far as the services look at it.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    zone = path.removeprefix("/time").removeprefix("/")
    return {
        "httpMethod": "GET",
        "resource": "/time/{timeZone+}" if zone else "/time",
        "path": path,
        "pathParameters": {"timeZone": zone} if zone else None,
        "headers": {"Accept": "*/*"},
        "multiValueHeaders": {"Accept": ["*/*"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "requestContext": {"stage": "beta", "httpMethod": "GET"},
        "body": None,
        "isBase64Encoded": False,
    }
