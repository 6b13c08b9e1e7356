"""Lambda's runtimes: which there are, when AWS retires each, and what to use instead.

As AWS's page said on 2026-11-21, the day in READ.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import NamedTuple

from generator.repository import assets


class Lifecycle(NamedTuple):
    """ISO dates of a runtime's end: no more patches, no new functions, no updates; and its successor, if any."""

    retired: str
    create_blocked: str
    update_blocked: str
    successor: str

    def is_retired(self, today: dt.date) -> bool:
        """Whether AWS has ended its support: functions can still be made with it until `create_blocked`."""
        return dt.date.fromisoformat(self.retired) <= today

    def is_blocked(self, today: dt.date) -> bool:
        """Whether Lambda refuses to make functions with it."""
        return dt.date.fromisoformat(self.create_blocked) <= today


_STATED = json.loads(assets.text("buildspecs", "stages/runtimes.json"))
READ: str = _STATED["read"]
LIFECYCLES = {name: Lifecycle(*dates) for name, dates in _STATED["lifecycles"].items()}
"""By the names of the runtimes. Builds that make templates read the same file."""

# A name as the part that stays, the number that grows from version to version, and the end.
_NAME = re.compile(r"(?P<stem>nodejs|python3\.|java|ruby\d+\.|dotnet|provided\.al)(?P<number>\d+)(?P<end>(\.x)?)")


def may_be_newer(runtime: str) -> bool:
    """Whether an unknown name can be that of a runtime AWS has added since the list was read.

    Node.js has a runtime for its even versions alone.
    """
    name = _NAME.fullmatch(runtime)
    if name is None or (name["stem"] == "nodejs" and int(name["number"]) % 2):
        return False
    kin = (other for other in map(_NAME.fullmatch, LIFECYCLES) if other and other["stem"] == name["stem"])
    return int(name["number"]) > max((int(other["number"]) for other in kin), default=int(name["number"]))


def not_retired(runtime: str, today: dt.date) -> str:
    """A runtime, or its successor where AWS has retired it."""
    lifecycle = LIFECYCLES.get(runtime)
    return lifecycle.successor if lifecycle and lifecycle.successor and lifecycle.is_retired(today) else runtime
