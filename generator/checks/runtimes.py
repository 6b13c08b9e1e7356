"""Lambda runtimes that AWS has retired or soon retires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from generator.application.template import Template
from generator.checks.lifecycles import LIFECYCLES, Lifecycle
from generator.checks.phrases import listed
from generator.document import Path
from generator.errors import Problem

# AWS writes to the owners of functions this long before a runtime's end.
_NOTICE = dt.timedelta(days=180)


def check_runtimes(template: Template, today: dt.date) -> Iterator[Problem]:
    """A retired runtime (error) or one that AWS retires within 180 days (warning), once for each place that says it."""
    for path, runtime, functions in _stated(template):
        problems = LIFECYCLES.get(runtime)
        if problems and _day(problems.retired) <= today:
            yield template.problem(path, _retired(runtime, functions, problems), _instead(problems))
        elif problems and _day(problems.retired) - today <= _NOTICE:
            message = f"runtime '{runtime}' of {functions} retires on {problems.retired}"
            yield template.problem(path, message, _instead(problems), level="warning")


def _stated(template: Template) -> Iterator[tuple[Path, str, str]]:
    """Each place that states a runtime, the runtime, and the functions that have it from there."""
    stated: dict[tuple[Path, str], list[str]] = {}
    for logical_id, runtime in template.runtimes().items():
        stated.setdefault((template.place_of(logical_id, "Runtime"), runtime), []).append(logical_id)
    for (path, runtime), functions in stated.items():
        yield path, runtime, listed(functions)


def _retired(runtime: str, functions: str, lifecycle: Lifecycle) -> str:
    return (
        f"runtime '{runtime}' of {functions} was retired on {lifecycle.retired}: Lambda refuses to create functions"
        f" with it from {lifecycle.create_blocked} and to update them from {lifecycle.update_blocked}"
    )


def _instead(lifecycle: Lifecycle) -> str:
    return f"use {lifecycle.successor}" if lifecycle.successor else ""


def _day(date: str) -> dt.date:
    return dt.date.fromisoformat(date)
