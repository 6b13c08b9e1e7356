"""State machines of the test stack, whose executions are the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model.text import Json
from generator.test_kinds import _output

NEEDS_STACK = True
OTHER_SPELLINGS: tuple[str, ...] = ()
SCHEMA: Mapping[str, Json] = {
    **_output.SCHEMA,
    "description": "The output(s) that name a state machine whose executions are tests; it may take 24 hours.",
    "examples": ["TestMachine"],
}


def read(settings: str | Sequence[str], _versions: Mapping[str, str]) -> Mapping[str, Json]:
    """The outputs that name state machines."""
    return {"state_machines": _output.names(settings)}
