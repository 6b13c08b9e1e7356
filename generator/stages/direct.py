"""Deploy in one action: CloudFormation creates or updates the stack, and a failed action can be retried."""

from __future__ import annotations

from generator import actions
from generator.model import Action, Delivery, PlannedStage, Stage, Statement

SUMMARY = "create or update the stack in one action, which can be retried"


def plan(stage: Stage, delivery: Delivery) -> PlannedStage:
    """Approve if asked, deploy, test. The changes are not known before; the approver reads the commit and the tests."""
    asked: tuple[Action, ...] = ()
    if stage.approval:
        asked = (
            actions.describe(stage, delivery, run_order=1),
            actions.approve(stage, stage.approval, delivery, run_order=2),
        )
    deploy = actions.cloudformation(
        "Deploy",
        "CREATE_UPDATE",
        stage.stack,
        run_order=len(asked) + 1,
        parameters=stage.parameters,
        namespace=f"{stage.logical_id}Deploy",
    )
    return PlannedStage(
        stage.name,
        (*asked, deploy, *actions.test(stage, delivery, run_order=len(asked) + 2)),
        (
            Statement("DeployStacks", actions.DEPLOY, (actions.stack_arn(stage.stack),)),
            *actions.approval_statements(stage),
        ),
    )
