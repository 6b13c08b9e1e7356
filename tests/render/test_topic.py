"""Who may publish to the pipeline's own topic."""

from __future__ import annotations

from typing import Any

from generator.model.notification import NOTIFICATION_RULES, Subscription, Topic
from generator.render import topic as topics

ALARMS = "cloudwatch.amazonaws.com"


def published_by(service: str) -> Any:
    people = (Subscription("email", "team@example.com"),)
    _, policy = topics.resources(Topic("Topic", people, "Mails.", (ALARMS, NOTIFICATION_RULES)))
    document: Any = policy.properties["PolicyDocument"]
    (statement,) = [statement for statement in document["Statement"] if statement["Principal"] == {"Service": service}]
    return statement


def test_notification_rules_may_publish_without_naming_an_account_as_no_page_says_that_they_do() -> None:
    assert published_by(NOTIFICATION_RULES) == {
        "Sid": "PublishCodestarNotifications",
        "Effect": "Allow",
        "Principal": {"Service": NOTIFICATION_RULES},
        "Action": "sns:Publish",
        "Resource": "${Topic}",
    }


def test_alarms_may_publish_for_this_account_only() -> None:
    assert published_by(ALARMS)["Condition"] == {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}}
