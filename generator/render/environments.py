"""What the stack of an environment in another account holds: the roles that the pipeline has there."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.environment import ACTION_ROLE, PIPELINE_ACCOUNT, READ_ROLE, Environment
from generator.model.pipeline import Pipeline
from generator.model.template import Output, Parameter, Resource
from generator.pipelines import environment as environments
from generator.render import blocks, deploy_roles

_SAYS = {
    ACTION_ROLE: "What the pipeline does here, it does with this role.",
    READ_ROLE: "What the pipeline reads here, it reads with this role.",
}


def parameters() -> Iterator[Parameter]:
    """Whose pipeline it is for."""
    yield Parameter(
        PIPELINE_ACCOUNT,
        None,
        "Pipeline",
        "The account of the pipeline, whose roles may assume those of this stack.",
        pattern="[0-9]{12}",
        constraint="Twelve digits.",
    )


def resources(pipeline: Pipeline, environment: Environment) -> tuple[Resource, ...]:
    """The roles that the pipeline assumes, and those that CloudFormation deploys with."""
    more = (environments.read_key("ReadCodeKey"),)
    here = (rights for rights in pipeline.deploy_rights if rights.environment == environment.word)
    return (
        *blocks.resources(environments.roles(pipeline, environment)),
        *(resource for rights in here for resource in deploy_roles.resources(rights, more)),
    )


def outputs(pipeline: Pipeline, environment: Environment) -> Iterator[Output]:
    """The ARNs of what the pipeline assumes."""
    for role in environments.roles(pipeline, environment):
        yield Output(role.logical_id, role.arn, _SAYS[role.logical_id])
