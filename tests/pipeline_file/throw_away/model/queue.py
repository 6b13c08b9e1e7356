"""A throw-away block: a queue."""

from __future__ import annotations

from typing import NamedTuple

from generator.model.block import Block


class Queue(NamedTuple):
    """A queue of SQS."""

    logical_id: str
    comment: str

    @property
    def parts(self) -> tuple[Block, ...]:
        """None."""
        return ()
