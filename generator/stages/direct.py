"""Deploy in one action: CloudFormation creates or updates the stack, and a failed action can be retried."""

from __future__ import annotations

from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.stages._composition import Rollout, compose
from generator.stages.actions.cloudformation import cloudformation

SUMMARY = "create or update the stack in one action, which can be retried"


def plan(stage: Stage, delivery: Delivery) -> tuple[PlannedStage, ...]:
    """Approve if asked, deploy, test. The changes are not known before; the approver reads the commit and the tests."""
    deploy = cloudformation(
        "Deploy",
        "CREATE_UPDATE",
        stage.deployment,
        template=delivery.app.packaged_for(stage),
        parameters=stage.parameters,
        namespace=f"{stage.logical_id}Deploy",
    )
    return compose(stage, delivery, Rollout((deploy,), "FAILED_ACTIONS"))
