"""Names that several stages' stacks would share: fixed physical names and export names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from generator.application import nested
from generator.application.conditions import holds
from generator.application.template import Resource, Template
from generator.application.values import text_of
from generator.checks.phrases import listed
from generator.checks.physical_names import PHYSICAL_NAMES
from generator.checks.stages import stage_values
from generator.document import quote
from generator.errors import Level, Problem
from generator.model.pipeline import Pipeline

_SCHEDULE = "AWS::Scheduler::Schedule"


class Stack(NamedTuple):
    """One stack of the application: the stage it belongs to, and what is known in it.

    `outermost` is the stack around one that is within another, else empty.
    """

    stage: str
    values: Mapping[str, str]
    outermost: str = ""


class Collision(NamedTuple):
    """A name that several stacks would give to something of theirs; `sure` when each of them certainly does."""

    name: str
    stages: tuple[str, ...]
    sure: bool


def stacks_of(pipeline: Pipeline, app: Template) -> tuple[Stack, ...]:
    """The application's stacks in the order of the stages, each of which has its own."""
    return tuple(Stack(stage.word, stage_values(stage, app, pipeline)) for stage in pipeline.stages)


def with_nested(app: Template, stacks: tuple[Stack, ...]) -> Iterator[tuple[Template, tuple[Stack, ...]]]:
    """A template with its stacks, then those of the stacks within these, at any depth."""
    yield app, stacks
    for logical_id, inner in app.nested.items():
        present = (stack for stack in stacks if not nested.is_left_out(app, logical_id, stack.values))
        yield from with_nested(inner, tuple(_within(app, logical_id, stack) for stack in present))


def _within(app: Template, logical_id: str, stack: Stack) -> Stack:
    shared = {name: text for name, text in stack.values.items() if name.startswith("AWS::")}
    name = nested.stack_name(stack.values["AWS::StackName"], logical_id)
    inner = nested.inner_values(app, logical_id, stack.values, text_of)
    outermost = stack.outermost or stack.values["AWS::StackName"]
    return Stack(stack.stage, {**shared, "AWS::StackName": name, **inner}, outermost)


def check_collisions(pipeline: Pipeline, app: Template) -> Iterator[Problem]:
    """A name that does not vary by stage, once for each resource or export, in nested stacks too."""
    for template, stacks in with_nested(app, stacks_of(pipeline, app)):
        yield from _of_template(template, stacks)


def _of_template(app: Template, stacks: tuple[Stack, ...]) -> Iterator[Problem]:
    for resource in app.resources.values():
        yield from named_alike(resource, stacks, app)
    for output in app.outputs.values():
        for collision in _collisions(output.export, output.condition, stacks, app):
            message = f"export name {quote(collision.name)} is the same in stages {listed(collision.stages)}"
            hint = "an export is unique in a region of an account; " + _remedy(app)
            yield app.problem(("Outputs", output.name, "Export", "Name"), message, hint, level=_level(collision))


def named_alike(resource: Resource, stacks: Iterable[Stack], app: Template) -> Iterator[Problem]:
    """The problem of a resource whose physical name is the same in several stacks."""
    key, where = PHYSICAL_NAMES.get(resource.type, ("", ""))
    for collision in _collisions(_name(resource, key), resource.condition, stacks, app):
        message = (
            f"{key} {quote(collision.name)} of {resource.logical_id} is the same in stages {listed(collision.stages)}"
        )
        hint = f"it is unique {where}; {_remedy(app)}"
        if resource.logical_id in app.resources:
            path = app.place_of(resource.logical_id, key)
            yield app.problem(path, message, f"{hint}, or leave {key} out", level=_level(collision))
        else:
            # SAM made it, and may have made up its name as well.
            omit = ", or say `OmitName: true`" if resource.type == _SCHEDULE else ""
            yield app.problem(
                app.origin_of(resource.logical_id), message, hint + omit, at="key", level=_level(collision)
            )


def _name(resource: Resource, key: str) -> Any:
    name, group = resource.properties.get(key), resource.properties.get("GroupName")
    return {"Fn::Join": ["/", [group, name]]} if name and group and resource.type == _SCHEDULE else name


def _collisions(value: Any, condition: str, stacks: Iterable[Stack], app: Template) -> Iterator[Collision]:
    if value is None:
        return
    conditions = app.document.data.get("Conditions")
    taken: dict[str, list[tuple[str, bool]]] = {}
    for stack in stacks:
        name = text_of(value, stack.values)
        there = holds(condition, conditions, stack.values) if condition else True
        if name and there is not False:
            taken.setdefault(name, []).append((stack.stage, there is True))
    for name, takers in taken.items():
        if len(takers) > 1:
            yield Collision(name, tuple(stage for stage, _ in takers), sum(sure for _, sure in takers) > 1)


def _level(collision: Collision) -> Level:
    return "error" if collision.sure else "warning"


def _remedy(app: Template) -> str:
    stage = " or ${Stage}" if "Stage" in app.parameters else ""
    return "let the name contain ${AWS::StackName}" + stage
