"""What lets an execution into a stage and out of it again: CodePipeline's stage conditions, as frozen values.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works-conditions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.model.iam import Statement

OnFailureResult = Literal["RETRY", "ROLLBACK"]
RetryMode = Literal["ALL_ACTIONS", "FAILED_ACTIONS"]


class Rule(NamedTuple):
    """One check of a condition; configuration values are texts."""

    name: str
    provider: str
    configuration: Mapping[str, str]


class Condition(NamedTuple):
    """Rules that must all succeed, and what happens when one does not; `statements` the pipeline's role needs."""

    result: Literal["FAIL", "ROLLBACK"]
    rules: tuple[Rule, ...]
    statements: tuple[Statement, ...] = ()


class OnFailure(NamedTuple):
    """What a stage does by itself when it has failed; a retry has a mode, a rollback none."""

    result: OnFailureResult
    retry_mode: RetryMode | None = None


class Alarms(NamedTuple):
    """CloudWatch alarms that are watched for so many minutes once a stage has succeeded; names are texts."""

    names: tuple[str, ...]
    wait_minutes: int


class Window(NamedTuple):
    """When a stage may be entered: a cron expression as the DeploymentWindow rule has it, and its time zone."""

    cron: str
    time_zone: str


def closed(window: Window) -> Condition:
    """The condition that keeps executions out of a stage while its window is closed.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
    """
    configuration = {"Cron": window.cron, "TimeZone": window.time_zone}
    return Condition("FAIL", (Rule("Window", "DeploymentWindow", configuration),))


def alarmed(alarms: Alarms) -> Condition:
    """The condition that rolls a stage back when an alarm goes off soon after.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-CloudWatchAlarm.html
    """
    return Condition(
        "ROLLBACK",
        tuple(
            Rule(
                f"Alarm{number}",
                "CloudWatchAlarm",
                {"AlarmName": name, "AlarmStates": "ALARM", "WaitTime": str(alarms.wait_minutes)},
            )
            for number, name in enumerate(alarms.names, 1)
        ),
        # A narrower scope returns no composite alarm:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
        (
            Statement(
                "WatchAlarms",
                ("cloudwatch:DescribeAlarms",),
                ("*",),
                comment="Asked for less than all alarms, CloudWatch returns no composite one.",
            ),
        ),
    )
