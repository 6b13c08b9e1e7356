"""A deploy role's policies as our own evaluator judges them: the pipeline of a service, launched."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from generator.model.iam import Statement
from generator.model.policy import document
from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.policies import PrincipalPolicies, ResourcePolicy
from generator.rehearsal.iam.policy import read
from generator.rehearsal.iam.principals import Names
from generator.rehearsal.iam.question import Question
from generator.render.intrinsics import intrinsic
from tests.properties.templates import resolve

ACCOUNT, REGION, STACK = "111122223333", "eu-west-1", "shop-Beta"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/shop-pipeline-BetaDeployRole-1"


class Role:
    """The deploy role of STACK, with these statements."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._statements = tuple(statements)
        self._authority = Authority(self)

    def allows(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> bool:
        answer = self._authority.ask(Question(ROLE, action, resource, context or {}))
        return answer.allowed and not answer.undecided

    @functools.cached_property
    def _holdings(self) -> PrincipalPolicies:
        written = resolve(intrinsic(document(self._statements)), {"Resources": {}, "Parameters": {}})
        policy = read(written, ROLE, "DeployPolicy")
        tags: dict[str, Any] = {"aws:PrincipalTag/stack": STACK, "aws:PrincipalTag/bucket": STACK.lower()}
        return PrincipalPolicies(Names(ROLE, ROLE, ACCOUNT), (policy,), keys=tags)

    def policies_of(self, _principal: str) -> PrincipalPolicies:
        return self._holdings

    def resource_policy(self, _question: Question) -> ResourcePolicy | None:
        return None

    def keys(self, _question: Question) -> Mapping[str, str]:
        return {}
