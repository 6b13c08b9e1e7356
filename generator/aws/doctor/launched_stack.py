"""The pipeline's stack as it stands on AWS, if it was launched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.aws import stacks
from generator.aws.door import Door
from generator.aws.stacks import Held

# A stack that only has a change set for its creation, or is on its way out, holds nothing to look at.
_EMPTY = frozenset({"REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"})


@dataclass(frozen=True, slots=True)
class Launched:
    """What is there of the pipeline's stack; nothing when it was not launched."""

    there: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    resources: tuple[Held, ...] = ()

    def physical_ids(self, kind: str) -> tuple[str, ...]:
        """The physical ids of the resources of a type."""
        return tuple(held.physical_id for held in self.resources if held.type == kind and held.physical_id)


def launched(door: Door, stack: str) -> Launched:
    """The stack as it stands. Raises botocore's errors, but for a stack that does not exist."""
    present = stacks.find(door, stack)
    if present is None or present.status in _EMPTY:
        return Launched()
    return Launched(there=True, parameters=present.parameters, resources=stacks.resources(door, stack))
