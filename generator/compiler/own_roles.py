"""The names of the roles and policies that a pipeline's stack makes, which no deploy role may ever change."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.action import Action
from generator.model.block import reached
from generator.model.build import Project
from generator.model.deployment import DEPLOY_ROLE
from generator.model.environment import ACTION_ROLE, READ_ROLE, named_role, role_arn
from generator.model.iam import ManagedPolicy, Role, Statement
from generator.model.pipeline import Pipeline
from generator.permissions.deploy_role import guarding, guarding_named, never_of
from generator.pipelines import delivery, pipelines

_POLICY = "AWS::IAM::ManagedPolicy"
_ROLE = "AWS::IAM::Role"
_HERE = "${AWS::AccountId}"
_IN_ENVIRONMENTS = (
    role_arn(_HERE, named_role(DEPLOY_ROLE, "*")),
    tuple(role_arn(_HERE, named_role(kind, "*")) for kind in (ACTION_ROLE, READ_ROLE)),
)


def guarded(pipeline: Pipeline) -> Pipeline:
    """The planned pipeline, whose deploy roles and commands that deploy may change nothing of it: all its roles and
    policies are known now.
    """
    roles, policies = tuple(_roles(pipeline)), tuple(_policies(pipeline))
    return pipeline._replace(
        deploy_rights=tuple(
            rights._replace(
                statements=guarding_named(rights.statements, *_IN_ENVIRONMENTS)
                if rights.environment
                else guarding(rights.statements, roles, policies)
            )
            for rights in pipeline.deploy_rights
        ),
        plan=tuple(
            stage._replace(actions=tuple(_held_back(action, never_of(roles, policies)) for action in stage.actions))
            for stage in pipeline.plan
        ),
    )


def _held_back(action: Action, never: tuple[Statement, ...]) -> Action:
    """An action whose project, if it deploys, may do none of this."""
    if action.purpose != "deploy":
        return action
    return action._replace(
        blocks=tuple(_denied(each, never) if isinstance(each, Project) else each for each in action.blocks)
    )


def _denied(project: Project, never: tuple[Statement, ...]) -> Project:
    return project._replace(role=project.role._replace(statements=(*project.role.statements, *never)))


def _roles(pipeline: Pipeline) -> Iterator[str]:
    yield from (codepipeline.role.logical_id for codepipeline in pipelines(pipeline))
    yield from (role.logical_id for rights in pipeline.deploy_rights for role in rights.roles if not role.name)
    yield from _logical_ids(pipeline, Role)
    yield from (resource.logical_id for resource in pipeline.channels if resource.type == _ROLE)


def _policies(pipeline: Pipeline) -> Iterator[str]:
    yield from (rights.policy for rights in pipeline.deploy_rights)
    yield from _logical_ids(pipeline, ManagedPolicy)
    yield from (resource.logical_id for resource in pipeline.channels if resource.type == _POLICY)


def _logical_ids(pipeline: Pipeline, kind: type[Role | ManagedPolicy]) -> Iterator[str]:
    """Of all blocks of a kind that the actions and the triggers of the pipelines hold."""
    actions = (
        action for codepipeline in pipelines(pipeline) for stage in codepipeline.stages for action in stage.actions
    )
    blocks = [*delivery.starters(pipeline), *(block for action in actions for block in action.blocks)]
    yield from (block.logical_id for block in reached(blocks) if isinstance(block, kind))
