"""The roles that CloudFormation deploys stacks with: one a stack, and the policies they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.model import text
from generator.model.iam import DEPLOY_ROLE_TAGS, DeployRights, Role, Statement
from generator.model.template import Resource
from generator.model.text import lowered
from generator.render.policies import managed, role

_POLICIES = (
    "What CloudFormation may do when it deploys: each role with the stack that its tag `stack` names, and with buckets "
    "that begin with its tag `bucket`, the same name in lower case. Roles and policies stay when this stack is gone: "
    "a stack whose role is gone can be neither updated nor deleted."
)
_MORE = "More of what it may do, since IAM limits a policy's length."


def resources(rights: DeployRights, more: Sequence[Statement]) -> Iterator[Resource]:
    """The shared policies, with `more` that the rest of the template adds, and the roles."""
    statements = (*rights.statements, *more)
    policies = tuple(managed(rights.policy, statements, (_POLICIES, _MORE), keep=True))
    attached = tuple(text.reference(policy.logical_id) for policy in policies)
    for deploy_role in rights.roles:
        # Names of buckets are lower-case, and no policy can say so of a variable.
        tags = dict(zip(DEPLOY_ROLE_TAGS, (lowered(deploy_role.stack), deploy_role.stack), strict=True))
        own = " What it may do itself is for names that the application gives." if deploy_role.statements else ""
        name = deploy_role.stack.replace("${ServiceName}", "<service>")
        comment = f"CloudFormation deploys {name} with this role; its tags tell its policies what it may touch.{own}"
        yield from role(
            Role(
                deploy_role.logical_id,
                "cloudformation",
                deploy_role.statements,
                comment,
                policies=attached,
                tags=tags,
                keep=True,
                name=deploy_role.name,
            )
        )
    yield from policies
