"""Whether IAM takes the policies of a pipeline's roles: as many as a role may have attached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.aws_rules import limits
from generator.document import Document
from generator.errors import Problem
from generator.model.block import reached
from generator.model.iam import Role, Statement
from generator.model.pipeline import Pipeline
from generator.model.policy import merge, packed, size
from generator.pipelines import pipelines


def check_policies(pipeline: Pipeline, file: Document) -> Iterator[Problem]:
    """Roles that would need more managed policies than IAM attaches to one."""
    for rights in pipeline.deploy_rights:
        needed = len(packed(merge((*rights.statements, *pipeline.store.read_key("ReadCodeKey")))))
        needed += max((_overflow(role.statements) for role in rights.roles), default=0)
        if needed > limits.MANAGED_POLICIES_OF_A_ROLE:
            hint = "fewer or shorter statements in deploy_role: {extra: [...]}, or patterns of names in their resources"
            yield file.problem(("deploy_role",), _message("a deploy role", needed), hint, at="key")
    for role in _roles(pipeline):
        needed = len(role.policies) + _overflow(role.statements)
        if needed > limits.MANAGED_POLICIES_OF_A_ROLE:
            yield file.problem((), _message(role.logical_id, needed), "give its commands fewer statements and policies")


def _message(role: str, needed: int) -> str:
    return (
        f"{role} would need {needed} managed policies, and IAM attaches {limits.MANAGED_POLICIES_OF_A_ROLE} to a role"
    )


def _roles(pipeline: Pipeline) -> Iterator[Role]:
    for codepipeline in pipelines(pipeline):
        yield codepipeline.role
        actions = (action for stage in codepipeline.stages for action in stage.actions)
        yield from (block for block in reached(b for a in actions for b in a.blocks) if isinstance(block, Role))


def _overflow(own: Sequence[Statement]) -> int:
    """The managed policies of a role's own statements that no inline policy holds."""
    statements = merge(own)
    return 0 if size(statements) <= limits.INLINE_POLICIES_LENGTH else len(packed(statements))
