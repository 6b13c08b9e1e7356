"""The policies that decide a question: those of the principal, and the one of the resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from generator.rehearsal.iam.policy import Policy
from generator.rehearsal.iam.principals import Names
from generator.rehearsal.iam.question import Question, Value

Policies = tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class PrincipalPolicies:
    """A principal's policies and condition keys.

    `boundary` and `session` are None when there is none; an empty one allows nothing. `keys` are the request's
    keys that belong to the principal ("aws:PrincipalTag/stack"). The account's root holds `everything`.
    """

    names: Names
    policies: Policies = ()
    boundary: Policies | None = None
    session: Policies | None = None
    keys: Mapping[str, Value] = field(default_factory=dict)
    everything: bool = False


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """A resource's own policy. `owner` is its account.

    `required`: even the owner's principals need an Allow in it, as with KMS keys and the trust policy of a role.
    """

    policies: Policies
    owner: str
    required: bool = False


class Directory(Protocol):
    """Where principals and resources are known."""

    def policies_of(self, principal: str) -> PrincipalPolicies:
        """What a principal holds; a service, or one that is not there, holds nothing."""

    def resource_policy(self, question: Question) -> ResourcePolicy | None:
        """The policy of the question's resource, an empty one where it has none; None where nothing is known of it."""

    def keys(self, question: Question) -> Mapping[str, Value]:
        """Condition keys of the resource that the question does not carry ("aws:ResourceTag/stack")."""
