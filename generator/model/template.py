"""Parts of a template in CloudFormation's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model.block import Block
from generator.model.text import NOTHING, Json


class Parameter(NamedTuple):
    """A parameter of the template; the console shows those of one `group` together. Without a default it is asked."""

    name: str
    default: str | None
    group: str
    description: str
    pattern: str = ""
    constraint: str = ""
    max_length: int = 0


class Resource(NamedTuple):
    """A resource of the template in CloudFormation's own words; properties hold texts and intrinsics.

    `keep` retains it when the stack goes or replaces it, `condition` names the template's condition it depends on,
    `notes` are comments on the statements of its policies, by Sid.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Json]
    comment: str
    keep: bool = False
    condition: str = ""
    depends_on: tuple[str, ...] = ()
    notes: Mapping[str, str] = NOTHING

    @property
    def parts(self) -> tuple[Block, ...]:
        """None: what CloudFormation's own words say is said."""
        return ()


class Output(NamedTuple):
    """An output of the template."""

    name: str
    value: Json
    description: str
