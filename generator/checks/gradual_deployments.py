"""Deployments that shift traffic step by step: whether anything would end one that goes wrong.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.application.template import FUNCTIONS, Template
from generator.document import Path
from generator.errors import Problem

_KEY = "DeploymentPreference"


def check_deployments(template: Template) -> Iterator[Problem]:
    """A deployment preference with neither an alarm nor a hook, once for each place that says it."""
    seen: set[Path] = set()
    for function in template.resources.values():
        preference = function.properties.get(_KEY) if function.type in FUNCTIONS else None
        if not isinstance(preference, dict) or _is_open(preference) or _is_off(preference.get("Enabled")):
            continue
        path = template.place_of(function.logical_id, _KEY)
        if not preference.get("Alarms") and not preference.get("Hooks") and path not in seen:
            seen.add(path)
            message = f"{_KEY} of {function.logical_id} has no alarm: nothing would roll a bad deployment back"
            hint = "name CloudWatch alarms of the function's version under Alarms, or a check under Hooks"
            yield template.problem(path, message, hint, at="key", level="warning")


def _is_off(enabled: object) -> bool:
    return str(enabled).lower() == "false"


def _is_open(preference: Mapping[str, object]) -> bool:
    """Whether only a launch can tell what it says."""
    return any(key == "Ref" or key.startswith("Fn::") for key in preference)
