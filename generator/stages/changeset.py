"""Deploy through a change set: it exists before the approval, so that the approver sees what will change."""

from __future__ import annotations

from generator.model.iam import Statement
from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.stages import actions
from generator.stages._composition import Deployment, compose

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


def plan(stage: Stage, delivery: Delivery) -> tuple[PlannedStage, ...]:
    """Make the change set, describe it, ask, execute it, test."""
    make = actions.cloudformation(
        "CreateChangeSet",
        "CHANGE_SET_REPLACE",
        stage.stack,
        stage.role,
        parameters=stage.parameters,
        change_set=_NAME,
    )
    execute = actions.cloudformation(
        "ExecuteChangeSet",
        "CHANGE_SET_EXECUTE",
        stage.stack,
        stage.role,
        change_set=_NAME,
        namespace=f"{stage.logical_id}Deploy",
    )
    rights = Statement("ChangeStacks", _CHANGE, (actions.stack_arn(stage.stack),))
    # An executed change set cannot be executed again: to try again is to make another one.
    deployment = Deployment((execute,), (rights,), "ALL_ACTIONS", prepare=(make,), change_set=_NAME)
    return compose(stage, delivery, deployment)
