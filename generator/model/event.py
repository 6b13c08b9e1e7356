"""A rule of EventBridge that starts a pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model.block import Block
from generator.model.iam import Role
from generator.model.text import Json, Text


class EventRule(NamedTuple):
    """Events that match `pattern` start what `target`, an ARN, names; `role` may do that and nothing else."""

    logical_id: str
    pattern: Mapping[str, Json]
    target: Text
    role: Role
    comment: str

    @property
    def parts(self) -> tuple[Block, ...]:
        """Its role."""
        return (self.role,)
