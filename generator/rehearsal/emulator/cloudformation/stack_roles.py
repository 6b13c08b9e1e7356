"""The role of a stack: whether CloudFormation can assume it, and that it stays with the stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (RoleARN)
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.rehearsal.emulator.authorizer import Authorizer
from generator.rehearsal.emulator.cloudformation.create_only import CONDITIONALLY, CREATE_ONLY
from generator.rehearsal.emulator.cloudformation.stack_permissions import (
    SESSION,
    StackPermissions,
    here_for,
    principal,
    refusal_of,
)
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack import (
    cloudformation,
    cloudformation_resources,
    cloudformation_types,
    context,
    iam,
)
from generator.rehearsal.emulator.ministack.app import Answer
from generator.rehearsal.emulator.ministack.cloudformation import Request
from generator.rehearsal.emulator.role_trust import RoleTrust
from generator.rehearsal.iam.cloudformation_calls import templates
from generator.rehearsal.iam.cloudformation_calls.questions import Needed
from generator.rehearsal.iam.question import CLOUDFORMATION, Question

_REFUSED = 400
# What works on a stack's resources, under its role when it has one.
_WORKING = frozenset(
    {
        "ContinueUpdateRollback",
        "CreateChangeSet",
        "CreateStack",
        "DeleteStack",
        "ExecuteChangeSet",
        "RollbackStack",
        "UpdateStack",
    }
)
# What reads a template, and so its transforms and parameters.
_READING = frozenset({"CreateChangeSet", "CreateStack", "UpdateStack"})


def install(authorizer: Authorizer, role_trust: RoleTrust, ledger: Ledger) -> None:
    """Let CloudFormation ask `judging` for everything it calls, and replace resources when AWS does."""
    cloudformation_types.replace_when(CREATE_ONLY, CONDITIONALLY)
    cloudformation_resources.judge_resources(StackPermissions(authorizer, ledger))
    cloudformation.around_operations(StackRoles(authorizer, role_trust).answer)


def may_read(authorizer: Authorizer) -> Callable[[str, str], bool]:
    """Asks whether an object of another account's may be read for whoever a stack, or the call at hand, works for.

    https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html (a bucket of another account)
    """

    def allowed(bucket: str, key: str) -> bool:
        who = principal.get() or iam.caller_arn() or f"arn:aws:iam::{context.account()}:root"
        return authorizer.ask(
            Question(who, "s3:GetObject", f"arn:aws:s3:::{bucket}/{key}", behind=CLOUDFORMATION)
        ).allowed

    return allowed


class StackRoles:
    """Stands before CloudFormation's operations."""

    def __init__(self, authorizer: Authorizer, role_trust: RoleTrust) -> None:
        self._authorizer = authorizer
        self._role_trust = role_trust

    def answer(self, inner: Callable[[Request], Answer], request: Request) -> Answer:
        """The answer of one operation, which works for the stack's role, or else for the caller."""
        if request.operation == "DescribeStacks":
            return cloudformation.with_roles(inner(request))
        if request.operation not in _WORKING:
            return inner(request)
        role = _role(request)
        caller = iam.caller_arn() or ""
        refused = self._refused(request, role, caller)
        if refused is not None:
            return refused
        token = principal.set(_session(role) if role else caller)
        try:
            answer = inner(request)
        finally:
            principal.reset(token)
        if role and answer[0] < _REFUSED:
            _remember(request, role)
        return answer

    def _refused(self, request: Request, role: str, caller: str) -> Answer | None:
        """Why the operation does not even begin."""
        if role and not self._role_trust.trusts(role, CLOUDFORMATION):
            message = f"Role {role} is invalid or cannot be assumed"
            return cloudformation.refusal("ValidationError", message, 400)
        for who, need in self._needs(request, role, caller):
            refused = refusal_of(self._authorizer, who, need) if who else ""
            if refused:
                return cloudformation.refusal("AccessDenied", refused, 403)
        return None

    def _needs(self, request: Request, role: str, caller: str) -> Iterator[tuple[str, Needed]]:
        """What the template needs of whom; passing the role is asked with the call itself."""
        template = request.template() if request.operation in _READING else None
        if template is None:
            return
        here = here_for(request.field("StackName"))
        for need in templates.transforms(template, here):
            yield caller, need
            yield (_session(role) if role else "", need)
        for need in templates.applications(template):
            yield (_session(role) if role else caller, need)
        for need in templates.parameters(template, request.parameters(), here):
            yield (_session(role) if role else caller, need)


def _role(request: Request) -> str:
    """The role an operation works under: its own, else the change set's, else the stack's."""
    arn = request.field("RoleARN")
    if not arn and request.operation == "ExecuteChangeSet":
        arn = str((request.change_set() or {}).get("RoleARN", ""))
    return arn or str((request.stack() or {}).get("RoleARN", ""))


def _session(role: str) -> str:
    """The session CloudFormation's calls appear under."""
    account, name = role.split(":")[4], role.rpartition("/")[2]
    partition = role.split(":")[1]
    return f"arn:{partition}:sts::{account}:assumed-role/{name}/{SESSION}"


def _remember(request: Request, role: str) -> None:
    """A change set's role becomes the stack's when it is executed."""
    record = request.change_set() if request.operation == "CreateChangeSet" else request.stack()
    if record is not None:
        record["RoleARN"] = role
