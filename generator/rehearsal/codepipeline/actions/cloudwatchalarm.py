"""Rules of provider CloudWatchAlarm: whether an alarm goes off.

https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-CloudWatchAlarm.html
"""

from __future__ import annotations

from generator.rehearsal.codepipeline.assumptions import ALARM_STAYS
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.state import Outcome

ACTION_TYPES = frozenset({("Rule", "AWS")})
_STATES = "ALARM"


def start(context: ActionContext) -> Outcome:
    """Fail when the alarm is in one of the states looked for, now or, unless it is assumed to stay, later."""
    name = context.configuration["AlarmName"]
    wanted = context.configuration.get("AlarmStates", _STATES).replace(" ", "").split(",")
    state = _state(context, name)
    if state in wanted:
        raise ActionFailedError("JobFailed", f"Alarm {name} is in state {state}.")
    minutes = context.configuration.get("WaitTime", "0")
    if minutes != "0" and not context.desk.assume(ALARM_STAYS):
        raise ActionFailedError("JobFailed", f"Alarm {name} went off within {minutes} minutes.")
    return Outcome(summary=f"{name} is in state {state}")


def _state(context: ActionContext, name: str) -> str:
    answer = context.client("cloudwatch").describe_alarms(
        AlarmNames=[name], AlarmTypes=["CompositeAlarm", "MetricAlarm"]
    )
    for alarm in (*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())):
        return str(alarm["StateValue"])
    raise ActionFailedError("ConfigurationError", f"There is no alarm {name} in {context.surroundings.region}.")
