"""Deploy in one action: CloudFormation creates or updates the stack, and a failed action can be retried."""

from __future__ import annotations

from generator.model.action import Action
from generator.model.deployment import Deployment, waves
from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.stages._composition import Rollout, compose
from generator.stages.actions.cloudformation import cloudformation

SUMMARY = "create or update the stack in one action, which can be retried"


def plan(stage: Stage, delivery: Delivery) -> tuple[PlannedStage, ...]:
    """Approve if asked, deploy, test. The changes are not known before; the approver reads the commit and the tests."""
    steps = tuple(tuple(deploy(stage, each, delivery) for each in wave) for wave in waves(stage.deployments))
    return compose(stage, delivery, Rollout(steps, "FAILED_ACTIONS"))


def deploy(stage: Stage, deployment: Deployment, delivery: Delivery) -> Action:
    """The action that creates or updates a deployment's stack."""
    return cloudformation(
        f"Deploy{deployment.suffix}",
        "CREATE_UPDATE",
        deployment,
        template=delivery.packaged(stage, deployment),
        configuration=delivery.configuration(stage, deployment),
        parameters=deployment.parameters,
        namespace=deployment.namespace,
    )
