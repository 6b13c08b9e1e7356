"""Lambda runtimes that do not exist, that AWS has retired, or soon retires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from generator.application.template import Template
from generator.aws_rules.runtimes import LIFECYCLES, READ, Lifecycle, may_be_newer
from generator.checks.phrases import listed, nearest
from generator.document import Path
from generator.errors import Problem

# AWS writes to the owners of functions this long before a runtime's end.
_NOTICE = dt.timedelta(days=180)


def check_runtimes(template: Template, today: dt.date) -> Iterator[Problem]:
    """Each place that states an unknown runtime (error), a retired one, or one that retires within 180 days.

    A retired one is a warning as long as Lambda still makes functions with it, and an error from the day on which it
    refuses to.
    """
    for path, runtime, functions in _stated(template):
        lifecycle = LIFECYCLES.get(runtime)
        if lifecycle is None:
            yield _unknown(template, path, runtime, functions)
        elif lifecycle.is_blocked(today):
            yield template.problem(path, _retired(runtime, functions, lifecycle), _instead(lifecycle))
        elif lifecycle.is_retired(today):
            message = _retired(runtime, functions, lifecycle)
            yield template.problem(path, message, _instead(lifecycle), level="warning")
        elif dt.date.fromisoformat(lifecycle.retired) - today <= _NOTICE:
            message = f"runtime '{runtime}' of {functions} retires on {lifecycle.retired}"
            yield template.problem(path, message, _instead(lifecycle), level="warning")


def _stated(template: Template) -> Iterator[tuple[Path, str, str]]:
    """Each place that states a runtime, the runtime, and the functions that have it from there."""
    places: dict[tuple[Path, str], list[str]] = {}
    for logical_id, runtime in template.runtimes().items():
        places.setdefault((template.place_of(logical_id, "Runtime"), runtime), []).append(logical_id)
    for (path, runtime), functions in places.items():
        yield path, runtime, listed(functions)


def _unknown(template: Template, path: Path, runtime: str, functions: str) -> Problem:
    near = nearest(runtime, LIFECYCLES)
    hint = f"did you mean '{near}'?" if near else "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"
    if may_be_newer(runtime):
        message = f"runtime '{runtime}' of {functions} is not among those that Lambda had on {READ}"
        return template.problem(path, message, hint, level="warning")
    return template.problem(path, f"Lambda has no runtime '{runtime}' ({functions})", hint)


def _retired(runtime: str, functions: str, lifecycle: Lifecycle) -> str:
    return (
        f"runtime '{runtime}' of {functions} was retired on {lifecycle.retired}: Lambda refuses to create functions"
        f" with it from {lifecycle.create_blocked} and to update them from {lifecycle.update_blocked}"
    )


def _instead(lifecycle: Lifecycle) -> str:
    return f"use {lifecycle.successor}" if lifecycle.successor else ""
