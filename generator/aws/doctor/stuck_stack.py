"""Whether a stack of the service is stuck, and the command that frees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.aws import stacks
from generator.aws.doctor.check import Finding
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.name_conflicts import owner
from generator.aws.doctor.optional_answer import answer
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door
from generator.aws.launch_state import FAILED_CREATE
from generator.aws.pipeline import OPEN
from generator.aws.pipeline_queries import look as pipeline_as_it_stands
from generator.aws.stacks import Stack

_SUBJECT = "stack"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
_STUCK = {
    "CREATE_FAILED": "its creation failed and was not rolled back",
    "DELETE_FAILED": "its deletion failed",
    "REVIEW_IN_PROGRESS": "its first change set was never executed",
    "ROLLBACK_COMPLETE": "its creation failed; it can only be deleted",
    "ROLLBACK_FAILED": "its creation failed, and so did rolling it back",
    "UPDATE_FAILED": "its update failed and was not rolled back",
    "UPDATE_ROLLBACK_FAILED": "rolling an update back failed",
}


def look(door: Door, requirements: Requirements, launched: Launched) -> Iterator[Finding]:
    """The pipeline's own stack and those it deploys."""
    yield from look_at((requirements.stack, *requirements.stacks), door, door, requirements, launched)


def look_at(
    names: Sequence[str], door: Door, home: Door, requirements: Requirements, launched: Launched
) -> Iterator[Finding]:
    """Stacks of an account; `home` leads to that of the pipeline, `launched` is the stack with their roles."""
    there = [stack for stack in (stacks.find(door, name) for name in names) if stack]
    for stack in there:
        if launched.there and stack.status == "REVIEW_IN_PROGRESS" and _awaits_approval(home, stack, requirements):
            yield Finding(_SUBJECT, "good", f"{stack.name}: its first change set has yet to be executed")
            continue
        problem = _stuck(door, stack, requirements) or _foreign(door, stack, launched) or _without_role(door, stack)
        yield problem or Finding(_SUBJECT, "good", f"{stack.name}: {stack.status}")
    if not there:
        yield Finding(_SUBJECT, "good", f"none of the {len(names)} stacks is there yet")


def _awaits_approval(door: Door, stack: Stack, requirements: Requirements) -> bool:
    """Whether what deploys a stack waits for a person's yes, or has it and is on its way."""
    pipeline = answer(pipeline_as_it_stands, "PipelineNotFoundException", door=door, name=requirements.pipeline)
    stages = pipeline.stages if pipeline else ()
    waiting = [stage for stage in stages if stage.approvals or stage.waiting or stage.status in OPEN]
    return any(action.configuration.get("StackName") == stack.name for stage in waiting for action in stage.actions)


def _stuck(door: Door, stack: Stack, requirements: Requirements) -> Finding | None:
    if stack.status not in _STUCK:
        return None
    if stack.name == requirements.stack and stack.status in FAILED_CREATE:
        advice = "penstock launch deletes it and tries again"
    else:
        advice = f"aws cloudformation {_command(door, stack)}"
    return Finding(_SUBJECT, "wrong", f"{stack.name}: {stack.status}, {_STUCK[stack.status]}", advice)


def _command(door: Door, stack: Stack) -> str:
    """The command that frees a stack: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/."""
    which = f"--stack-name {stack.name} --region {door.region}"
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        failed = _resources(door, stack, "UPDATE_FAILED")
        mended = f" --resources-to-skip {failed}; without the skip once they are fixed" if failed else ""
        return f"continue-update-rollback {which}{mended}"
    if stack.status == "UPDATE_FAILED":
        return f"rollback-stack {which}"
    if stack.status == "DELETE_FAILED":
        failed = _resources(door, stack, "DELETE_FAILED")
        return f"delete-stack {which}{f' --retain-resources {failed}' if failed else ''}"
    return f"delete-stack {which}, then penstock retry"


def _resources(door: Door, stack: Stack, status: str) -> str:
    """The resources in a state, as the commands want them."""
    pages = door.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack.id)
    resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
    return " ".join(failed["LogicalResourceId"] for failed in resources if failed["ResourceStatus"] == status)


def _foreign(door: Door, stack: Stack, launched: Launched) -> Finding | None:
    """A stack that another pipeline deploys: this one would overwrite it."""
    role = _role(stack)
    if not role or role in launched.physical_ids("AWS::IAM::Role"):
        return None
    other = owner(door, role)
    if not other:
        return None
    text = f"{stack.name} is deployed with a role of stack {other}, not of this pipeline"
    return Finding(_SUBJECT, "wrong", text, "give the stage a stack of its own: stack: NAME")


def _without_role(door: Door, stack: Stack) -> Finding | None:
    """A stack whose deploy role is gone can be neither changed nor deleted."""
    role = _role(stack)
    if not role or answer(door.client("iam").get_role, "NoSuchEntity", RoleName=role):
        return None
    text = f"{stack.name}: its deploy role {role} is gone, so it can be neither changed nor deleted"
    advice = f"make a role {role} that trusts cloudformation.amazonaws.com and may change what the stack holds"
    return Finding(_SUBJECT, "wrong", text, advice)


def _role(stack: Stack) -> str:
    return stack.role.rpartition("/")[2]
