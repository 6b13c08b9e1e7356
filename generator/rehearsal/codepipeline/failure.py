"""How an action says that it failed."""

from __future__ import annotations

from dataclasses import replace

from generator.execution import NOT_REHEARSED, ErrorDetails
from generator.rehearsal.codepipeline.state import Outcome


class ActionFailedError(Exception):
    """Ends an action: a code, a sentence, and what else there is to say about how it went."""

    def __init__(self, code: str, message: str, outcome: Outcome | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.outcome = replace(outcome or Outcome(), error=ErrorDetails(code, message))


class ActionAbandonedError(Exception):
    """Ends the work on an action nobody waits for any longer."""


def not_rehearsed(what: str) -> ActionFailedError:
    """The failure of an action that asks for something this machine cannot do."""
    return ActionFailedError(NOT_REHEARSED, f"{what} is not rehearsed on this machine.")
