"""Lambda runtimes that do not exist, that AWS has retired, or soon retires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from generator.application.functions import Stated
from generator.aws_rules.runtimes import LIFECYCLES, READ, Lifecycle, may_be_newer
from generator.checks.phrases import listed, nearest
from generator.errors import Problem

# AWS writes to the owners of functions this long before a runtime's end.
_NOTICE = dt.timedelta(days=180)


def check_runtimes(functions: Iterable[tuple[str, Stated]], today: dt.date) -> Iterator[Problem]:
    """Each place that states an unknown runtime (error), a retired one, or one that retires within 180 days.

    A retired one is a warning as long as Lambda still makes functions with it, and an error from the day on which it
    refuses to. Functions come with their names.
    """
    for runtime, names in _together(functions):
        lifecycle = LIFECYCLES.get(runtime.text)
        if lifecycle is None:
            yield _unknown(runtime, names)
        elif lifecycle.is_blocked(today):
            yield runtime.problem(_retired(runtime.text, names, lifecycle), _instead(lifecycle))
        elif lifecycle.is_retired(today):
            yield runtime.problem(_retired(runtime.text, names, lifecycle), _instead(lifecycle), level="warning")
        elif dt.date.fromisoformat(lifecycle.retired) - today <= _NOTICE:
            message = f"runtime '{runtime.text}' of {names} retires on {lifecycle.retired}"
            yield runtime.problem(message, _instead(lifecycle), level="warning")


def _together(functions: Iterable[tuple[str, Stated]]) -> Iterator[tuple[Stated, str]]:
    """Each place that states a runtime, and the functions that have it from there."""
    places: dict[object, tuple[Stated, list[str]]] = {}
    for name, runtime in functions:
        if runtime.text:
            place = (runtime.document.file, runtime.path, runtime.text)
            places.setdefault(place, (runtime, []))[1].append(name)
    for runtime, names in places.values():
        yield runtime, listed(names)


def _unknown(runtime: Stated, names: str) -> Problem:
    near = nearest(runtime.text, LIFECYCLES)
    hint = f"did you mean '{near}'?" if near else "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"
    if may_be_newer(runtime.text):
        message = f"runtime '{runtime.text}' of {names} is not among those that Lambda had on {READ}"
        return runtime.problem(message, hint, level="warning")
    return runtime.problem(f"Lambda has no runtime '{runtime.text}' ({names})", hint)


def _retired(runtime: str, functions: str, lifecycle: Lifecycle) -> str:
    return (
        f"runtime '{runtime}' of {functions} was retired on {lifecycle.retired}: Lambda refuses to create functions"
        f" with it from {lifecycle.create_blocked} and to update them from {lifecycle.update_blocked}"
    )


def _instead(lifecycle: Lifecycle) -> str:
    return f"use {lifecycle.successor}" if lifecycle.successor else ""
