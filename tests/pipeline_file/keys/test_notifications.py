"""The key `notifications`: who hears of a failure, and what owners of topics and workspaces must set up."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model.notification import Subscription, Target
from generator.pipeline_file.keys import notifications
from tests.pipeline_file.keys import files

_TOPIC = "arn:aws:sns:eu-west-1:111122223333:all"


def test_all_kinds_add_up() -> None:
    file = files.written(f"notifications: {{email: [a@example.com, b@example.com], topic: '{_TOPIC}'}}")
    assert notifications.read(file.data["notifications"], file) == {
        "subscriptions": (Subscription("email", "a@example.com"), Subscription("email", "b@example.com")),
        "targets": (Target("SNS", _TOPIC),),
        "channels": (),
    }


def test_nobody_is_notified_where_the_file_names_nobody() -> None:
    fields = notifications.read({}, files.written(""))
    assert set(fields.values()) == {()}


def test_a_channel_of_slack_brings_its_resources() -> None:
    file = files.written("notifications: {slack: {workspace: T1, channel: C1}}")
    fields = notifications.read(file.data["notifications"], file)
    assert [resource.type for resource in fields["channels"]] == [
        "AWS::Chatbot::SlackChannelConfiguration",
        "AWS::IAM::Role",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{{topic: '{_TOPIC}'}}", ["info 4: an existing topic"]),
        ("{slack: {workspace: T1, channel: C1}}", ["info 4: the workspace must"]),
        ("{slack: 'arn:aws:chatbot::111122223333:chat-configuration/slack-channel/all'}", []),
        ("{email: [team@example.com]}", []),
    ],
)
def test_what_owners_must_set_up_is_a_remark(text: str, expected: list[str], tmp_path: Path) -> None:
    file, pipeline = files.pipeline(f"notifications: {text}", tmp_path)
    remarks = files.messages(notifications.remarks(file.data["notifications"], file, pipeline))
    assert [remark[: len(start)] for remark, start in zip(remarks, expected, strict=True)] == expected
