"""Lambda functions of the test stack, which the pipeline invokes after every deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model.iam import Statement
from generator.model.text import Json
from generator.test_kinds import _output
from generator.test_kinds._start_tests import action, runner

__all__ = ["NEEDS_STACK", "OTHER_SPELLINGS", "SCHEMA", "action", "read", "runner"]

NEEDS_STACK = True
OTHER_SPELLINGS: tuple[str, ...] = ("functions",)
SCHEMA: Mapping[str, Json] = {
    **_output.SCHEMA,
    "default": "TestFunction",
    "description": "The output(s) that name the test function, its version or alias. Several run side by side.",
}


def read(settings: str | Sequence[str], _versions: Mapping[str, str]) -> Mapping[str, Json]:
    """The outputs that name functions, and the right to invoke them."""
    invoke = Statement("InvokeTests", ("lambda:InvokeFunction",), (_output.arn("lambda", "function"),))
    return {"named_by": {"function": _output.names(settings)}, "statements": (invoke,)}
