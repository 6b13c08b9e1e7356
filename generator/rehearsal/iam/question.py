"""What is asked of IAM, what it answers, and where in a policy the deciding statement stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = str | tuple[str, ...]
NOTHING: Mapping[str, Value | None] = MappingProxyType({})

CLOUDFORMATION = "cloudformation.amazonaws.com"
"""Who asks on behalf of the role that a stack is changed with."""

IDENTITY = "identity-based policy"
RESOURCE = "resource-based policy"
BOUNDARY = "permissions boundary"
SESSION = "session policy"

FUNCTION_LOG = "Lambda's log of the function"
"""Behind a question whose refusal loses a function's log and nothing else."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a principal may do something.

    `principal` is the ARN of a user, a role, a role session or an account's root, or the name of a service
    ("events.amazonaws.com"). `action` has the prefix of its service ("lambda:CreateFunction"); `resource` is an
    ARN, or "*" for an action that takes none. `context` holds condition keys in any case; one without a value, or a
    pattern ("s3:RequestObjectTag/*"), says that AWS does not send it. `behind` names the call or service that asks on
    the principal's behalf; empty when the principal calls directly.
    """

    principal: str
    action: str
    resource: str = "*"
    context: Mapping[str, Value | None] = field(default_factory=lambda: NOTHING)
    behind: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One statement: the ARN of the role, user or resource that holds the policy, its name, the index from 0."""

    holder: str
    policy: str
    statement: int
    sid: str = ""

    def __str__(self) -> str:
        """Policy, then Sid, or the number of a statement without one."""
        return f"{self.policy}/{self.sid or f'statement {self.statement + 1}'}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, and why.

    `decided_by` are the statements that allowed it, or the ones that denied it; empty when no statement allows.
    `why` says it in words, a refusal in AWS's. For a refusal, `policy_type` is the kind of policy that decided
    ("identity-based policy"), and `nearly` names the failing condition of each statement that otherwise fits.
    `unknown` names what of policies could not be judged (operators, keys that AWS may send, variables without a
    value). `undecided`: the answer hangs on it. It is then a yes, so that the rehearsal goes on, and cannot be green.
    """

    allowed: bool
    decided_by: tuple[Place, ...] = ()
    why: str = ""
    policy_type: str = ""
    nearly: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    undecided: bool = False

    @property
    def explicit(self) -> bool:
        """Whether a Deny refused it, which no further Allow undoes."""
        return not self.allowed and bool(self.decided_by)
