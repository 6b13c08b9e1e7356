"""How a service is deleted: the plan as data, and its execution step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from generator.aws import retained, stacks
from generator.aws.door import Door
from generator.aws.environments import HOME, Place
from generator.aws.inventory import Deployed, Environment, Inventory
from generator.aws.next_steps import running
from generator.aws.retained import KEY_DAYS, KINDS, Kept
from generator.aws.stacks import Stack, StackEvent

_CLOSED = "penstock destroy takes this pipeline down"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user wants: production too, and which kinds of what outlives the stacks to keep."""

    production: bool = False
    keep: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClosePipeline:
    """Nothing new is deployed from here on, and what runs is stopped."""

    pipeline: str
    place: Place = HOME

    def __str__(self) -> str:
        return f"close the pipeline {self.pipeline}, and stop what runs in it"


@dataclass(frozen=True, slots=True)
class DeleteStack:
    """A stack goes, with all in it that its template does not keep."""

    stack: Stack
    meaning: str
    is_application: bool = True
    place: Place = HOME

    def __str__(self) -> str:
        return f"delete the stack {self.stack.name}{self.place} ({self.meaning})"


@dataclass(frozen=True, slots=True)
class RemoveKept:
    """Something goes that no stack holds any more."""

    kept: Kept
    place: Place = HOME

    def __str__(self) -> str:
        name = self.kept.name
        words = {
            "role": f"delete the role {name}{self.place}",
            "policy": f"delete the policy {name}{self.place}",
            "bucket": f"delete the bucket {name} with all versions of all that is in it",
            "images": f"delete the repository {name} with all container images in it",
            "key": f"schedule the key {name} for deletion, in {KEY_DAYS} days",
            "repository": f"delete the repository {name} with all its commits",
        }
        return words[self.kept.kind]


Step = ClosePipeline | DeleteStack | RemoveKept


@dataclass(frozen=True, slots=True)
class Left:
    """Something that stays, and why."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen, in order, and what will be left."""

    steps: tuple[Step, ...]
    left: tuple[Left, ...]

    @property
    def protected(self) -> tuple[str, ...]:
        """The stacks to be deleted that somebody protects from just that."""
        return tuple(step.stack.name for step in self.steps if isinstance(step, DeleteStack) and step.stack.protected)


def plan(inventory: Inventory, pipeline: str, choice: Choice) -> Plan:
    """The plan for what was found: application, tests, pipeline, what outlives them, then the environments' stacks.

    `pipeline` is the pipeline's name. While production stays, so does everything it needs to be changed again; what is
    gone is no part of it.
    """
    stays = tuple(deployed for deployed in inventory.deployed if deployed.guarded and not choice.production)
    goes = tuple(deployed for deployed in inventory.deployed if deployed not in stays)
    steps: list[Step] = [ClosePipeline(pipeline)] if inventory.pipeline else []
    steps += [DeleteStack(each.stack, _meaning(each), place=each.place) for each in _in_order(goes)]
    steps += [DeleteStack(inventory.pipeline, "the pipeline", is_application=False)] if inventory.pipeline else []
    left = [
        Left(f"the stack {each.stack.name}{each.place}", "it is production, and --prod was not given") for each in stays
    ]
    left += [
        Left(f"what the commands of stage {stage} deployed", "no stack holds it: the same tool takes it down")
        for stage in inventory.by_commands
    ]
    left += _not_reached(inventory)
    ends = [*_kept(inventory.kept, HOME, stays, inventory, choice)]
    for environment in inventory.environments:
        ends += _of_environment(environment, stays, inventory, choice)
    steps += [each for each in ends if not isinstance(each, Left)]
    return Plan(tuple(steps), (*left, *(each for each in ends if isinstance(each, Left))))


def _untouched(inventory: Inventory, stays: Sequence[Deployed]) -> Iterator[Left]:
    for each in stays:
        yield Left(f"the stack {each.stack.name}{each.place}", "it is production, and --prod was not given")
    for stage in inventory.by_commands:
        yield Left(f"what the commands of stage {stage} deployed", "no stack holds it: the same tool takes it down")


def _not_reached(inventory: Inventory) -> Iterator[Left]:
    """What is in accounts that nobody gave a profile for."""
    places = dict.fromkeys(each.place for each in inventory.elsewhere)
    for place in places:
        profile = f"--environment {place.word}=PROFILE" if place.word else "its role is none of an environment"
        why = f"this command has no profile for that account: {profile}"
        yield from (Left(f"the stack {each.name}{place}", why) for each in inventory.elsewhere if each.place == place)
        if place.word:
            yield Left(f"the environment {place.word}{place}, with its roles", why)


def _kept(
    kept: Sequence[Kept], place: Place, stays: tuple[Deployed, ...], inventory: Inventory, choice: Choice
) -> Iterator[Step | Left]:
    roles = frozenset(entry.name for entry in kept if entry.kind == "role")
    for entry in sorted(kept, key=lambda resource: (KINDS.index(resource.kind), resource.name)):
        why = _needed(entry, stays, roles, choice) or _needed_elsewhere(entry, inventory)
        yield Left(f"the {entry.kind} {entry.name}{place}", why) if why else RemoveKept(entry, place)


def _of_environment(
    environment: Environment, stays: tuple[Deployed, ...], inventory: Inventory, choice: Choice
) -> Iterator[Step | Left]:
    """The environment's stack, and what outlives it: nothing of it goes while production is there."""
    place, stack = environment.place, environment.stack
    there = ", ".join(each.stack.name for each in stays if each.place == place)
    if stack and there:
        yield Left(f"the stack {stack.name}{place}", f"{there} is changed and deleted with its roles")
    elif stack:
        yield DeleteStack(stack, f"the environment {place.word}", is_application=False, place=place)
    yield from _kept(environment.kept, place, stays, inventory, choice)


def _in_order(stacks: Sequence[Deployed]) -> list[Deployed]:
    """Stage after stage and the tests last; within a stage first what was deployed last, which may need the others."""
    stages = list(dict.fromkeys(stack.stage for stack in stacks))
    return sorted(stacks, key=lambda stack: (_is_tests(stack), stages.index(stack.stage), -stack.order))


def _is_tests(stack: Deployed) -> bool:
    return stack.stage == "DeployTests"


def _meaning(stack: Deployed) -> str:
    if not stack.stage:
        return "no stage of the pipeline any more, but deployed with its role"
    return "the tests" if _is_tests(stack) else f"stage {stack.stage}"


def _needed(item: Kept, stays: tuple[Deployed, ...], roles: frozenset[str], choice: Choice) -> str:
    """Why something has to stay; empty when it can go."""
    kind = "role" if item.kind == "policy" else item.kind
    if kind in choice.keep:
        return f"--keep {kind}"
    if kind == "key" and "bucket" in choice.keep:
        return "what is in the bucket is encrypted with it"
    if item.kind == "role":
        # A stack needs the role it was deployed with and no other's.
        stays = tuple(stack for stack in stays if stack.role == item.name)
    elif item.kind == "policy":
        # The roles share their policies.
        stays = tuple(stack for stack in stays if stack.role in roles)
    if not stays:
        return ""
    names = ", ".join(stack.stack.name for stack in stays)
    needs = {
        "role": f"without it {names} can be neither changed nor deleted",
        "bucket": f"a rollback of {names} reads its code from there",
        "images": f"functions of {names} run its images",
        "key": "what is in the bucket is encrypted with it",
        "repository": f"it is the source of {names}",
    }
    return needs[kind]


def _needed_elsewhere(item: Kept, inventory: Inventory) -> str:
    """Why something has to stay for stacks in accounts that are not reached; empty when it can go."""
    if item.kind not in {"bucket", "key", "repository"} or not inventory.elsewhere:
        return ""
    names = ", ".join(f"{each.name}{each.place}" for each in inventory.elsewhere)
    if item.kind == "repository":
        return f"it is the source of {names}"
    return f"a rollback of {names} reads its code from there; it goes when those are gone"


def carry_out(door: Door, step: Step) -> Iterator[StackEvent]:
    """Do a step and follow it. Raises AwsRefusedError when it did not come to its end."""
    if isinstance(step, ClosePipeline):
        _close(door, step.pipeline)
    elif isinstance(step, DeleteStack):
        yield from _delete(door, step.stack)
    else:
        retained.remove(door, step.kept)


def _close(door: Door, pipeline: str) -> None:
    client = door.client("codepipeline")
    try:
        stages = client.get_pipeline(name=pipeline)["pipeline"]["stages"]
    except client.exceptions.PipelineNotFoundException:
        return
    client.disable_stage_transition(
        pipelineName=pipeline, stageName=stages[1]["name"], transitionType="Inbound", reason=_CLOSED
    )
    for execution in running(door, pipeline):
        # It may have ended meanwhile, or somebody else stops it. Waiting for its actions could mean days: an
        # approval is one.
        errors = client.exceptions
        with suppress(errors.PipelineExecutionNotStoppableException, errors.DuplicatedStopRequestException):
            client.stop_pipeline_execution(
                pipelineName=pipeline, pipelineExecutionId=execution, abandon=True, reason=_CLOSED
            )


def _delete(door: Door, planned: Stack) -> Iterator[StackEvent]:
    stack = stacks.find(door, planned.id)
    if stack is not None and not stack.settled:
        # What an abandoned action began goes on; it can be deleted when that has ended.
        yield from stacks.follow_to_rest(door, stack)
        stack = stacks.find(door, planned.id)
    if stack is not None and stack.status != "DELETE_COMPLETE":
        yield from stacks.delete(door, stack)


def remains(door: Door, step: Step) -> Iterator[Left]:
    """What a step that is done has left by itself: what templates keep, logs, a key that can be called back."""
    if isinstance(step, RemoveKept) and step.kept.kind == "key":
        back = f"`aws kms cancel-key-deletion --key-id {step.kept.name}` cancels the deletion"
        yield Left(f"the key {step.kept.name}", f"gone in {KEY_DAYS} days; until then {back}")
    if isinstance(step, DeleteStack) and step.is_application:
        for resource in stacks.left_behind(door, step.stack.id):
            yield Left(f"{resource.type} {resource.physical_id}", f"the template of {step.stack.name} keeps it")
        yield from _logs(door, step.stack.name)


def _logs(door: Door, stack: str) -> Iterator[Left]:
    # Lambda makes a function's log group when the template does not, and then nobody deletes it.
    pages = (
        door.client("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=f"/aws/lambda/{stack}-")
    )
    for group in (group for page in pages for group in page["logGroups"]):
        yield Left(f"the logs {group['logGroupName']}", f"functions of {stack} wrote them, and no stack holds them")
