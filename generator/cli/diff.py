"""`penstock diff`: what `penstock launch` would bring to the launched pipeline, without asking for a change."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from generator import __version__
from generator.aws import launch_state, stacks
from generator.aws.differences import Difference, differences
from generator.aws.door import Door
from generator.aws.names import pipeline_name
from generator.aws.stacks import Stack
from generator.cli import environment_profiles, launched_permissions
from generator.cli.aws_options import on_aws
from generator.cli.console import fail, pipeline_argument
from generator.errors import AwsRefusedError, Problem
from generator.model.text import resolved

if TYPE_CHECKING:
    from generator.compiler.pipeline import Compilation

_MARKS = {"added": "+", "removed": "-", "changed": "~"}
# A section's entry in words, where "Resources" needs none.
_NOUNS = {"Parameters": "parameter ", "Mappings": "mapping ", "Conditions": "condition ", "Outputs": "output "}
_LONGEST = 100
_LINES_AROUND = 1
_CHARACTERS_BEFORE = 30


@click.command()
@pipeline_argument
@click.option("--stack-name", default="", help="The stack's name, if it is not <service>-pipeline.")
@environment_profiles.environment_option("Compare the template of this environment, too,")
@launched_permissions.prune_option
@on_aws
def command(
    door: Door, output: str, pipeline: Path, stack_name: str, environments: tuple[str, ...], *, prune: bool
) -> None:
    """Compare the templates of PIPELINE (pipeline.yaml) with those that were launched.

    Exits with 1 when they differ. Nothing is changed.

    Example: penstock diff
    """
    compiled = launched_permissions.compiled(
        pipeline, lambda service: _template(door, stack_name or pipeline_name(service)), prune=prune
    )
    templates = _generated(compiled, pipeline)
    environment_profiles.refuse_unknown(environments, (each.word for each in compiled.pipeline.environments))
    name = stack_name or pipeline_name(compiled.pipeline.service)
    compared = [_compared(door, compiled, name, templates[compiled.pipeline.stack])]
    for environment, there in environment_profiles.doors_or_none(door, compiled.pipeline, environments):
        stack = resolved(environment.stack, compiled.pipeline.service)
        if there is None:
            note = f"{stack} in account {environment.account} is not compared: --environment {environment.word}=PROFILE"
            click.echo(f"note: {note}", err=True)
        else:
            compared.append(_compared(there, compiled, stack, templates[stack]))
    if output == "json":
        first, *others = map(_as_data, compared)
        click.echo(json.dumps({**first, **({"environments": others} if others else {})}, indent=2))
    else:
        click.echo("\n".join(line for each in compared for line in _report(each.stack, each.region, each.differing)))
    if any(each.differing for each in compared):
        fail(1)


class _Compared(NamedTuple):
    """A launched stack, and where its template differs from what the file says."""

    stack: Stack
    region: str
    differing: list[Difference]


def _compared(door: Door, compiled: Compilation, name: str, template: str) -> _Compared:
    stack = _launched(door, name)
    launch_state.admit(stack, compiled.pipeline.service)
    was, now = (launched_permissions.values(each) for each in (stacks.template(door, stack.name), template))
    return _Compared(stack, door.region, [*_values(stack, was, now), *differences(was, now)])


def _as_data(compared: _Compared) -> dict[str, Any]:
    differing = [asdict(difference) for difference in compared.differing]
    return {"stack": compared.stack.name, "region": compared.region, "differences": differing}


def _generated(compiled: Compilation, pipeline: Path) -> Mapping[str, str]:
    from generator.render import template_text  # noqa: PLC0415 - the help needs none of it

    return template_text.templates(compiled.pipeline, pipeline.name, __version__)


def _template(door: Door, name: str) -> str | Mapping[str, Any]:
    return stacks.template(door, _launched(door, name).name)


def _launched(door: Door, name: str) -> Stack:
    stack = stacks.find(door, name)
    if stack is None or stack.status in launch_state.FAILED_CREATE:
        hint = "`penstock launch` creates it; is this the right account and region?"
        raise AwsRefusedError(str(Problem(f"nothing is launched as {name} in {door.region}", hint=hint)))
    return stack


def _values(stack: Stack, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Parameters that whoever launched the stack gave another value than the template's, which a launch takes back."""
    for name, parameter in sorted(now.get("Parameters", {}).items()):
        side = stack.parameters.get(name)
        usual = {str(declared.get("Default", "")) for declared in (parameter, was.get("Parameters", {}).get(name, {}))}
        # What has no default of its own is given by who launches, such as the pipeline's account to an environment.
        if side is not None and "Default" in parameter and side not in usual:
            yield Difference("Parameters", name, "", "launched with", "changed", side, parameter.get("Default", ""))


def _report(stack: Stack, region: str, lines: list[Difference]) -> Iterator[str]:
    if not lines:
        yield f"{stack.name} in {region} is what the pipeline file says"
        return
    yield f"{stack.name} in {region}, launched and now:"
    heading = ""
    for difference in lines:
        kind = f" ({difference.type})" if difference.type else ""
        title = f"{_NOUNS.get(difference.section, '')}{difference.name or difference.section}{kind}"
        if not difference.at:
            yield from _whole(difference, title)
            continue
        if title != heading:
            yield f"~ {title}"
            heading = title
        yield from _part(difference)


def _whole(difference: Difference, title: str) -> Iterator[str]:
    if difference.kind == "changed":
        yield f"~ {title}: {_both(difference)}"
    else:
        yield f"{_MARKS[difference.kind]} {title}"


def _part(difference: Difference) -> Iterator[str]:
    both = [value if isinstance(value, str) else "" for value in (difference.was, difference.now)]
    if any("\n" in value for value in both):
        yield f"    {_MARKS[difference.kind]} {difference.at}:"
        yield from (f"        {line}" for line in _lines(*both))
    elif difference.kind == "changed":
        yield f"    ~ {difference.at}: {_both(difference)}"
    else:
        value = difference.now if difference.kind == "added" else difference.was
        yield f"    {_MARKS[difference.kind]} {difference.at}: {_short(json.dumps(value, sort_keys=True))}"


def _lines(was: str, now: str) -> Iterator[str]:
    diff = difflib.unified_diff(was.splitlines(), now.splitlines(), lineterm="", n=_LINES_AROUND)
    return (line for line in diff if not line.startswith(("---", "+++")))


def _both(difference: Difference) -> str:
    """What it was and is, long values from shortly before they part."""
    was, now = (json.dumps(value, sort_keys=True) for value in (difference.was, difference.now))
    if max(len(was), len(now)) <= _LONGEST:
        return f"{was} -> {now}"
    same = next(index for index, pair in enumerate(zip_longest(was, now)) if len({*pair}) > 1)
    start = max(0, same - _CHARACTERS_BEFORE)
    return f"{_short(was, start)} -> {_short(now, start)}"


def _short(text: str, start: int = 0) -> str:
    shown = text[start : start + _LONGEST]
    return f"{'...' * bool(start)}{shown}{'...' * (start + _LONGEST < len(text))}"
