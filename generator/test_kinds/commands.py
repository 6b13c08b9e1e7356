"""Shell commands that are the tests, run on CodeBuild in the repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model.commands import TestCommands
from generator.model.text import Json

NEEDS_STACK = False
OTHER_SPELLINGS: tuple[str, ...] = ()
SCHEMA: Mapping[str, Json] = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": 2000},
    "minItems": 1,
    "maxItems": 50,
    "description": "Commands that are the tests instead, in the repository, without a test stack: API_URL, "
    "OUTPUT_<name> for every output of the stage's stack, STAGE, STACK, SERVICE, COMMIT, EXECUTION_ID, SUBSET "
    "are variables. Summary, if a command exports it, is told to the approver; reports/*.xml are reports.",
    "examples": [["pip install -q -r requirements-dev.txt", "pytest -q integration_tests"]],
}


def read(settings: Sequence[str], versions: Mapping[str, str]) -> Mapping[str, Json]:
    """The commands, and the versions of the languages they run with."""
    return {"test_commands": TestCommands(tuple(settings), versions)}
