"""Rules of provider CloudWatchAlarm: whether an alarm goes off.

https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-CloudWatchAlarm.html
"""

from __future__ import annotations

from generator.rehearsal.assumptions import ALARM_STATES, ALARM_STAYS
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.state import Outcome

ACTION_TYPES = frozenset({("Rule", "AWS")})
_RED = "ALARM"
_NO_DATA = "INSUFFICIENT_DATA"


def start(context: ActionContext) -> Outcome:
    """Fail when the alarm is in one of the states looked for, now or, unless it is assumed to stay, later."""
    name = context.configuration["AlarmName"]
    state = _state(context, name)
    if _looked_for(context, state):
        raise ActionFailedError("JobFailed", f"Alarm {name} is in state {state}.")
    minutes = context.configuration.get("WaitTime", "0")
    if minutes != "0" and not context.handle.assume(ALARM_STAYS):
        raise ActionFailedError("JobFailed", f"Alarm {name} went off within {minutes} minutes.")
    return Outcome(summary=f"{name} is in state {state}")


def _looked_for(context: ActionContext, state: str) -> bool:
    if states := context.configuration.get("AlarmStates"):
        return state in states.replace(" ", "").split(",")
    return state == _RED or (state == _NO_DATA and not context.handle.assume(ALARM_STATES))


def _state(context: ActionContext, name: str) -> str:
    answer = context.client("cloudwatch").describe_alarms(
        AlarmNames=[name], AlarmTypes=["CompositeAlarm", "MetricAlarm"]
    )
    for alarm in (*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())):
        return str(alarm["StateValue"])
    raise ActionFailedError("ConfigurationError", f"There is no alarm {name} in {context.surroundings.region}.")
