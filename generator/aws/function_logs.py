"""The logs of an Invoke action: the pipeline's own function (start_tests), and the tests it ran."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from generator.aws import stacks
from generator.aws.door import Door
from generator.aws.log_lines import invocations
from generator.aws.pipeline import Action, Run
from generator.aws.pipeline_answers import parameters
from generator.aws.section import Section

_FUNCTION = re.compile(r"(?:arn:[^:]+:lambda:[^:]*:[^:]*:function:)?(?P<name>[A-Za-z0-9_-]+)")
_TESTED = re.compile(r"^testing (?P<stack>.+) with ")
"""What start_tests writes first; while stages run side by side, it tells their invocations apart."""


def sections(door: Door, action: Action, run: Run, most: int) -> tuple[Section, ...]:
    """One section for each function; `most` is how many lines of each are shown."""
    resolved = parameters(action)
    end = door.clock() if run.active else run.updated
    names = [run.configuration.get("FunctionName", ""), *named_tests(door, resolved)]
    functions = list(dict.fromkeys(filter(None, map(function_name, names))))
    stack = str(resolved.get("stack", ""))
    return tuple(_section(door, function, (run.started, end), stack, most) for function in functions)


def _section(door: Door, function: str, time: tuple[datetime, datetime], stack: str, most: int) -> Section:
    group = _group(door, function)
    functions = of_stack(invocations(door, group, *time), stack)
    lines = tuple(line for invocation in functions for line in invocation)[-most:]
    return Section(f"log of function {function}", lines or (f"{group} has nothing of that time (any more)",))


def of_stack(names: Iterable[tuple[str, ...]], stack: str) -> list[tuple[str, ...]]:
    """The invocations without those that say they test another stack."""
    return [lines for lines in names if stack in (_stacks(lines) or {stack})]


def _stacks(lines: Iterable[str]) -> set[str]:
    return {match["stack"] for line in lines if (match := _TESTED.match(line))}


def named_tests(door: Door, resolved: object) -> Iterator[str]:
    """The ARNs of the tests that start_tests was asked to run: by themselves, or as outputs of their stack."""
    if not isinstance(resolved, dict):
        return
    yield from (test for test in resolved.get("functions", ()) if isinstance(test, str))
    if resolved.get("tests_stack"):
        # Without the tests' stack there are no tests to show; start_tests' own log says so.
        stack = stacks.find(door, str(resolved["tests_stack"]))
        outputs = stack.outputs if stack else {}
        yield from (outputs[name] for name in resolved.get("outputs", ()) if name in outputs)


def function_name(function: str) -> str:
    """The name in a function's name or ARN; empty for what is no function, such as a state machine."""
    match = _FUNCTION.match(function)
    return match["name"] if match and match["name"] != "arn" else ""


def _group(door: Door, function: str) -> str:
    """Where a function writes: its own log group, unless it was given another."""
    functions = door.client("lambda")
    try:
        configuration = functions.get_function_configuration(FunctionName=function)
    except functions.exceptions.ResourceNotFoundException:
        configuration = {}
    return str(configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function}")
