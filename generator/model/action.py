"""An action of a pipeline stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.model.block import Block
from generator.model.iam import Statement
from generator.model.text import Json, Text

Purpose = Literal["source", "build", "commands", "deploy", "change-set", "describe", "execute", "tests", "approval", ""]


class Action(NamedTuple):
    """An action of a pipeline stage, with what it needs.

    `blocks` come into the stack for it, `statements` are what the pipeline's role needs to run it. Configuration
    values are texts or intrinsics. `role` is the ARN of a role that the pipeline assumes for it, `region` where it
    runs; empty: the pipeline's own. `role_statements` are what that role needs.
    """

    name: str
    category: str
    provider: str
    configuration: Mapping[str, Json]
    run_order: int = 1
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    namespace: str = ""
    timeout_minutes: int = 0
    owner: str = "AWS"
    version: str = "1"
    purpose: Purpose = ""
    blocks: tuple[Block, ...] = ()
    statements: tuple[Statement, ...] = ()
    role: Text = ""
    region: str = ""
    role_statements: tuple[Statement, ...] = ()
