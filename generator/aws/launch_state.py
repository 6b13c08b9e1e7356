"""The state a launch finds a stack in: to be created, updated, waited for, or deleted and created again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from generator.aws.door import Door
from generator.aws.stacks import Stack, StackEvent, reasons
from generator.errors import AwsRefusedError, Problem, RefusedError

FAILED_CREATE = frozenset({"REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"})
"""What a first create leaves that did not come to its end: such a stack can only be deleted."""
_DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
_STUCK = {
    "UPDATE_ROLLBACK_FAILED": "its rollback has to be continued first: `penstock doctor` shows what blocks it, then "
    "`aws cloudformation continue-update-rollback --stack-name {stack}`",
    "DELETE_FAILED": "it was to be deleted: `penstock destroy` goes on with that",
}
# https://docs.aws.amazon.com/general/latest/gr/rande.html#console-urls
_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a stack came out of a change, and why it failed, if it did."""

    status: str
    failed: tuple[StackEvent, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether the stack is what was asked for."""
        return self.status in _DONE


def admit(stack: Stack, service: str) -> None:
    """Raises RefusedError when a stack is another service's, or nobody's pipeline, or AwsRefusedError when stuck."""
    owner = stack.parameters.get("ServiceName")
    if owner is None and stack.status not in FAILED_CREATE:
        hint = "launch under another name: --stack-name NAME"
        raise RefusedError(str(Problem(f"the stack {stack.name} already exists and is not a pipeline", hint=hint)))
    if owner not in {None, service} and stack.status not in FAILED_CREATE:
        hint = (
            f"everything is named after the service, so it cannot change: keep `service: {owner}`, "
            f"or launch {service} beside it (without --stack-name) and destroy {owner} afterwards"
        )
        raise RefusedError(str(Problem(f"the stack {stack.name} is the pipeline of {owner}, not {service}", hint=hint)))
    if stack.status in _STUCK:
        hint = _STUCK[stack.status].format(stack=stack.name)
        raise AwsRefusedError(str(Problem(f"the stack {stack.name} is stuck in {stack.status}", hint=hint)))


def watch(happenings: Iterator[StackEvent]) -> Iterator[StackEvent | Ended]:
    """What is followed of a stack, and then how it ended."""
    failed: list[StackEvent] = []
    status = ""
    for event in happenings:
        failed += [event] if event.failed and not event.own else []
        status = event.status
        yield event
    yield Ended(status, tuple(failed))


def why(ended: Ended) -> str:
    """Why it failed, a line for each resource."""
    return reasons(list(ended.failed))


def console(door: Door) -> str:
    """The console's address in the door's region, without a path."""
    return f"https://{door.region}.{_CONSOLES.get(door.partition, _CONSOLES['aws'])}"


def quick_create(door: Door, url: str, stack: str) -> str:
    """The console's address that launches a template which is at a URL of S3.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
    """
    chosen = f"templateURL={quote(url, safe='')}&stackName={quote(stack, safe='')}"
    return f"{console(door)}/cloudformation/home?region={door.region}#/stacks/create/review?{chosen}"
