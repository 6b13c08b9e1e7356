"""Drops a request whose sender is no more, as a network does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.rehearsal.emulator.faults.bodies import again, whole
from generator.rehearsal.emulator.faults.throttle import Application

_TARGET = b"x-amz-target"


class Silencing:
    """Stands before the emulator; what `dropped(target, body)` says of a JSON request is never answered."""

    def __init__(self, behind: Application, dropped: Callable[[str, bytes], bool]) -> None:
        self._behind = behind
        self._dropped = dropped

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer a request, or do not."""
        target = dict(scope.get("headers", ())).get(_TARGET, b"").decode()
        if not target:
            await self._behind(scope, receive, send)
            return
        body = await whole(receive)
        if not self._dropped(target, body):
            await self._behind(scope, again(body, receive), send)
