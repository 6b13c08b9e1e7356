"""The scenario that asks for every right of a pipeline: four commits, each with an end of its own, and clearing up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.driver import variations
from generator.rehearsal.driver.launch import Stack, settled
from generator.rehearsal.driver.lost import losing_the_emulator
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.permissions import account_of, roles_of, statements, types_of
from generator.rehearsal.driver.rehearsal import Rehearsal
from generator.rehearsal.driver.source import Source
from generator.rehearsal.driver.steps import Hear, PermissionsShown, Remarked
from generator.rehearsal.driver.variations import UnchangeableError
from generator.rehearsal.driver.waits import Waits
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Client

_NOTE = "penstock-rehearsal.txt"


@dataclass(frozen=True, slots=True)
class Parts:
    """Where a project's templates stand below the root of its repository: its services', and the tests' or nothing.

    `of_build` are those that the build makes: nothing here changes them.
    """

    apps: tuple[str, ...]
    tests: str
    of_build: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One commit after the first: what it does, in words, the files that do it, and how its execution has to end."""

    description: str
    files: Callable[[Source, Parts], Mapping[str, str]]
    status: str
    rolls_back: bool = False


class Scenario:
    """Takes one application through everything, in the rehearsal's copy of its repository."""

    def __init__(self, emulator: Emulator, hear: Hear, rehearsal: Rehearsal) -> None:
        self._emulator = emulator
        self._hear = hear
        self._rehearsal = rehearsal
        self._accounts: set[str | None] = {None}
        self._undone: list[str] = []
        self._wrong: list[str] = []

    @losing_the_emulator()
    def run(self, stack: str, template: str, source: Source, parts: Parts, elsewhere: Sequence[Stack] = ()) -> Outcome:
        """The commit itself, then changed ones; which permissions were needed is shown as the last step.

        `elsewhere` are the stacks that are launched before, in other accounts.

        Green when every commit came to the end it was made for. Where the commit itself is not green nothing
        follows. Raises what `Rehearsal.run` raises.
        """
        self._accounts |= {each.account for each in elsewhere}
        before = {stack_summary["StackId"] for stack_summary in self._stacks()}
        outcome = self._rehearsal.run(stack, template, source, elsewhere)
        if outcome.status != "Succeeded":
            self._hear(Remarked("the permissions are only shown for a commit that is green"))
            return outcome
        self._undone += [f"{path} was not changed: the build makes the template" for path in parts.of_build]
        outcomes = [outcome, *self._played(source, parts)]
        launched = [
            stack_summary
            for stack_summary in self._stacks()
            if stack_summary["StackId"] not in before
            and stack_summary["StackName"] not in {stack, *(each.name for each in elsewhere)}
        ]
        roles, types = (
            roles_of(self._emulator, stack, elsewhere),
            types_of(self._emulator, [stack_summary["StackId"] for stack_summary in launched]),
        )
        self._clear(launched)
        self._hear(PermissionsShown(statements(self._emulator, roles, types), tuple(self._undone)))
        return self._sum(outcomes)

    def _played(self, source: Source, parts: Parts) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for act in ACTS:
            try:
                files = act.files(source, parts)
            except UnchangeableError as reason:
                self._undone.append(f"no commit that {act.description}: {reason}")
                continue
            self._hear(Remarked(f"now a commit that {act.description}"))
            # Each follows the one before, so that every push goes forward.
            source = source.changed(files, f"The rehearsal: a commit that {act.description}")
            outcomes.append(self._rehearsal.again(source))
            self._judge(act, outcomes[-1])
        return outcomes

    def _judge(self, act: Act, outcome: Outcome) -> None:
        where = "/".join(filter(None, (outcome.stage, outcome.action)))
        if outcome.status != act.status:
            ending = f"{outcome.status}{' at ' * bool(where)}{where}: {outcome.reason}".rstrip(": ")
            self._wrong.append(f"the commit that {act.description} is {ending}")
        elif act.rolls_back and not outcome_rolled_back(outcome):
            self._wrong.append(
                f"the commit that {act.description} failed at {where} for another reason: {outcome.reason}"
            )

    def _stacks(self) -> list[Mapping[str, Any]]:
        clients = [self._emulator.client("cloudformation", account=account) for account in self._accounts]
        pages = [page for client in clients for page in client.get_paginator("describe_stacks").paginate()]
        return [stack for page in pages for stack in page["Stacks"]]

    def _clear(self, stacks: list[Mapping[str, Any]]) -> None:
        """Delete stacks, the newest first, under the roles they were made with; nested ones go with their parents."""
        self._hear(Remarked("now the stacks are deleted"))
        for stack in sorted(stacks, key=lambda candidate: str(candidate["CreationTime"]), reverse=True):
            if "ParentId" not in stack:
                self._cloudformation(stack["StackId"]).delete_stack(StackName=stack["StackId"])
                self._gone(stack["StackId"], stack["StackName"])

    def _cloudformation(self, stack: str) -> Client:
        return self._emulator.client("cloudformation", account=account_of(stack))

    def _gone(self, identity: str, name: str) -> None:
        waits = Waits(
            partial(self._emulator.client, account=account_of(identity)), lambda words: self._hear(Remarked(words))
        )
        try:
            status, reason = settled(self._cloudformation(identity), identity, lambda: waits.of_stack(identity))
        except ClientError:
            return
        if status != "DELETE_COMPLETE":
            self._undone.append(f"stack {name} was not deleted: {reason or 'no reason given'}")

    def _sum(self, outcomes: list[Outcome]) -> Outcome:
        """The first one's, with what was refused on the way of any; red when one came to another end."""
        first = outcomes[0]
        whole = replace(
            first,
            denials=tuple(denial for outcome in outcomes for denial in outcome.denials),
            attempts=tuple(attempt for outcome in outcomes for attempt in outcome.attempts),
            unchecked=outcomes[-1].unchecked,
        )
        return replace(whole, status="Failed", reason="\n".join(self._wrong)) if self._wrong else whole


def outcome_rolled_back(outcome: Outcome) -> bool:
    """Whether a stack's update failed and all of it was taken back."""
    return "UPDATE_ROLLBACK_COMPLETE" in outcome.reason


def _changes(source: Source, parts: Parts) -> dict[str, str]:
    changed: dict[str, str] = {}
    reasons: list[str] = []
    for path in filter(None, (*parts.apps, parts.tests)):
        text = source.read(path)
        try:
            changed[path] = variations.changed(text)
        except UnchangeableError as reason:
            reasons.append(f"{path}: {reason}")
            continue
        changed |= {f"{folder}/{_NOTE}": "changed\n" for folder in variations.code_folders(text, path)}
    if not changed:
        raise UnchangeableError("; ".join(reasons) or "the application has no template")
    return changed


def _fails(source: Source, parts: Parts) -> dict[str, str]:
    if not parts.apps:
        raise UnchangeableError("the application has no template in the repository")
    # The last one may wait for the others, which then have been updated.
    last = parts.apps[-1]
    return {last: variations.failing(source.read(last)), **_own(source, parts.tests)}


def _breaks(source: Source, parts: Parts) -> dict[str, str]:
    if not parts.tests:
        raise UnchangeableError("the tests have no stack of their own")
    return {parts.tests: variations.broken(source.read(parts.tests)), **_own(source, *parts.apps)}


def _own(source: Source, *paths: str) -> dict[str, str]:
    """Templates as the user has them: what was changed before is changed back."""
    return {path: source.read(path) for path in paths if path}


ACTS = (
    Act("changes tags, descriptions and code", _changes, "Succeeded"),
    Act("makes the update of a stack fail and roll back", _fails, "Failed", rolls_back=True),
    Act("makes the tests fail", _breaks, "Failed"),
)
