"""State machines of the test stack, whose executions are the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model.iam import Statement
from generator.model.text import Json
from generator.test_kinds import _output
from generator.test_kinds._start_tests import action, runner

__all__ = ["NEEDS_STACK", "OTHER_SPELLINGS", "SCHEMA", "action", "read", "runner"]

NEEDS_STACK = True
OTHER_SPELLINGS: tuple[str, ...] = ()
SCHEMA: Mapping[str, Json] = {
    **_output.SCHEMA,
    "description": "The output(s) that name a state machine whose executions are tests; it may take 24 hours.",
    "examples": ["TestMachine"],
}


def read(settings: str | Sequence[str], _versions: Mapping[str, str]) -> Mapping[str, Json]:
    """The outputs that name state machines, and the rights to start and follow executions of them."""
    statements = (
        Statement("StartTestMachines", ("states:StartExecution",), (_output.arn("states", "stateMachine"),)),
        Statement("FollowTestMachines", ("states:DescribeExecution",), (_output.arn("states", "execution"),)),
    )
    return {"named_by": {"state_machine": _output.names(settings)}, "statements": statements}
