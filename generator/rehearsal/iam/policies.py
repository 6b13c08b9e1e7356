"""What a question is judged by: the policies a principal holds, and a resource's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from generator.rehearsal.iam.policy import Policy
from generator.rehearsal.iam.principals import Names
from generator.rehearsal.iam.question import NOTHING, Place, Question, Value

Policies = tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Holdings:
    """A principal's policies and condition keys.

    `boundary` and `session` are None when there is none; an empty one allows nothing. `keys` are the request's
    keys that belong to the principal ("aws:PrincipalTag/stack"). The account's root holds `everything`.
    """

    names: Names
    policies: Policies = ()
    boundary: Policies | None = None
    session: Policies | None = None
    keys: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A resource's own policy. `owner` is its account.

    `required`: even the owner's principals need an Allow in it, as with KMS keys and the trust policy of a role.
    """

    policies: Policies
    owner: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything one answer rests on, as it was when the question was asked."""

    holdings: Holdings
    own: Own | None
    context: Mapping[str, Value]

    def without(self, place: Place) -> Grounds:
        """The same with one statement left out."""
        holdings = replace(
            self.holdings,
            policies=_less(self.holdings.policies, place),
            boundary=None if self.holdings.boundary is None else _less(self.holdings.boundary, place),
            session=None if self.holdings.session is None else _less(self.holdings.session, place),
        )
        own = None if self.own is None else replace(self.own, policies=_less(self.own.policies, place))
        return replace(self, holdings=holdings, own=own)


def _less(policies: Policies, place: Place) -> Policies:
    return tuple(policy.without(place) for policy in policies)


class Directory(Protocol):
    """Where principals and resources are known."""

    def holdings(self, principal: str) -> Holdings:
        """What a principal holds; a service, or one that is not there, holds nothing."""

    def own(self, question: Question) -> Own | None:
        """The policy of the question's resource, where it has one."""

    def keys(self, question: Question) -> Mapping[str, Value]:
        """Condition keys of the resource that the question does not carry ("aws:ResourceTag/stack")."""
