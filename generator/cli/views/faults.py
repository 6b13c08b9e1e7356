"""A rehearsal with faults in words: which faults struck how often, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator

from generator.rehearsal.driver.steps import Tried

_KIND = 10  # columns


def tried(step: Tried) -> Iterator[str]:
    """The lines of a trial: its end first, then each fault that struck."""
    where = "/".join(filter(None, (step.stage, step.action)))
    ended = "as without faults" if step.status in {"Succeeded", "Stopped"} else f"red{' at ' * bool(where)}{where}"
    yield f"with faults ({', '.join(step.kinds)}): {ended}, in {step.seconds:.1f} s"
    if step.reason:
        yield f"  {step.reason.splitlines()[0]}"
    for trial in step.injected:
        yield f"  {trial.kind:<{_KIND}} {trial.times} x {trial.subject}"
    if step.finding:
        yield f"  FOUND: {step.finding}"
