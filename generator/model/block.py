"""Blocks: what a pipeline's stack is made of. Actions hold those they need, and a block those it cannot be without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol


class Block(Protocol):
    """Something of the stack that has an identity of its own there; `parts` are blocks that come with it."""

    @property
    def logical_id(self) -> str:
        """What it is called in the template."""

    @property
    def parts(self) -> tuple[Block, ...]:
        """The blocks that it cannot be without."""


def reached(blocks: Iterable[Block]) -> Iterator[Block]:
    """These blocks and their parts, each once, in the order in which they are reached.

    Raises ValueError where two different blocks have one logical id: our mistake.
    """
    seen: dict[str, Block] = {}
    for block in _with_parts(blocks):
        if block.logical_id not in seen:
            seen[block.logical_id] = block
            yield block
        elif seen[block.logical_id] != block:
            raise ValueError(f"two blocks are called {block.logical_id}")


def _with_parts(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _with_parts(block.parts)
