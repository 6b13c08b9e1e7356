"""What a rehearsal came to, in words: the end of every view for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.cli import emulator_access
from generator.cli.views.steps import harmless
from generator.rehearsal.driver.denials import Denial
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.reach import Reach
from generator.rehearsal.sandbox.attempts import Attempt

_NAME = 12  # columns
_PROTECTIONS = {
    "kernel": "the kernel: no program reaches anything but the emulator and package registries",
    "hooks": "hooks in Python and Node alone: other programs could reach any address ({reason})",
}


def report(outcome: Outcome, seconds: float, reach: Reach | None) -> list[str]:
    """Stages with their tests and URLs, what stood in, what was assumed, the result, and how to reach what was kept."""
    lines = ["", *_details(outcome), *_result(outcome, seconds)]
    return [harmless(line) for line in lines] + (
        ["", *emulator_access.lines(reach), emulator_access.HOW_TO_END] if reach else []
    )


def _details(outcome: Outcome) -> Iterator[str]:
    for stage in outcome.stages:
        for number, line in enumerate((*stage.tests, *stage.urls)):
            yield f"{'' if number else stage.name:<{_NAME}} {line}"
    for runtime, program in sorted(outcome.stand_ins.items()):
        yield f"{'ran':<{_NAME}} {runtime} on {program}"
    for assumption in outcome.assumptions:
        yield f"{'assumed':<{_NAME}} {assumption.assumption}={assumption.value}: {assumption.meaning}"
        yield f"{'':<{_NAME}} since {assumption.why}"
    for resource_type in outcome.unchecked:
        yield f"{'not checked':<{_NAME}} {resource_type}: whether the stack's role may make, change and delete it"
    for reason in outcome.lacking:
        yield f"{'lacking':<{_NAME}} {reason}"
    yield from _stubbed(outcome)
    for denial in outcome.denials:
        yield from _denied(denial)
    yield from walled(outcome.protection, outcome.protection_reason)
    yield from refusals(outcome.attempts)
    for registry in outcome.unreachable:
        yield f"{'unreachable':<{_NAME}} {registry}"


def _stubbed(outcome: Outcome) -> Iterator[str]:
    for action in outcome.stubbed:
        yield f"{'stubbed':<{_NAME}} {action}: nothing was done"
    if outcome.status == "Stubbed" and not outcome.stubs_accepted:
        yield f"{'':<{_NAME}} not green by itself (exit code 5): --accept-stubs takes it as green"


def walled(protection: str, reason: str) -> Iterator[str]:
    """What kept programs on this machine, if anything was tried out."""
    if protection:
        yield f"{'protected by':<{_NAME}} {_PROTECTIONS[protection].format(reason=reason)}"


def refusals(attempts: Iterable[Attempt]) -> Iterator[str]:
    """Each attempt to leave the machine with the process that made it."""
    for attempt in attempts:
        yield f"{'held back':<{_NAME}} {attempt}"


def _denied(denial: Denial) -> Iterator[str]:
    yield f"{'refused':<{_NAME}} {denial.why}{f' (behind {denial.behind})' * bool(denial.behind)}"
    for line in denial.nearly:
        yield f"{'':<{_NAME}} {line}"
    for line in denial.unknown:
        yield f"{'':<{_NAME}} not judged: {line}"
    if denial.remedy:
        yield f"{'':<{_NAME}} allowed by: {denial.remedy}"
    if denial.in_pipeline_file:
        yield f"{'':<{_NAME}} in the pipeline file: {denial.in_pipeline_file}"


def _actions(outcome: Outcome) -> str:
    return "action" if len(outcome.stubbed) == 1 else "actions"


def _result(outcome: Outcome, seconds: float) -> Iterator[str]:
    where = "/".join(filter(None, (outcome.stage, outcome.action)))
    verdict = {
        "Succeeded": "green: the commit went through every stage",
        "Stopped": f"green until {where}",
        "Stubbed": f"green{' until ' * bool(where)}{where}, with {len(outcome.stubbed)} {_actions(outcome)} stubbed",
        "Failed": f"red{' at ' * bool(where)}{where}",
        "NotRehearsed": f"not rehearsed{' at ' * bool(where)}{where}",
    }[outcome.status]
    # The cause first: the action's answer is only its consequence.
    reasons = [outcome.cause, *outcome.reason.splitlines()] if outcome.cause else outcome.reason.splitlines()
    first, *rest = reasons or [""]
    yield f"{verdict}, in {seconds:.1f} s{': ' * bool(first)}{first}"
    yield from (f"  {line}" for line in rest)
