"""What the owner of a topic or of a workspace has to see to is said beforehand."""

from __future__ import annotations

import pytest

from generator.checks.existing_targets import check_existing_audience
from generator.document import PIPELINE_FILE, parse


def said(written: str) -> list[tuple[str, str]]:
    file = parse(f"service: x\n{written}\n", "pipeline.yaml", PIPELINE_FILE)
    return [(one.level, one.message.partition(" ")[0]) for one in check_existing_audience(file)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("notifications: {topic: 'arn:aws:sns:eu-west-1:111122223333:all'}", [("info", "an")]),
        ("notifications: {slack: {workspace: T1, channel: C1}}", [("info", "the")]),
        ("notifications: {slack: 'arn:aws:chatbot::111122223333:chat-configuration/slack-channel/all'}", []),
        ("notifications: {email: [team@example.com]}", []),
        ("", []),
    ],
)
def test_what_is_there_already_is_remarked_upon(written: str, expected: list[tuple[str, str]]) -> None:
    assert said(written) == expected
