"""Log groups: made beforehand, so that they have a retention and nobody needs the right to make one."""

from __future__ import annotations

from generator.model.iam import Statement
from generator.model.pipeline import Pipeline
from generator.model.template import Resource
from generator.model.text import Json, Text
from generator.render import storage


def group(pipeline: Pipeline, logical_id: str, name: Text, comment: str) -> Resource:
    """A log group with the pipeline's retention, under its key when it has one."""
    properties: dict[str, Json] = {"LogGroupName": name, "RetentionInDays": pipeline.log_retention_days}
    if storage.has_own_key(pipeline):
        properties["KmsKeyId"] = "${ArtifactKey.Arn}"
    return Resource(logical_id, "AWS::Logs::LogGroup", properties, comment)


def write(logical_id: str) -> Statement:
    """The right to write to a log group of this template."""
    return Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (f"${{{logical_id}.Arn}}",))
