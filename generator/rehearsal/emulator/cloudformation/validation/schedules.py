"""What EventBridge refuses of a rule: its schedule, and its pattern.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource

_RATE = re.compile(r"rate\(\s*([1-9]\d*)\s+(minute|hour|day)(s?)\s*\)")
_CRON = re.compile(r"cron\((.+)\)")
_AT = re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)")
_FIELD = re.compile(r"[0-9A-Za-z*?,/#LW-]+")
_FIELDS = 6
_SERVICE = "(Service: EventBridge, Status Code: 400)"


class ScheduleError(ValueError):
    """Why EventBridge refuses a rule."""


def refuse(resource: PlannedResource) -> None:
    """Raise ScheduleError for the first thing EventBridge would refuse."""
    expression = resource.properties.get("ScheduleExpression")
    if resource.type == "AWS::Events::Rule":
        if expression and not is_schedule(str(expression)):
            raise _refused("Parameter ScheduleExpression is not valid.")
        _pattern(resource.properties.get("EventPattern"))
    elif resource.type == "AWS::Scheduler::Schedule" and not _is_once_or_again(str(expression)):
        raise ScheduleError(f"Invalid Schedule Expression {expression}. (Service: Scheduler, Status Code: 400)")


def is_schedule(expression: str) -> bool:
    """Whether a rule takes it: 1 goes with the singular and all else with the plural; cron has six fields."""
    if rate := _RATE.fullmatch(expression):
        return (rate[1] == "1") == (rate[3] == "")
    cron = _CRON.fullmatch(expression)
    return bool(cron and _is_cron(cron[1].split()))


def _is_once_or_again(expression: str) -> bool:
    return bool(
        _AT.fullmatch(expression) or re.fullmatch(r"rate\(\s*[1-9]\d*\s+(minute|hour|day)s?\s*\)", expression)
    ) or (expression.startswith("cron(") and is_schedule(expression))


def _is_cron(fields: list[str]) -> bool:
    """Day of month and day of week cannot both be given: one of them is a question mark."""
    if len(fields) != _FIELDS or not all(map(_FIELD.fullmatch, fields)):
        return False
    return [fields[2], fields[4]].count("?") == 1


def _pattern(written: Any) -> None:
    pattern = _read(written)
    if pattern is None:
        return
    if not isinstance(pattern, dict):
        raise _refused("Event pattern is not valid. Reason: Filter is not an object")
    _fields(pattern)


def _read(written: Any) -> Any:
    try:
        return json.loads(written) if isinstance(written, str) else written
    except ValueError:
        raise _refused("Event pattern is not valid. Reason: Filter is not valid JSON") from None


def _fields(pattern: dict[str, Any]) -> None:
    for name, value in pattern.items():
        if isinstance(value, dict):
            _fields(value)
        elif not isinstance(value, list):
            raise _refused(f"Event pattern is not valid. Reason: '{name}' must be an object or an array")
        elif not value:
            raise _refused("Event pattern is not valid. Reason: Empty arrays are not allowed")


def _refused(message: str) -> ScheduleError:
    return ScheduleError(f"{message} {_SERVICE}")
