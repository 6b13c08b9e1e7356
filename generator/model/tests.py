"""What tests every stage, and the stack it lies in."""

from __future__ import annotations

from typing import NamedTuple

from generator.model.text import Text


class Tests(NamedTuple):
    """The test stack's template in the repository, what the build makes of it, its stack, the role that deploys it, and
    what tests: outputs.
    """

    template: str
    packaged: str
    stack: Text
    functions: tuple[str, ...]
    state_machines: tuple[str, ...] = ()
    role: Text = "${TestsDeployRole.Arn}"

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs that name functions and state machines."""
        return (*self.functions, *self.state_machines)
