"""Log groups."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.log import LogGroup
from generator.model.template import Resource
from generator.model.text import Json


def resources(group: LogGroup) -> Iterator[Resource]:
    """The group."""
    properties: dict[str, Json] = {"LogGroupName": group.name, "RetentionInDays": group.retention_days}
    if group.key:
        properties["KmsKeyId"] = group.key
    yield Resource(group.logical_id, "AWS::Logs::LogGroup", properties, group.comment)
