"""A log group: made beforehand, so that it has a retention and nobody needs the right to make one."""

from __future__ import annotations

from typing import NamedTuple

from generator.model import text
from generator.model.block import Block
from generator.model.iam import Statement
from generator.model.text import Text


class LogGroup(NamedTuple):
    """A log group; `key` is the ARN of the key it is encrypted with, empty for CloudWatch's own."""

    logical_id: str
    name: Text
    comment: str
    retention_days: int
    key: Text = ""

    @property
    def parts(self) -> tuple[Block, ...]:
        """None."""
        return ()

    def write(self) -> Statement:
        """The right to write to it."""
        arn = text.arn(self.logical_id)
        return Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (arn,))
