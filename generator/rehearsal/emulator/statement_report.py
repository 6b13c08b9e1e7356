"""What rests on the statements that roles hold, as the report of permissions gets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.rehearsal.emulator.directory import EmulatorDirectory
from generator.rehearsal.emulator.ministack import context
from generator.rehearsal.emulator.role_trust import ASSUME
from generator.rehearsal.emulator.settings import Settings
from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.cloudformation_calls.types import actions_of
from generator.rehearsal.iam.needed_statements import StatementUse
from generator.rehearsal.iam.policy import Policy, Statement
from generator.rehearsal.iam.question import Question

Message = dict[str, Any]


class StatementReport:
    """Looks back at everything the judge was asked."""

    def __init__(self, authority: Authority, directory: EmulatorDirectory, settings: Settings) -> None:
        self._authority = authority
        self._directory = directory
        self._settings = settings

    def answer(self, request: Message) -> Message:
        """Of {"roles": [ARN], "resources": [ARN], "types": [resource type]}: {"statements": [...]}, as `_use_shape`.

        Roles are of any account; of resources (buckets, keys) it is the policy of their own.
        """
        with context.acting_for(self._settings.account, self._settings.region):
            held = [policy for role in request["roles"] for policy in self._held(role)]
            held += [policy for resource in request.get("resources", ()) for policy in self._own(resource)]
        called = frozenset(action for name in request["types"] for action in actions_of(name))
        uses = self._authority.uses(held)
        return {"statements": [_use_shape(use, called) for use in uses]}

    def _held(self, role: str) -> Iterator[Policy]:
        """The trust policy of a role, its other policies, and its boundary."""
        trust = self._directory.resource_policy(Question("", ASSUME, role))
        yield from trust.policies if trust else ()
        principal = self._directory.policies_of(role)
        yield from principal.policies
        yield from principal.boundary or ()

    def _own(self, resource: str) -> Iterator[Policy]:
        """The policy that a bucket, or a key, has itself."""
        service = resource.split(":")[2]
        own = self._directory.resource_policy(Question("", f"{service}:", resource))
        yield from own.policies if own else ()


def _use_shape(use: StatementUse, called: Iterable[str]) -> Message:
    """A statement's use as JSON. `concerned`: whether it is about anything that CloudFormation calls for the types."""
    statement, first = use.statement, use.first
    return {
        "policy": statement.place.policy,
        "number": statement.place.statement + 1,
        "sid": statement.place.sid,
        "effect": statement.effect,
        "actions": list(_actions(statement)),
        "resources": list(statement.resources or statement.not_resources or ()),
        "holders": list(use.holders),
        "used": use.used,
        "needed": use.needed,
        "only_logs": use.only_logs,
        "besides": [str(place) for place in use.besides],
        "concerned": any(statement.speaks_of(action) for action in called),
        "first": {
            "principal": first.principal,
            "action": first.action,
            "resource": first.resource,
            "behind": first.behind,
        }
        if first
        else None,
    }


def _actions(statement: Statement) -> tuple[str, ...]:
    if statement.actions is not None:
        return statement.actions
    return tuple(f"all but {action}" for action in statement.not_actions or ())
