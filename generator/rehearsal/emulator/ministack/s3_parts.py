# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""Uploads to ministack's S3 in parts: each part lies in a file of its own, and they are joined on disk."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ministack.services import s3

from generator.rehearsal.emulator.ministack.interception import Intercepted, rewritten
from generator.rehearsal.emulator.ministack.s3_bodies import LARGE, Spilled

_BLOCK = 2**20

_upload = Intercepted("ministack.services.s3._upload_part")
_copy = Intercepted("ministack.services.s3._upload_part_copy")
_complete = Intercepted("ministack.services.s3._complete_multipart_upload")


class Part:
    """A part of an upload in a file, which goes with the last who needs it. Raises OSError for a full disk."""

    def __init__(self, content: bytes | Spilled, md5: str, folder: Path) -> None:
        self.md5 = md5
        self._size = len(content)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="part-", delete=False) as file:
            self._path = Path(file.name)
            weakref.finalize(self, self._path.unlink, missing_ok=True)
            file.writelines(content.blocks() if isinstance(content, Spilled) else (content,))

    def __len__(self) -> int:
        """Its bytes."""
        return self._size

    def blocks(self) -> Iterator[bytes]:
        """Its content."""
        with self._path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def keep_parts_on_disk(folder: Path, refused: Callable[[str], None]) -> None:
    """Keep the parts of uploads in files of `folder`, and join them there; `refused` hears of a full disk."""
    folder.mkdir(parents=True, exist_ok=True)

    def spill(answer: Any, query: Mapping[str, Any]) -> Any:
        if answer[0] == _OK:
            parts = s3._multipart_uploads[s3._qp(query, "uploadId")]["parts"]
            part = parts[int(s3._qp(query, "partNumber"))]
            try:
                part["body"] = Part(part["body"], part["etag"].strip('"'), folder)
            except OSError as problem:
                refused(f"a part of an object of S3 could not be written to disk: {problem.strerror}")
                raise
        return answer

    _upload.around(
        lambda inner, bucket, key, body, query, headers: spill(inner(bucket, key, body, query, headers), query)
    )
    _copy.around(lambda inner, bucket, key, query, headers: spill(inner(bucket, key, query, headers), query))
    completing = rewritten(s3._complete_multipart_upload, _IN_MEMORY, joined=lambda parts: joined(parts, folder))
    _complete.around(lambda _inner, *request: completing(*request))


_OK = 200
_IN_MEMORY = {
    'hashlib.md5(stored["body"]).digest()': 'bytes.fromhex(stored["body"].md5)',
    'b"".join(combined_parts)': "joined(combined_parts)",
}
"""Where ministack has all parts in memory at once, and what stands there instead."""


def joined(parts: Iterable[Part], folder: Path) -> bytes | Spilled:
    """The content of all parts, one after the other; if it is large, in a file."""
    file = tempfile.NamedTemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - it goes with the last who needs it
    for part in parts:
        for block in part.blocks():
            file.write(block)
    if file.tell() >= LARGE:
        return Spilled.of(file)
    with file:
        file.seek(0)
        return file.read()
