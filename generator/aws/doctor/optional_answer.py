"""Requests to AWS for something that may not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def answer(ask: Callable[..., Any], *absent: str, **request: Any) -> Any:
    """What AWS answers; None when it refuses with one of these error codes. Raises its other errors."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - only who goes to AWS pays for it

    try:
        return ask(**request)
    except ClientError as refused:
        if refused.response.get("Error", {}).get("Code") in absent:
            return None
        raise
