"""What a launch is asked to do with one stack, and what it reports of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be launched, and which questions are answered beforehand.

    `pipeline_account` is whose pipeline it is for, of an environment's stack; empty for the pipeline's own.
    """

    service: str
    stack: str
    template: str
    yes: bool = False
    replace: bool = False
    dry_run: bool = False
    no_wait: bool = False
    s3_bucket: str = ""
    pipeline_account: str = ""


@dataclass(slots=True)
class Report:
    """The answer as data, filled on the way; as text it is printed on the way."""

    as_json: bool
    data: dict[str, Any] = field(default_factory=dict)

    def of(self, name: str) -> Report:
        """The report of an environment's stack, which is part of this one."""
        inner = Report(self.as_json)
        self.data.setdefault("environments", {})[name] = inner.data
        return inner

    def line(self, text: str) -> None:
        """Part of the result for a person; where data is the result, only told beside it."""
        click.echo(text, err=self.as_json)
