"""A Lambda function of the stack whose code is inlined in the template."""

from __future__ import annotations

from typing import NamedTuple

from generator.model import text
from generator.model.block import Block
from generator.model.iam import Role
from generator.model.log import LogGroup
from generator.model.template import Output
from generator.model.text import Text


class Function(NamedTuple):
    """A function; `companions` are blocks about it, such as an alarm, `code` is plain text, no `Fn::Sub`'s."""

    logical_id: str
    name: Text
    comment: str
    code: str
    timeout_seconds: int
    role: Role
    logs: LogGroup
    companions: tuple[Block, ...] = ()
    output: Output | None = None

    @property
    def reference(self) -> Text:
        """What an action calls it by."""
        return text.reference(self.logical_id)

    @property
    def arn(self) -> Text:
        """Its ARN."""
        return text.arn(self.logical_id)

    @property
    def parts(self) -> tuple[Block, ...]:
        """Its role, its log and what is about it."""
        return (self.role, self.logs, *self.companions)
