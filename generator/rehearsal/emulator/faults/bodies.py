"""A request's body, read by who stands before the emulator and read once more by the emulator."""

from __future__ import annotations

from typing import Any


async def whole(receive: Any) -> bytes:
    """All of a request's body."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def again(body: bytes, receive: Any) -> Any:
    """A body that was read, to be read once more."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Any:
        return left.pop() if left else await receive()

    return replay
