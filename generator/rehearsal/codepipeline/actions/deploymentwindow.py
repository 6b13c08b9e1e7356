"""Rules of provider DeploymentWindow: whether a stage may be entered now.

https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
"""

from __future__ import annotations

from generator.aws_rules import cron
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError, not_rehearsed
from generator.rehearsal.codepipeline.state import Outcome

ACTION_TYPES = frozenset({("Rule", "AWS")})


def start(context: ActionContext) -> Outcome:
    """Succeed while the window is open. On AWS an execution waits for a closed one; that is not rehearsed."""
    expression, zone = context.configuration["Cron"], context.configuration.get("TimeZone", "UTC")
    try:
        there = context.now().astimezone(cron.zone(zone))
        is_open = cron.parse(expression).holds(there)
    except ValueError as error:
        raise ActionFailedError("ConfigurationError", f"{error}.".capitalize()) from None
    except LookupError as error:
        raise not_rehearsed(f"The window of time zone {zone} ({error})") from None
    moment = f"{there:%a %Y-%m-%d %H:%M} {zone}"
    if not is_open:
        raise not_rehearsed(f"Waiting for the window '{expression}', which is closed now ({moment}),")
    return Outcome(summary=f"open at {moment}")
