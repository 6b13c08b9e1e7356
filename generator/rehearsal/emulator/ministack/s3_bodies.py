# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's S3 with its objects on disk: what is stored, sent or fetched is never in memory as a whole.

ministack can keep current objects in files; of their older versions, and of what is on its way, it holds copies.
What is sent in parts is in `s3_parts`.
"""

from __future__ import annotations

import base64
import hashlib
import mmap
import os
import re
import tempfile
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from ministack import app
from ministack.services import s3

from generator.rehearsal.emulator.ministack.interception import Intercepted

LARGE = 16 * 2**20
"""Bytes from which on a body stays in its file."""
_BLOCK = 2**20

_receive = Intercepted("ministack.app._read_request_body")
_send = Intercepted("ministack.app._send_response")
_write = Intercepted("ministack.services.s3._atomic_write")
_current = Intercepted("ministack.services.s3._read_body")
_version = Intercepted("ministack.services.s3._version_body")
_entry = Intercepted("ministack.services.s3._version_entry_from_record")
_content = Intercepted("ministack.services.s3._get_object_data")
_md5 = Intercepted("ministack.services.s3.md5_hash")
_checksum = Intercepted("ministack.services.s3._compute_s3_checksum")


def around_contents(layer: Callable[..., Any]) -> None:
    """Have `layer(inner, bucket, key, version id)` answer what services read of an object for themselves."""
    _content.around(layer)


class Spilled(mmap.mmap):
    """The bytes of a file, for code that wants bytes; it is closed when nobody needs it any more."""

    file: IO[bytes]

    @classmethod
    def of(cls, file: IO[bytes]) -> Spilled:
        """The whole of an open file, which it owns from now on."""
        spilled = cls(file.fileno(), 0, access=mmap.ACCESS_READ)
        spilled.file = file
        return spilled

    def blocks(self) -> Iterator[bytes]:
        """Its content, read from the file: what is read of a mapping counts as this process's memory."""
        at = 0
        while block := os.pread(self.file.fileno(), _BLOCK, at):
            yield block
            at += len(block)

    def digest(self, name: str) -> bytes:
        """The digest of its content that hashlib has by this name, or "crc32"."""
        if name == "crc32":
            checksum = 0
            for block in self.blocks():
                checksum = zlib.crc32(block, checksum)
            return checksum.to_bytes(4, "big")
        hashed = hashlib.new(name, usedforsecurity=False)
        for block in self.blocks():
            hashed.update(block)
        return hashed.digest()


def keep_on_disk(requests: Path, refused: Callable[[str], None]) -> None:
    """Keep objects in files; `requests` takes the bodies that are on their way, `refused` hears of a full disk.

    ministack has to have been imported with S3_PERSIST set, and the folder of the objects in S3_DATA_DIR.
    """
    requests.mkdir(parents=True, exist_ok=True)
    _receive.around(_spooling(requests))
    _write.around(_linking(refused))
    _send.around(_send_blocks)
    _current.around(_current_body)
    _version.around(_version_body)
    # The file of a version is written when another takes its place: until then it is the current object's.
    _entry.around(lambda inner, record, version, _data: inner(record, version, None))
    _content.around(lambda inner, *asked, **named: _as_bytes(inner(*asked, **named)))
    _md5.around(lambda inner, data: data.digest("md5").hex() if isinstance(data, Spilled) else inner(data))
    _checksum.around(_checksum_of)


def _spooling(folder: Path) -> Callable[..., Any]:
    async def read(inner: Any, receive: Any, method: str, headers: dict[str, str]) -> Any:
        if not _is_large_object(method, headers):
            return await inner(receive, method, headers)
        # Its name is needed until it is an object, and goes with the last who needs the content.
        file = tempfile.NamedTemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - see above
        message = {"type": "http.request", "more_body": True}
        while message["type"] == "http.request" and message.get("more_body"):
            message = await receive()
            file.write(message.get("body", b""))
        if message["type"] != "http.request" or file.tell() != int(headers["content-length"]):
            # What ministack makes of a body that breaks off.
            return await inner(_only({**message, "body": b""}), method, headers)
        body = Spilled.of(file)
        app.pin_signed_body(body)
        return body

    return read


def _only(message: Mapping[str, Any]) -> Callable[[], Awaitable[Mapping[str, Any]]]:
    async def receive() -> Mapping[str, Any]:
        return message

    return receive


def _is_large_object(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request brings a large object as it is: not in parts, and without checksums between its bytes."""
    length = headers.get("content-length", "").strip()
    is_object = method == "PUT" and "x-amz-content-sha256" in headers and not _is_chunked(headers)
    return is_object and bool(re.fullmatch(r"[0-9]{1,18}", length)) and int(length) >= LARGE


def _is_chunked(headers: Mapping[str, str]) -> bool:
    hashed = headers["x-amz-content-sha256"].upper()
    return hashed.startswith("STREAMING-") or "aws-chunked" in headers.get("content-encoding", "").lower()


def _linking(refused: Callable[[str], None]) -> Callable[..., None]:
    def write(inner: Any, path: str, data: Any, **named: Any) -> None:
        try:
            if isinstance(data, Spilled):
                _link(data, path)
            else:
                inner(path, data, **named)
        except OSError as problem:
            # ministack logs it and goes on; an older version would read as empty afterwards.
            refused(f"an object of S3 could not be written to disk: {problem.strerror}")
            raise

    return write


def _link(data: Spilled, path: str) -> None:
    """Give a file its content by another name for it, or where the system cannot, a copy."""
    new = f"{path}.new"
    Path(new).unlink(missing_ok=True)
    try:
        os.link(f"/proc/self/fd/{data.file.fileno()}", new, follow_symlinks=True)
    except OSError:
        with Path(new).open("wb") as copy:
            copy.writelines(data.blocks())
    Path(new).replace(path)


async def _send_blocks(inner: Any, send: Any, status: int, headers: dict[str, Any], body: Any, **named: Any) -> None:
    if not isinstance(body, Spilled):
        await inner(send, status, headers, body, **named)
        return
    if not named.get("head") and "content-length" not in {name.lower() for name in headers}:
        headers["Content-Length"] = str(len(body))
    await send({"type": "http.response.start", "status": status, "headers": app._asgi_header_list(headers)})
    for block in () if named.get("head") else body.blocks():
        await send({"type": "http.response.body", "body": block, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _current_body(inner: Any, bucket: str, key: str, record: Mapping[str, Any]) -> Any:
    if record.get("body") is not None:
        return record["body"]
    return _opened(s3._object_disk_path(bucket, key)) or inner(bucket, key, record)


def _version_body(inner: Any, bucket: Any, name: str, key: str, version: Mapping[str, Any]) -> Any:
    return _opened(s3._version_disk_path(name, key, version["version_id"])) or inner(bucket, name, key, version)


def _opened(path: str | None) -> Spilled | None:
    """The content of a file that is large; None for any other."""
    if path is None or not os.path.isfile(path) or os.path.getsize(path) < LARGE:  # noqa: PTH113, PTH202 - ministack's path is a string
        return None
    return Spilled.of(Path(path).open("rb", buffering=0))


def _as_bytes(content: Any) -> Any:
    """What other services get of S3 they take apart as bytes."""
    return bytes(content) if isinstance(content, Spilled) else content


def _checksum_of(inner: Any, algorithm: str, body: Any) -> str | None:
    name = (algorithm or "").lower().replace("_", "")
    if isinstance(body, Spilled) and name in {"crc32", "sha1", "sha256"}:
        return base64.b64encode(body.digest(name)).decode()
    checksum: str | None = inner(algorithm, body)
    return checksum
