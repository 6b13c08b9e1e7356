"""Where commits come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model.action import Action
from generator.model.iam import Statement
from generator.model.template import Output, Parameter, Resource
from generator.model.text import NOTHING, Json, Text

BRANCH_PARAMETER = "BranchName"
"""The parameter of the template that says which branch is delivered."""
BRANCH: Text = f"${{{BRANCH_PARAMETER}}}"


class Source(NamedTuple):
    """Where commits come from.

    `commit` is the variable of the commit's id. `event_pattern` starts the pipeline through EventBridge; a connection
    needs none. `statements` are what the pipeline's role needs to read the source, `variables` what the action
    outputs.
    """

    kind: str
    action: Action
    commit: Text
    parameters: tuple[Parameter, ...]
    statements: tuple[Statement, ...]
    variables: tuple[str, ...]
    resources: tuple[Resource, ...] = ()
    outputs: tuple[Output, ...] = ()
    conditions: Mapping[str, Json] = NOTHING
    event_pattern: Mapping[str, Json] | None = None
