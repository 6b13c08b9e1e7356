"""Which program of this machine stands in for a function's runtime, and which runtimes nothing stands in for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.rehearsal.emulator.functions.node_environment import NoNodeError, node_program, node_version
from generator.rehearsal.emulator.functions.python_environment import interpreter_for


class NotRehearsableError(Exception):
    """Nothing on this machine stands in for the runtime; says which and why."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A runtime of a template and what ran in its place: "python3.13" and "Python 3.11.7"."""

    runtime: str
    program: str


def family(runtime: str) -> str:
    """`python` or `nodejs`; raises NotRehearsableError for any other."""
    for language in ("python", "nodejs"):
        if runtime.startswith(language):
            return language
    raise NotRehearsableError(
        f"functions of runtime {runtime or 'container image'} are not rehearsed; python and nodejs ones are"
    )


def stand_in(runtime: str, environ: Mapping[str, str]) -> StandIn:
    """What stands in for the runtime on this machine. Raises NotRehearsableError when nothing does."""
    if family(runtime) == "python":
        return StandIn(runtime, f"Python {interpreter_for(runtime, environ).version}")
    try:
        return StandIn(runtime, f"Node.js {node_version(node_program(environ))}")
    except NoNodeError as missing:
        raise NotRehearsableError(str(missing)) from missing
