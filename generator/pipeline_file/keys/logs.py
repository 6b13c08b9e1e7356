"""The key `logs`: how long the logs of build and functions are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.errors import Problem
from generator.pipeline_file.durations import days
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema, duration, mapping

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
_RETENTION = "30 days"
SCHEMA: Schema = {
    **mapping({"retention": duration("How long logs are kept.", _RETENTION)}),
    "description": "The log groups of build and functions.",
}


def read(settings: Mapping[str, str], _file: File) -> Fields:
    """The days."""
    return {"log_retention_days": days(settings.get("retention", _RETENTION))}


def problems(settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    """A number of days that CloudWatch Logs does not take."""
    if days(settings.get("retention", _RETENTION)) not in RETENTION_DAYS:
        message = "CloudWatch Logs keeps logs for certain numbers of days"
        hint = f"days: {', '.join(map(str, RETENTION_DAYS))}"
        yield file.document.problem(("logs", "retention"), message, hint)
