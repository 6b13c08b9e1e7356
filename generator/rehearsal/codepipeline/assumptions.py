"""What is taken for granted where nobody can know how AWS would have it; each can be turned round."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumption:
    """A name to turn it round by, and what it means while it is not."""

    name: str
    meaning: str


EMPTY_CHANGE_SET = Assumption(
    "empty-change-set",
    "a change set without changes is no failure: making it succeeds, and executing it does nothing",
)
REPLACE_ROLLED_BACK = Assumption(
    "replace-rolled-back",
    "REPLACE_ON_FAILURE replaces a stack in ROLLBACK_COMPLETE as well",
)
CONNECTION_COMPLETED = Assumption(
    "connection-completed",
    "somebody completed the connection in the console, so that it is AVAILABLE by the time the pipeline runs",
)
ALARM_STAYS = Assumption(
    "alarm-stays",
    "an alarm that is not red right after its stage does not turn red within the rule's WaitTime, which is not waited",
)
ASSUMPTIONS = (ALARM_STAYS, CONNECTION_COMPLETED, EMPTY_CHANGE_SET, REPLACE_ROLLED_BACK)
