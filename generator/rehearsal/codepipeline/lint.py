"""A template that cfn-lint finds errors in is not deployed: what AWS would find, it would find later."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.state import Outcome

Errors = Callable[[str, str], Sequence[str]]
"""What cfn-lint says of a text under a name: its errors, each with its place; none when it may be deployed."""

_SHOWN = 3


def no_errors(_text: str, _name: str) -> Sequence[str]:
    """The answer where nobody lints."""
    return ()


def refuse_errors(errors: Errors, text: str, name: str) -> None:
    """Raise ActionFailedError with the first errors in its message, and all of them in its log."""
    found = errors(text, name)
    if found:
        count = "1 error" if len(found) == 1 else f"{len(found)} errors"
        said = "; ".join(found[:_SHOWN])
        raise ActionFailedError("ValidationError", f"cfn-lint: {count}. {said}"[:5000], Outcome(log=tuple(found)))
