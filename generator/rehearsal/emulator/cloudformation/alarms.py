"""AWS::CloudWatch::Alarm over several metrics: made as one that gets no data, since nothing here computes with metrics.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.emulator.ministack import cloudformation_types

TYPE = "AWS::CloudWatch::Alarm"
_METRICS = "Metrics"
# Nobody writes to it.
_STAND_IN = {"Namespace": "Penstock/NotComputed", "MetricName": "NotComputed", "Statistic": "Average", "Period": 60}


class Alarms:
    """The emulator's own handlers, which refuse alarms that compute with metrics."""

    def __init__(self) -> None:
        handlers = cloudformation_types.handlers_of(TYPE)
        self._create, self._update = handlers["create"], handlers["update"]

    def register(self) -> None:
        """Take the place of the emulator's handlers."""
        cloudformation_types.replace_handlers(TYPE, create=self.create, update=self.update)

    def create(self, logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        """Make the alarm."""
        return self._create(logical_id, _without_metrics(properties), stack)

    def update(self, physical_id: str, old: dict[str, Any], new: dict[str, Any], *more: Any) -> Any:
        """Change the alarm."""
        return self._update(physical_id, _without_metrics(old), _without_metrics(new), *more)


def computes(properties: Mapping[str, Any]) -> bool:
    """Whether an alarm computes with metrics, which nothing does here."""
    return bool(properties.get(_METRICS))


def _without_metrics(properties: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in properties.items() if name != _METRICS}
    # One with an anomaly detection band has no threshold.
    return {"Threshold": 0, **plain, **_STAND_IN} if computes(properties) else plain
