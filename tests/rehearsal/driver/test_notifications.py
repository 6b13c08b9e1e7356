"""Who would be told does not keep a pipeline from being rehearsed, and that nobody is told is said."""

from __future__ import annotations

import pytest

from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mails", "email: [team@example.com]"),
        ("chats", "slack: {workspace: T0123ABCD, channel: C0123ABCD}"),
        ("topics", "topic: 'arn:aws:sns:us-east-1:123456789012:deliveries'"),
    ],
)
def test_a_pipeline_that_tells_somebody_is_rehearsed_and_says_that_nobody_is_told(
    stage: Stage, name: str, expected: str
) -> None:
    ran = stage.rehearse(Small(name, more=f"notifications: {{{expected}}}\n"), until="Source")
    assert (ran.outcome.status, ran.outcome.reason) == ("Stopped", "")
    assert "nobody is notified" in ran.remarks
    rules = stage.emulator.client("codestar-notifications")
    arns = [rule["Arn"] for rule in rules.list_notification_rules()["NotificationRules"]]
    answers = [rules.describe_notification_rule(Arn=arn) for arn in arns]
    (targets,) = [answer["Targets"] for answer in answers if answer["Name"] == f"{name}-pipeline"]
    assert [target["TargetType"] for target in targets] == ["AWSChatbotSlack" if name == "chats" else "SNS"]


def test_a_pipeline_that_tells_nobody_says_nothing_of_it(stage: Stage) -> None:
    assert "nobody is notified" not in stage.rehearse(Small("silent"), until="Source").remarks
