"""Deploy through a change set: it exists before the approval, so that the approver sees what will change."""

from __future__ import annotations

from generator import actions
from generator.model import Action, Delivery, PlannedStage, Stage, Statement

SUMMARY = "make a change set, show it to the approver if there is one, execute it"

# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
_CHANGE = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
)
# Named after the execution, since executing one deletes the stack's others.
_NAME = "${ServiceName}-#{codepipeline.PipelineExecutionId}"


def plan(stage: Stage, delivery: Delivery) -> PlannedStage:
    """Make the change set, describe it, ask, execute it, test."""
    asked: tuple[Action, ...] = ()
    if stage.approval:
        asked = (
            actions.describe(stage, delivery, run_order=2, change_set=_NAME),
            actions.approve(stage, stage.approval, delivery, run_order=3),
        )
    make = actions.cloudformation(
        "CreateChangeSet",
        "CHANGE_SET_REPLACE",
        stage.stack,
        run_order=1,
        parameters=stage.parameters,
        change_set=_NAME,
    )
    execute = actions.cloudformation(
        "ExecuteChangeSet",
        "CHANGE_SET_EXECUTE",
        stage.stack,
        run_order=len(asked) + 2,
        change_set=_NAME,
        namespace=f"{stage.logical_id}Deploy",
    )
    return PlannedStage(
        stage.name,
        (make, *asked, execute, *actions.test(stage, delivery, run_order=len(asked) + 3)),
        (
            Statement("ChangeStacks", _CHANGE, (actions.stack_arn(stage.stack),)),
            *actions.approval_statements(stage),
        ),
    )
