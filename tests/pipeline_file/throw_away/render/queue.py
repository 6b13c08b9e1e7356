"""How the throw-away block is written."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.queue import Queue  # type: ignore[import-untyped]  # it is there in the copy

from generator.model.template import Resource


def resources(queue: Queue) -> Iterator[Resource]:
    """The queue."""
    yield Resource(queue.logical_id, "AWS::SQS::Queue", {}, queue.comment)
