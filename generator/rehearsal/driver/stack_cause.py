"""Which resource failed first when a stack did, and why."""

from __future__ import annotations

from datetime import datetime

from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator

# What failed because something else had failed before.
_CANCELLED = "cancelled"


def stack_cause(emulator: Emulator, stack: str, since: datetime) -> str:
    """The first failure among a stack's events since a moment, in one line; empty when no resource failed.

    `stack` is the id or the name of a stack; one that never was has no events.
    """
    if not stack:
        return ""
    try:
        cloudformation = emulator.client("cloudformation", **_place(stack))
        pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
        events = [event for page in pages for event in page["StackEvents"]]
    except ClientError:
        return ""
    for event in reversed(events):
        why = event.get("ResourceStatusReason", "")
        failed = event.get("ResourceStatus", "").endswith("_FAILED") and _CANCELLED not in why
        # The clock of an event may be a second behind that of the action.
        if failed and why and event["Timestamp"].timestamp() >= since.timestamp() - 1:
            return f"{event['LogicalResourceId']} ({event['ResourceType']}): {why}"
    return ""


def _place(stack: str) -> dict[str, str]:
    """The account and region that the id of a stack names; nothing for a name, which is the pipeline's account's."""
    parts = stack.split(":")
    return {"region": parts[3], "account": parts[4]} if stack.startswith("arn:") else {}
