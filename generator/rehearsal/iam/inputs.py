"""What one decision is made from: the policies and condition keys as they were when the question was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from generator.rehearsal.iam.policies import Policies, PrincipalPolicies, ResourcePolicy
from generator.rehearsal.iam.question import Place, Value


@dataclass(frozen=True, slots=True)
class Inputs:
    """The policies of the principal and of the resource, and the condition keys."""

    principal: PrincipalPolicies
    resource: ResourcePolicy | None
    context: Mapping[str, Value | None]

    def without(self, place: Place) -> Inputs:
        """The same with one statement left out."""
        principal = replace(
            self.principal,
            policies=_without(self.principal.policies, place),
            boundary=None if self.principal.boundary is None else _without(self.principal.boundary, place),
            session=None if self.principal.session is None else _without(self.principal.session, place),
        )
        resource = self.resource and replace(self.resource, policies=_without(self.resource.policies, place))
        return replace(self, principal=principal, resource=resource)


def _without(policies: Policies, place: Place) -> Policies:
    return tuple(policy.without(place) for policy in policies)
