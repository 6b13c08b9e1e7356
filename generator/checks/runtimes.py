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
        found = LIFECYCLES.get(runtime)
        if found and _day(found.retired) <= today:
            yield template.problem(path, _retired(runtime, functions, found), _instead(found))
        elif found and _day(found.retired) - today <= _NOTICE:
            message = f"runtime '{runtime}' of {functions} retires on {found.retired}"
            yield template.problem(path, message, _instead(found), level="warning")


def _stated(template: Template) -> Iterator[tuple[Path, str, str]]:
    """Each place that states a runtime, the runtime, and the functions that have it from there."""
    found: dict[tuple[Path, str], list[str]] = {}
    for logical_id, runtime in template.runtimes().items():
        found.setdefault((template.place_of(logical_id, "Runtime"), runtime), []).append(logical_id)
    for (path, runtime), functions in found.items():
        yield path, runtime, listed(functions)


def _retired(runtime: str, functions: str, found: Lifecycle) -> str:
    return (
        f"runtime '{runtime}' of {functions} was retired on {found.retired}: Lambda refuses to create functions"
        f" with it from {found.create_blocked} and to update them from {found.update_blocked}"
    )


def _instead(found: Lifecycle) -> str:
    return f"use {found.successor}" if found.successor else ""


def _day(date: str) -> dt.date:
    return dt.date.fromisoformat(date)
