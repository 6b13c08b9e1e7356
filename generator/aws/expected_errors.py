"""AWS error codes that are an expected answer: they end a command with 1 instead of 4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from generator.errors import Problem, RefusedError


@contextmanager
def declined(codes: dict[str, str], hint: str = "") -> Iterator[None]:
    """Turns ClientErrors of these codes into RefusedErrors: the code's own words, or AWS's where it has none."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - only who goes to AWS pays for it

    try:
        yield
    except ClientError as refused:
        error = refused.response.get("Error", {})
        if error.get("Code") not in codes:
            raise
        raise no(codes[error["Code"]] or error.get("Message", ""), hint) from refused


def no(message: str, hint: str = "", details: Iterable[str] = ()) -> RefusedError:
    """The error that says so, with details of a line each, and what to try."""
    lines = [str(Problem(message)), *(f"  {Problem(detail)}" for detail in details)]
    return RefusedError("\n".join([*lines, *([f"  hint: {Problem(hint)}"] if hint else [])]))
