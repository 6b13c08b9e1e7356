"""Roles and connections that a call hands to a service: iam:PassRole, and PassConnection.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
https://docs.aws.amazon.com/dtconsole/latest/userguide/security_iam_service-with-iam.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.rehearsal.emulator.ministack.iam import Call
from generator.rehearsal.emulator.request_members import inside, members_of
from generator.rehearsal.iam.question import Question

_STACKS = ("CreateStack", "UpdateStack", "DeleteStack", "CreateChangeSet", "RollbackStack", "ContinueUpdateRollback")

ROLES: Mapping[str, tuple[str, str]] = {
    **{f"cloudformation:{name}": ("RoleARN", "cloudformation.amazonaws.com") for name in _STACKS},
    "codebuild:CreateProject": ("serviceRole", "codebuild.amazonaws.com"),
    "codebuild:UpdateProject": ("serviceRole", "codebuild.amazonaws.com"),
    "codepipeline:CreatePipeline": ("pipeline.roleArn", "codepipeline.amazonaws.com"),
    "codepipeline:UpdatePipeline": ("pipeline.roleArn", "codepipeline.amazonaws.com"),
    "events:PutRule": ("RoleArn", "events.amazonaws.com"),
    "events:PutTargets": ("Targets[].RoleArn", "events.amazonaws.com"),
    "lambda:CreateFunction": ("Role", "lambda.amazonaws.com"),
    "lambda:UpdateFunctionConfiguration": ("Role", "lambda.amazonaws.com"),
    "scheduler:CreateSchedule": ("Target.RoleArn", "scheduler.amazonaws.com"),
    "scheduler:UpdateSchedule": ("Target.RoleArn", "scheduler.amazonaws.com"),
    "states:CreateStateMachine": ("roleArn", "states.amazonaws.com"),
    "states:UpdateStateMachine": ("roleArn", "states.amazonaws.com"),
}
"""Action -> where in its request the role stands, and the service it is passed to."""

_OF_ACTIONS = "pipeline.stages[].actions[].roleArn"
_CONNECTIONS = "pipeline.stages[].actions[].configuration.ConnectionArn"
_DECLARING = frozenset({"codepipeline:CreatePipeline", "codepipeline:UpdatePipeline"})


def passed_roles(call: Call) -> Iterator[Question]:
    """Whether the caller may pass each role that the call names."""
    entry = ROLES.get(call.action)
    if entry is None:
        return
    path, service = entry
    for role in dict.fromkeys(inside(members_of(call), path)):
        yield passing(call.principal, role, service, behind=call.action)


def passed_by_actions(call: Call) -> Iterator[Question]:
    """Whether the caller may pass the roles that actions of the pipeline it declares have of their own.

    Roles are passed within an account only: one of another account is merely assumed, as the pipeline's role.
    https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
    """
    if call.action not in _DECLARING:
        return
    account = call.principal.split(":")[4]
    for role in dict.fromkeys(inside(members_of(call), _OF_ACTIONS)):
        if [*role.split(":"), "", "", "", "", ""][4] == account:
            yield passing(call.principal, role, "codepipeline.amazonaws.com", behind=call.action)


def passing(principal: str, role: str, service: str, *, behind: str) -> Question:
    """The question whether somebody may pass a role to a service."""
    return Question(principal, "iam:PassRole", role, {"iam:PassedToService": service}, behind)


def passed_connections(call: Call) -> Iterator[Question]:
    """Whether the caller may pass each connection that the call names."""
    if call.action not in _DECLARING:
        return
    for connection in dict.fromkeys(inside(members_of(call), _CONNECTIONS)):
        service = connection.split(":")[2]
        context = {f"{service}:PassedToService": "codepipeline.amazonaws.com"}
        yield Question(call.principal, f"{service}:PassConnection", connection, context, call.action)
