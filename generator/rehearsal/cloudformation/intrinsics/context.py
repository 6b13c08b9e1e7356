"""What a function is called with beside its argument."""

from __future__ import annotations

from typing import Any, Protocol

from generator.rehearsal.cloudformation.scope import Scope


class Context(Protocol):
    """The evaluation a call belongs to."""

    scope: Scope

    def value(self, node: Any) -> Any:
        """A part of the argument, functions called."""

    def text(self, node: Any, refusal: str) -> str:
        """A part of the argument as text. Raises TemplateError with `refusal` where it is none."""
