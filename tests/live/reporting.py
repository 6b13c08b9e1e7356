"""What an account did otherwise than the rehearsal: an error on this machine, on AWS a line of the page."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.command_line import SOURCES

PAGE = SOURCES / "docs" / "aws-differences.md"
BEGIN, END = "<!-- confirmed -->\n", "<!-- end of confirmed -->"
_GENERATED = re.compile(r"\b[0-9a-f]{8,}(-[0-9a-f]+)*\b|\d+(\.\d+)? s\b")
TAG = "tags: {penstock-live: 'true'}\n"
"""By it one finds in the account, and on its bill, what the suite has made."""


@dataclass
class Report:
    """The differences of one run, and what went as in the rehearsal; only a run on AWS may have some."""

    live: bool
    differences: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)

    def tag(self, pipeline_file: Path) -> None:
        """Tag all that the pipeline of this file will be, where somebody pays for it."""
        if self.live:
            pipeline_file.write_text(pipeline_file.read_text(encoding="utf-8") + TAG, encoding="utf-8")

    def expect(self, words: str, output: str, shown: str) -> None:
        """The words that a command has on this machine; without them on AWS, a difference."""
        if self.live and words not in output:
            self.differences.append(f"`{words}` is not said: {output.strip().splitlines()[-1:]}")
        elif not self.live:
            assert words in output, shown

    def compare(self, life: str, rehearsed: dict[str, str], delivered: dict[str, str]) -> None:
        """Compare what came of each action, by `stage/action`."""
        for action in rehearsed.keys() | delivered.keys():
            here, there = (_stable(side.get(action, "it did not run")) for side in (rehearsed, delivered))
            if here == there:
                self.confirmed.append(f"{life}: {action}: {here}")
            elif self.live:
                self.differences.append(f"{life}: {action}: rehearsed `{here}`, on AWS `{there}`")
            else:
                assert here == there, f"{life}: {action}"

    def write(self) -> None:
        """Bring the page up to date after a run on AWS."""
        if not self.live:
            return
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        day = dt.datetime.now(dt.UTC).date()
        differing = [f"- differs: {line}" for line in sorted(self.differences)]
        lines = [f"Last run: {day}.", "", *differing, *(f"- as rehearsed: {line}" for line in sorted(self.confirmed))]
        PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, encoding="utf-8")


def outcomes(events: list[dict[str, Any]]) -> dict[str, str]:
    """What came of each action in the events of a rehearsal; approvals, which a person answers, are left out."""
    ended = (event for event in events if event["type"] == "ActionEnded" and event["kind"][0] != "Approval")
    return {f"{event['stage']}/{event['action']}": f"{event['status']} {event['summary']}" for event in ended}


def _stable(text: str) -> str:
    """Without what is generated: ids and times."""
    return _GENERATED.sub("...", text.partition("\n")[0]).strip()
