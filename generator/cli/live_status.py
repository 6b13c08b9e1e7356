"""Follows a pipeline on stderr: a live view on a terminal, else a line for each change."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.aws.pipeline import Pipeline
from generator.aws.pipeline_queries import views
from generator.aws.stage_choice import blocker_in_short
from generator.cli import pipeline_status
from generator.cli.output import remark
from generator.cli.views.steps import harmless

if TYPE_CHECKING:
    from datetime import datetime

    from generator.aws.door import Door


def watched(door: Door, name: str) -> Pipeline:
    """The pipeline as it stands when nothing runs in it any more, shown on the way there."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return _live(door, name)
    return _plain(door, name)


def _plain(door: Door, name: str) -> Pipeline:
    seen: Pipeline | None = None
    for now in views(door, name):
        remark(f"{door.clock():%H:%M:%S}  {line}" for line in changes(seen, now, door.clock()))
        seen = now
    assert seen is not None  # noqa: S101 - there is always a first view
    return seen


def _live(door: Door, name: str) -> Pipeline:
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    with Live(console=Console(stderr=True, highlight=False), transient=True, auto_refresh=False) as picture:
        for now in views(door, name):
            text = "\n".join(map(harmless, pipeline_status.brief(now, door.clock())))
            picture.update(Text(text, no_wrap=True, overflow="ellipsis"), refresh=True)
    return now


def changes(before: Pipeline | None, after: Pipeline, now: datetime) -> Iterator[str]:
    """A line for each action that began, waits or ended since, and for each transition that was closed.

    Nothing of what had ended when the pipeline was first seen.
    """
    for stage in after.stages:
        old = _runs(before, stage.name)
        for action in stage.actions:
            if action.run is None or old.get(action.name) == (action.run.id, action.run.status):
                continue
            if before or action.run.active:
                (line,) = pipeline_status.action_lines(action, now)
                yield f"{stage.name:<12}{line}"
    closed = before.blockers if before else ()
    yield from (
        blocker_in_short(blocker) for blocker in after.blockers if blocker.kind == "disabled" and blocker not in closed
    )


def _runs(pipeline: Pipeline | None, stage: str) -> dict[str, tuple[str, str]]:
    runs = pipeline.stage(stage) if pipeline else None
    return {a.name: (a.run.id, a.run.status) for a in runs.actions if a.run} if runs else {}
