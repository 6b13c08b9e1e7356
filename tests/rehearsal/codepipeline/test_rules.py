"""The rules of conditions: a window held against the clock, an alarm held against CloudWatch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.execution import NOT_REHEARSED, AssumptionMade
from generator.rehearsal.codepipeline.actions import provider_of
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.declaration import ActionType
from tests.rehearsal.codepipeline.action_runner import ActionRunner, code, message, stubbed
from tests.rehearsal.codepipeline.pipeline_api import action


def rule(runner: ActionRunner, provider: str, **configuration: str) -> ActionContext:
    context = runner.context(action("Check"))
    declared = replace(context.action, type=ActionType("Rule", "AWS", provider, "1"), configuration=configuration)
    return replace(context, action=declared, configuration=configuration)


# The runner's clock begins on Friday, 2026-01-02 at 03:04 UTC.
@pytest.mark.parametrize(
    ("cron", "zone"),
    [("* * 3 ? * FRI *", {}), ("* * 4 ? * FRI", {"TimeZone": "Europe/Berlin"}), ("* 4 * 2 1 ?", {"TimeZone": "UTC"})],
)
def test_a_window_that_is_open_lets_in(runner: ActionRunner, cron: str, zone: dict[str, str]) -> None:
    outcome = runner.start(rule(runner, "DeploymentWindow", Cron=cron, **zone))
    assert outcome.error is None
    assert outcome.summary.startswith("open at Fri 2026-01-02 0")


def test_a_window_that_is_closed_would_be_waited_for_which_is_not_rehearsed(runner: ActionRunner) -> None:
    outcome = runner.fails(rule(runner, "DeploymentWindow", Cron="* * 9-16 ? * MON-THU", TimeZone="Asia/Tokyo"))
    assert code(outcome) == NOT_REHEARSED
    assert message(outcome) == (
        "Waiting for the window '* * 9-16 ? * MON-THU', which is closed now (Fri 2026-01-02 12:04 Asia/Tokyo),"
        " is not rehearsed on this machine."
    )


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("0 0 9 ? * MON", "UTC", "The first field, the seconds, can only be *"),
        ("* * * * * ?", "Mars/Olympus", "is not a time zone"),
    ],
)
def test_a_window_that_means_nothing_fails(runner: ActionRunner, cron: str, zone: str, expected: str) -> None:
    outcome = runner.fails(rule(runner, "DeploymentWindow", Cron=cron, TimeZone=zone))
    assert code(outcome) == "ConfigurationError"
    assert expected in message(outcome)


def alarm(runner: ActionRunner, state: str, kind: str = "MetricAlarms", **configuration: str) -> ActionContext:
    """A rule about the alarm `red`, which CloudWatch has in this state; without one it has none."""
    client, stubber = stubbed("cloudwatch")
    alarms = {kind: [{"AlarmName": "red", "StateValue": state}]} if state else {}
    stubber.add_response(
        "describe_alarms", alarms, {"AlarmNames": ["red"], "AlarmTypes": ["CompositeAlarm", "MetricAlarm"]}
    )
    runner.clients["cloudwatch"] = client
    return rule(runner, "CloudWatchAlarm", AlarmName="red", **configuration)


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_a_quiet_alarm_is_taken_to_stay_quiet_and_that_is_said(runner: ActionRunner, state: str) -> None:
    context = alarm(runner, state, AlarmStates="ALARM", WaitTime="15")
    begun = context.now()
    assert runner.start(context).summary == f"red is in state {state}"
    assert context.now() == begun
    (assumed,) = [event for event in runner.api.events if isinstance(event, AssumptionMade)]
    assert assumed.assumption == "alarm-stays"


@pytest.mark.parametrize("kind", ["MetricAlarms", "CompositeAlarms"])
def test_an_alarm_that_is_red_fails_the_rule(runner: ActionRunner, kind: str) -> None:
    outcome = runner.fails(alarm(runner, "ALARM", kind))
    assert (code(outcome), message(outcome)) == ("JobFailed", "Alarm red is in state ALARM.")


def test_the_rule_says_which_states_it_looks_for(runner: ActionRunner) -> None:
    context = alarm(runner, "INSUFFICIENT_DATA", AlarmStates="ALARM, INSUFFICIENT_DATA")
    assert message(runner.fails(context)) == "Alarm red is in state INSUFFICIENT_DATA."


def test_an_alarm_can_be_assumed_to_go_off(runner: ActionRunner) -> None:
    runner.assumptions = {"alarm-stays": "no"}
    assert message(runner.fails(alarm(runner, "OK", WaitTime="15"))) == "Alarm red went off within 15 minutes."


def test_a_rule_that_does_not_wait_assumes_nothing(runner: ActionRunner) -> None:
    runner.start(alarm(runner, "OK"))
    assert not [event for event in runner.api.events if isinstance(event, AssumptionMade)]


def test_an_alarm_that_is_not_there_fails_the_rule(runner: ActionRunner) -> None:
    outcome = runner.fails(alarm(runner, ""))
    assert (code(outcome), message(outcome)) == ("ConfigurationError", "There is no alarm red in eu-west-1.")


@pytest.mark.parametrize("provider", ["LambdaInvoke", "Commands", "VariableCheck", "CodeBuild", "Manual"])
def test_nobody_here_carries_out_rules_of_other_providers(provider: str) -> None:
    assert provider_of(ActionType("Rule", "AWS", provider, "1")) is None
