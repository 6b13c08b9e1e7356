"""Resources that wait for each other."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet


def in_cycles(waits_for: Mapping[str, AbstractSet[str]]) -> list[str]:
    """The nodes that are part of a cycle, or on the way from one to another, sorted."""
    left = {node: set(others) & waits_for.keys() for node, others in waits_for.items()}
    while free := {node for node, others in left.items() if not others or not _is_awaited(node, left)}:
        left = {node: others - free for node, others in left.items() if node not in free}
    return sorted(left)


def _is_awaited(node: str, left: Mapping[str, AbstractSet[str]]) -> bool:
    return any(node in others for others in left.values())
