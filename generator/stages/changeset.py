"""Deploy through a change set: it exists before the approval, so that the approver sees what will change."""

from __future__ import annotations

from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.stages._composition import Rollout, compose
from generator.stages.actions.cloudformation import cloudformation

SUMMARY = "make a change set, show it to the approver if there is one, execute it"

# Named after the execution, since executing one deletes the stack's others.
_NAME = "${ServiceName}-#{codepipeline.PipelineExecutionId}"


def plan(stage: Stage, delivery: Delivery) -> tuple[PlannedStage, ...]:
    """Make the change set, describe it, ask, execute it, test."""
    make = cloudformation(
        "CreateChangeSet",
        "CHANGE_SET_REPLACE",
        stage.deployment,
        template=delivery.app.packaged_for(stage),
        parameters=stage.parameters,
        change_set=_NAME,
    )
    execute = cloudformation(
        "ExecuteChangeSet",
        "CHANGE_SET_EXECUTE",
        stage.deployment,
        change_set=_NAME,
        namespace=f"{stage.logical_id}Deploy",
    )
    # An executed change set cannot be executed again: to try again is to make another one.
    return compose(stage, delivery, Rollout((execute,), "ALL_ACTIONS", prepare=(make,), change_set=_NAME))
