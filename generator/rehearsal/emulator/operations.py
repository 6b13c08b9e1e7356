"""A mounted service as a table of operations, and pages of its lists."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from generator.rehearsal.service import Caller, ServiceError

Request = Mapping[str, Any]
Operation = Callable[[Request, Caller], dict[str, Any]]
T = TypeVar("T")


class TableOfOperations:
    """Answers each operation with the function its table names, one at a time; refuses the others.

    `unknown` is the error a service's model has for what it does not do.
    """

    def __init__(self, operations: Mapping[str, Operation], unknown: str) -> None:
        self._operations = operations
        self._unknown = unknown
        self._lock = threading.RLock()

    def handle(self, operation: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Answer one operation."""
        function = self._operations.get(operation)
        if function is None:
            raise ServiceError(self._unknown, f"The rehearsal does not support {operation}.")
        with self._lock:
            return function(request, caller)

    def close(self) -> None:
        """Nothing was started."""


def page(items: Sequence[T], token: str | None, size: int, refused: ServiceError) -> tuple[list[T], str | None]:
    """One page of a list and the token of the next; a token is the index it begins at. Raises `refused`."""
    if token and not token.isdigit():
        raise refused
    begin = int(token or 0)
    end = begin + size
    return list(items[begin:end]), str(end) if end < len(items) else None
