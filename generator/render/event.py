"""Rules of EventBridge."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.event import EventRule
from generator.model.template import Resource


def resources(rule: EventRule) -> Iterator[Resource]:
    """The rule with its one target."""
    target = {"Id": "Pipeline", "Arn": rule.target, "RoleArn": rule.role.arn}
    properties = {"EventPattern": rule.pattern, "Targets": [target]}
    yield Resource(rule.logical_id, "AWS::Events::Rule", properties, rule.comment)
