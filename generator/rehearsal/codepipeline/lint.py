"""A template that cfn-lint finds errors in is not deployed: what AWS would find, it would find later."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.state import Outcome

Errors = Callable[[str, str], Sequence[str]]
"""What cfn-lint reports for a text under a name: its errors, each with its place; none when it may be deployed."""

_SHOWN = 3


def no_errors(_text: str, _name: str) -> Sequence[str]:
    """The answer where nobody lints."""
    return ()


def refuse_errors(errors: Errors, text: str, name: str) -> None:
    """Raise ActionFailedError with the first errors in its message, and all of them in its log."""
    messages = errors(text, name)
    if messages:
        count = "1 error" if len(messages) == 1 else f"{len(messages)} errors"
        shown = "; ".join(messages[:_SHOWN])
        raise ActionFailedError("ValidationError", f"cfn-lint: {count}. {shown}"[:5000], Outcome(log=tuple(messages)))
