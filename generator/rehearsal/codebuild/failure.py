"""How a phase of a build fails: CodeBuild's status code and message, and what was running."""

from __future__ import annotations


class PhaseFailedError(Exception):
    """Ends a phase. `code` and `message` become the phase's context, as BatchGetBuilds tells it.

    `not_rehearsed` is true where AWS would have gone on and this machine cannot.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        command: str = "",
        exit_code: int | None = None,
        not_rehearsed: bool = False,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.command = command
        self.exit_code = exit_code
        self.not_rehearsed = not_rehearsed
