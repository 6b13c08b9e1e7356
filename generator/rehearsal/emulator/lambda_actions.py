"""The IAM action of a request to Lambda, by the routes of Lambda's own model.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from __future__ import annotations

import functools
import re

from generator.rehearsal.emulator.wire import model_of

_OTHER_NAMES = {"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction"}
_Route = tuple[str, re.Pattern[str], str]


def action_of(method: str, path: str) -> str | None:
    """The name of the action, without the service's; None where Lambda has no such route."""
    routes = (action for verb, pattern, action in _routes() if verb == method and pattern.fullmatch(path.rstrip("/")))
    return next(routes, None)


@functools.cache
def _routes() -> tuple[_Route, ...]:
    """Verb, path and action; a path that a name of another one would match as well stands before it.

    Of operations that differ in their query alone, the one without a query counts.
    """
    model = model_of("lambda")
    http = {name: model.operation_model(name).http for name in model.operation_names}
    routes = [(http[name]["method"], http[name]["requestUri"].rstrip("/"), name) for name in sorted(http)]
    routes.sort(key=lambda route: route[1].count("{"))
    return tuple((verb, _pattern(path), _OTHER_NAMES.get(name, name)) for verb, path, name in routes if "?" not in path)


def _pattern(path: str) -> re.Pattern[str]:
    """A part in braces is one step of the path; one with a plus sign goes on to the end."""
    parts = (
        "(.+)" if part.endswith("+}") else "([^/]+)" if part.startswith("{") else re.escape(part)
        for part in re.split(r"(\{[^}]+\})", path)
    )
    return re.compile("".join(parts))
