"""What every view of a rehearsal can do, and which one suits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from generator.execution import ActionWaiting
    from generator.rehearsal.driver.outcome import Outcome
    from generator.rehearsal.driver.reach import Reach
    from generator.rehearsal.driver.steps import Step


class View(Protocol):
    """Shows the steps of a rehearsal on stdout; a context manager, so that a terminal gets back what was its own."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """End, also when the rehearsal did not."""

    def hear(self, step: Step) -> None:
        """Show a step."""

    def ask(self, event: ActionWaiting) -> bool:
        """Let the person at the terminal answer an approval; what is asked was heard before."""

    def end(self, outcome: Outcome, seconds: float, reach: Reach | None) -> None:
        """Show what it came to, how long all of it took, and how to reach what was kept."""


def view_for(output: str, *, terminal: bool, environ: Mapping[str, str]) -> View:
    """The view for `--output` and for what stdout is."""
    # Each view is imported by who looks at it: the one for terminals is expensive.
    if output == "json":
        from generator.cli.views.events import EventsView  # noqa: PLC0415 - see above

        return EventsView()
    if terminal and environ.get("TERM") != "dumb":
        from generator.cli.views.live import LiveView  # noqa: PLC0415 - see above

        return LiveView()
    from generator.cli.views.plain import PlainView  # noqa: PLC0415 - see above

    return PlainView()
