"""What a service has on AWS: its pipeline's stack, the stacks it deployed, and what outlives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator import document
from generator.aws import environments, stacks
from generator.aws.door import Door
from generator.aws.environments import HOME, Place, Reach
from generator.aws.names import environment_stack
from generator.aws.retained import Kept, still_there
from generator.aws.stacks import Held, Stack
from generator.errors import InvalidInputError, Problem

_PRODUCTION = ("prod", "production")


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack that a pipeline deploys; `stage` is empty when the pipeline no longer does.

    `guarded`: it comes after an approval or is called production, so nobody takes it down in passing. `order` is where
    in its stage it is deployed: what comes later may need what comes before.
    """

    stack: Stack
    stage: str
    guarded: bool
    order: int = 1
    place: Place = HOME

    @property
    def role(self) -> str:
        """The name of the role it was deployed with; empty when it was deployed without one."""
        return self.stack.role.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A stack that a pipeline deploys in an account nobody gave a profile for: whether it is there is not known."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Environment:
    """The stack of an environment in another account, None once it is gone, and what outlives it."""

    place: Place
    stack: Stack | None
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """All of it that is there: `pipeline` is None once its stack is gone, `deployed` in the pipeline's order.

    `by_commands` are the stages that commands deploy: what they deployed, only they know.
    """

    pipeline: Stack | None
    deployed: tuple[Deployed, ...]
    kept: tuple[Kept, ...]
    by_commands: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    environments: tuple[Environment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Declared:
    """A stack as a pipeline's template declares it; without a name: what commands deploy in a stage."""

    name: str
    stage: str
    guarded: bool
    order: int
    place: Place = HOME


def inventory(reach: Reach, name: str) -> Inventory:
    """What belongs to the pipeline stack of a name, launched or already deleted, read from AWS as it is now.

    Raises InvalidInputError for a door to an environment that is not there, RefusedError for one to another account.
    """
    pipeline, ids, kept = _stack(reach.home, name)
    declared = next((deployed for stack in ids if (deployed := _declared(reach.home, stack))), ())
    places = _places(reach, name, declared)
    there = [Environment(place, *_of_environment(reach, name, place)) for place in places if reach.reaches(place)]
    stages = [entry.stage for entry in declared]
    everywhere = [each for place, held in _holdings(kept, there) for each in _there(reach, place, declared, held)]
    return Inventory(
        pipeline,
        tuple(sorted(everywhere, key=lambda each: stages.index(each.stage) if each.stage else len(stages))),
        kept,
        tuple(entry.stage for entry in declared if not entry.name),
        tuple(Elsewhere(entry.name, entry.place) for entry in declared if not reach.reaches(entry.place)),
        tuple(there),
    )


def _stack(door: Door, name: str) -> tuple[Stack | None, tuple[str, ...], tuple[Kept, ...]]:
    """The stack of a name, the ids of all that were ever called so, and what outlives them."""
    stack = stacks.find(door, name)
    # A stack under review holds nothing yet, not even a template.
    launched = (stack.id,) if stack and stack.status != "REVIEW_IN_PROGRESS" else ()
    ids = (*launched, *stacks.deleted(door, name))
    kept = (resource for each in ids for resource in still_there(door, _outliving(door, each, stack)))
    return stack, ids, tuple(dict.fromkeys(kept))


def _of_environment(reach: Reach, pipeline: str, place: Place) -> tuple[Stack | None, tuple[Kept, ...]]:
    stack, _, kept = _stack(reach.door(place), environment_stack(pipeline, place.word))
    return stack, kept


def _places(reach: Reach, pipeline: str, declared: Iterable[_Declared]) -> tuple[Place, ...]:
    """The environments that the pipeline deploys to, and those of which there is a stack where a door leads."""
    places = dict.fromkeys(entry.place for entry in declared if entry.place.word)
    words = {place.word for place in places}
    for word, door in reach.doors.items():
        if word not in words:
            name, place = environment_stack(pipeline, word), Place(word, door.account())
            if not _stack(door, name)[1]:
                message = f"there is no environment {word}: {pipeline} deploys to none, and no stack is called {name}"
                hint = f"there are {', '.join(sorted(words))}" if words else "leave --environment out"
                raise InvalidInputError([Problem(f"{message}{place}", hint=hint)])
            places[place] = None
    return tuple(places)


def _holdings(kept: tuple[Kept, ...], environments: Iterable[Environment]) -> Iterator[tuple[Place, tuple[Kept, ...]]]:
    yield HOME, kept
    yield from ((environment.place, environment.kept) for environment in environments)


def _there(reach: Reach, place: Place, declared: Iterable[_Declared], kept: tuple[Kept, ...]) -> Iterator[Deployed]:
    here = [entry for entry in declared if entry.place == place and entry.name]
    return _deployed(reach.door(place), here, _roles(kept), place)


def _roles(kept: Iterable[Kept]) -> frozenset[str]:
    return frozenset(resource.name for resource in kept if resource.kind == "role")


def _outliving(door: Door, stack: str, pipeline: Stack | None) -> Iterator[Held]:
    """What a stack leaves or has left behind."""
    if pipeline is not None and stack == pipeline.id:
        retained = _retained(_template(door, stack))
        yield from (resource for resource in stacks.resources(door, stack) if resource.logical_id in retained)
    yield from stacks.left_behind(door, stack)


def _template(door: Door, stack: str) -> Mapping[str, Any]:
    text = stacks.template(door, stack)
    if not isinstance(text, str):
        return text
    data: Mapping[str, Any] = document.parse(text, "the launched template", document.TEMPLATE).data
    return data


def is_by_commands(provider: str, action: str) -> bool:
    """Whether an action deploys a stage with commands; a stack is deployed by a provider of its own."""
    return (provider, action) == ("CodeBuild", "Deploy")


def _retained(template: Mapping[str, Any]) -> frozenset[str]:
    resources: Mapping[str, Mapping[str, Any]] = template.get("Resources", {})
    return frozenset(
        name for name, resource in resources.items() if resource.get("DeletionPolicy", "Delete") != "Delete"
    )


def _declared(door: Door, stack: str) -> tuple[_Declared, ...]:
    """The stacks that the pipelines of a stack's template deploy, each once, where it comes first."""
    launched = stacks.find(door, stack)
    parameters = launched.parameters if launched else {}
    pipelines = [
        resource.get("Properties", {})
        for resource in _template(door, stack).get("Resources", {}).values()
        if resource.get("Type") == "AWS::CodePipeline::Pipeline"
    ]
    declared: dict[tuple[Place, str], _Declared] = {}
    for entry in (item for properties in pipelines for item in _of_pipeline(properties.get("Stages", ()), parameters)):
        declared.setdefault((entry.place, entry.name or f" {entry.stage}"), entry)
    return tuple(declared.values())


def _of_pipeline(stages: Iterable[Mapping[str, Any]], parameters: Mapping[str, str]) -> Iterator[_Declared]:
    asked: set[str] = set()
    for stage in stages:
        name = stage["Name"]
        if any(action["ActionTypeId"]["Category"] == "Approval" for action in stage["Actions"]):
            # An approval may have a stage of its own, called after the one it lets in.
            asked |= {name, name.removesuffix("Approval")}
        yield from _of_stage(stage, parameters, guarded=name in asked or name.lower() in _PRODUCTION)


def _of_stage(stage: Mapping[str, Any], parameters: Mapping[str, str], *, guarded: bool) -> Iterator[_Declared]:
    orders: dict[str, int] = {}
    places: dict[str, Place] = {}
    for action in stage["Actions"]:
        if action["ActionTypeId"]["Provider"] == "CloudFormation":
            name = _resolved(action.get("Configuration", {}).get("StackName", ""), parameters)
            # A change set is made before it is executed.
            orders[name] = max(int(action.get("RunOrder", 1)), orders.get(name, 1))
            places[name] = environments.of_action(action.get("RoleArn", ""))
        elif is_by_commands(action["ActionTypeId"]["Provider"], action["Name"]):
            yield _Declared("", stage["Name"], guarded, int(action.get("RunOrder", 1)))
    yield from (_Declared(name, stage["Name"], guarded, order, places[name]) for name, order in orders.items())


def _resolved(value: Any, parameters: Mapping[str, str]) -> str:
    """What a text of a template came to with the parameters its stack was given."""
    text = value.get("Fn::Sub", "") if isinstance(value, Mapping) else value
    return re.sub(r"\$\{(\w+)\}", lambda match: parameters.get(match[1], ""), text) if isinstance(text, str) else ""


def _deployed(door: Door, declared: Iterable[_Declared], roles: frozenset[str], place: Place) -> Iterator[Deployed]:
    there = {stack.name: stack for stack in stacks.every(door)}
    named = [entry for entry in declared if entry.name in there]
    for entry in named:
        # A stack under review only waits for its first change set: there is nothing in it to guard.
        guarded = entry.guarded and there[entry.name].status != "REVIEW_IN_PROGRESS"
        yield Deployed(there[entry.name], entry.stage, guarded, entry.order, place)
    # What the pipeline deployed before a stage was renamed or taken out: it still needs the role.
    others = {*there} - {entry.name for entry in named}
    for name in sorted(others):
        other = Deployed(there[name], "", guarded=True, place=place)
        if other.role in roles:
            yield other
