"""The part of the schema that says when a stage is entered, and what comes of its end."""

from __future__ import annotations

from generator.compiler.schema_parts import Schema, duration, mapping
from generator.compiler.stage_conditions import TIME_ZONE, WAIT_TIME
from generator.model.condition import RULES_OF_A_CONDITION


def properties() -> Schema:
    """The keys of a stage that become CodePipeline's stage conditions."""
    return {"on_failure": _on_failure(), "alarms": _alarms(), "window": _window()}


def _on_failure() -> Schema:
    return {
        "enum": ["retry", "rollback"],
        "description": "What the stage does by itself when it has failed: try once more, or go back to the last "
        "execution that succeeded in it. Left out: it stays failed.",
    }


def _alarms() -> Schema:
    names = {
        "type": "array",
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        "items": {"type": "string", "pattern": r"^[^\x00-\x1f]+$", "maxLength": 255, "x-what": "the name of an alarm"},
        "minItems": 1,
        "maxItems": RULES_OF_A_CONDITION,
        "uniqueItems": True,
        "description": "The names of the alarms.",
    }
    wait = duration("How long they are watched, 1 to 60 minutes.", WAIT_TIME)
    return {
        "anyOf": [names, mapping({"names": names, "wait_time": wait}, required=["names"])],
        "description": "CloudWatch alarms that are watched once the stage has succeeded; one that goes off rolls it "
        "back.",
    }


def _window() -> Schema:
    return {
        **mapping(
            {
                "cron": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 255,
                    "description": "When it is open, as AWS's DeploymentWindow rule has it: seconds (always *), "
                    "minutes, hours, day of the month, month, day of the week, perhaps a year.",
                    "examples": ["* * 9-16 ? * MON-FRI *"],
                },
                "time_zone": {
                    "type": "string",
                    "pattern": r"^[A-Za-z][A-Za-z0-9_+-]*([/:][A-Za-z0-9_+-]+)*$",
                    "default": TIME_ZONE,
                    "x-what": "a time zone such as Europe/Berlin",
                    "description": "The time zone of the hours.",
                },
            },
            required=["cron"],
        ),
        "description": "When the stage may be entered. Outside of it an execution waits before the stage.",
    }
