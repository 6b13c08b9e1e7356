"""The gate before all that the emulator answers: no other host's name, no web page, no back door.

Whatever listens on this machine can be reached by every user of it and by every page in the user's browser. Who calls
an API of AWS proves with a signature that he has keys of this run; what is left open on AWS (an API of the application,
a presigned URL) is open here as well, under the names that it has on AWS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.emulator.ministack import app

_APPLICATION_HOST = re.compile(r"(^|\.)(execute-api|lambda-url|appsync-api|cloudfront|amazoncognito|auth)\.")
_APPLICATION_PATH = re.compile(r"^/_aws/(execute-api|lambda-url)/")
# A bucket has rules of its own for what web pages may ask: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
_BUCKET_HOST = re.compile(r"(^|\.)s3[.-]")
_HERE = frozenset({"127.0.0.1", "localhost"})
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".amazoncognito.com", ".cloudfront.net", ".on.aws", ".localhost")
# Each of these is answered only with a token that CloudFormation made for it.
_EMULATORS_OWN = ("/_ministack/cfn-response/", "/_ministack/cfn-signal/")
_BACK_DOORS = ("/_ministack/", "/_localstack/", "/health")
# Another machine's on AWS: an instance's metadata, a model's own API, a registry of images. Here nobody signs for them.
_OTHERS = re.compile(
    r"/latest/|/v2/credentials|/v1/chat/completions|/v2/?$|/v2/_catalog$|/v2/.*(/blobs/|/manifests/|/tags/list$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Turned:
    """The answer of a request that is not let in."""

    status: int
    code: str
    message: str

    @property
    def body(self) -> bytes:
        """The answer as AWS's JSON protocols write it."""
        return json.dumps({"__type": self.code, "message": self.message}).encode()


def turned_away(scope: Mapping[str, Any]) -> Turned | None:
    """Why a request (an ASGI scope, as it came) is not let in; None when it is."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = _name(headers.get(b"host", ""))
    path = str(scope["path"])
    if not (host in _HERE or host.endswith(_AWS)):
        return Turned(421, "MisdirectedRequest", "This is neither a host of AWS nor of this machine.")
    if _is_back_door(host, path):
        return Turned(404, "NotFound", "AWS has no such address.")
    if b"origin" in headers and not _open_to_pages(host, path):
        return Turned(403, "AccessDenied", "A web page may not call AWS's APIs here.")
    return None


def _is_back_door(host: str, path: str) -> bool:
    if app.is_of_application(host) or path.startswith(_EMULATORS_OWN):
        return False
    return path.startswith(_BACK_DOORS) or bool(_OTHERS.match(path) and not _BUCKET_HOST.search(host))


def _name(host: str) -> str:
    """The name in a Host header, without its port; an address in brackets is not ours."""
    return host.rpartition(":")[0] if ":" in host and host.rpartition(":")[2].isdigit() else host


def _open_to_pages(host: str, path: str) -> bool:
    """Whether AWS lets web pages ask there, each as its owner decides."""
    named = bool(_APPLICATION_HOST.search(host) or _BUCKET_HOST.search(host))
    return named or bool(_APPLICATION_PATH.match(path))
