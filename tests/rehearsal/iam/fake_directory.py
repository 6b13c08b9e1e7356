"""A directory of principals and resources that a test writes down itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.rehearsal.iam.policies import Policies, PrincipalPolicies, ResourcePolicy
from generator.rehearsal.iam.policy import read
from generator.rehearsal.iam.principals import Names
from generator.rehearsal.iam.question import Question, Value

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run"
USER = f"arn:aws:iam::{ACCOUNT}:user/jo"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
Document = Mapping[str, Any]


def document(*statements: Mapping[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


@dataclass
class FakeDirectory:
    """`inline` by name; a `boundary` or `session` of None is none; `own` is the policy of every resource."""

    inline: Mapping[str, Document] = field(default_factory=dict)
    boundary: Document | None = None
    session: Document | None = None
    own_policy: Document | None = None
    required: bool = False
    owner: str = ACCOUNT
    tags: Mapping[str, str] = field(default_factory=dict)
    resource_keys: Mapping[str, Value] = field(default_factory=dict)

    def policies_of(self, principal: str) -> PrincipalPolicies:
        if not principal.startswith("arn:"):
            return PrincipalPolicies(Names(principal))
        account: dict[str, Value] = (
            {"aws:PrincipalArn": ROLE, "aws:PrincipalAccount": ACCOUNT} if principal == SESSION else {}
        )
        keys: dict[str, Value] = account | {f"aws:PrincipalTag/{key}": value for key, value in self.tags.items()}
        if principal == USER:
            keys["aws:username"] = "jo"
        return PrincipalPolicies(
            names=Names(principal, "" if principal in {USER, ROOT} else ROLE, principal.split(":")[4]),
            policies=tuple(read(policy_document, ROLE, name) for name, policy_document in self.inline.items()),
            boundary=self._limit(self.boundary, "boundary"),
            session=self._limit(self.session, "session"),
            keys=keys,
            everything=principal == ROOT,
        )

    @staticmethod
    def _limit(policy: Document | None, name: str) -> Policies | None:
        return None if policy is None else (read(policy, ROLE, name),)

    def resource_policy(self, question: Question) -> ResourcePolicy | None:
        if self.own_policy is None:
            return None
        return ResourcePolicy((read(self.own_policy, question.resource, "own"),), self.owner, self.required)

    def keys(self, _: Question) -> Mapping[str, Value]:
        return self.resource_keys
