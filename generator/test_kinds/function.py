"""Lambda functions of the test stack, which the pipeline invokes after every deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model.text import Json
from generator.test_kinds import _output

NEEDS_STACK = True
OTHER_SPELLINGS: tuple[str, ...] = ("functions",)
SCHEMA: Mapping[str, Json] = {
    **_output.SCHEMA,
    "default": "TestFunction",
    "description": "The output(s) that name the test function, its version or alias. Several run side by side.",
}


def read(settings: str | Sequence[str], _versions: Mapping[str, str]) -> Mapping[str, Json]:
    """The outputs that name functions."""
    return {"functions": _output.names(settings)}
