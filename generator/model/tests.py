"""What tests every stage, and the stack it is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model.deployment import Deployment, stack_of
from generator.model.iam import Statement
from generator.model.text import NOTHING, Text

STACK: Text = stack_of("tests")
"""The name of the test stack."""


class Tests(NamedTuple):
    """The test stack: its template in the repository, what the build makes of it, and its deployment.

    `named_by` are the outputs that name what tests, by the word of the test kind; `statements` what start_tests needs
    to run it.
    """

    template: str
    packaged: str
    deployment: Deployment
    named_by: Mapping[str, tuple[str, ...]] = NOTHING
    statements: tuple[Statement, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs that name what tests, of all kinds."""
        return tuple(output for outputs in self.named_by.values() for output in outputs)
