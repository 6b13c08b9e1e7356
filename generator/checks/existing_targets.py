"""Whom notifications reach that are there already: what only their owners can see to."""

from __future__ import annotations

from collections.abc import Iterator

from generator.document import Document
from generator.errors import Problem

_KEY = "notifications"


def check_existing_audience(file: Document) -> Iterator[Problem]:
    """A remark for a topic, whose policy must admit who publishes, and for a workspace that somebody authorises."""
    told = file.data.get(_KEY, {})
    if "topic" in told:
        message = "an existing topic: its policy, and its key's, must let codestar-notifications.amazonaws.com publish"
        hint = "cloudwatch.amazonaws.com, too, for the alarm of start_tests; it lies in the pipeline's region"
        yield file.problem((_KEY, "topic"), message, hint, level="info")
    if isinstance(told.get("slack"), dict):
        message = "the workspace must have been authorised in the console, once for each account: else the launch fails"
        hint = "Amazon Q Developer in chat applications, Configure a chat client; a private channel invites @Amazon Q"
        yield file.problem((_KEY, "slack"), message, hint, level="info")
