"""Lists in pages: what maxResults and nextToken mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.rehearsal.service import ServiceError


def page(items: Sequence[Any], request: Mapping[str, Any], most: int) -> tuple[Sequence[Any], dict[str, str]]:
    """One page of a list, and the answer's nextToken if there is more. Raises InvalidNextTokenException."""
    token = request.get("nextToken", "0")
    if not token.isdecimal() or int(token) > len(items):
        raise ServiceError("InvalidNextTokenException", f"The next token '{token}' was specified incorrectly")
    start = int(token)
    end = start + request.get("maxResults", most)
    more = {"nextToken": str(end)} if end < len(items) else {}
    return items[start:end], more
