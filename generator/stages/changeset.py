"""Deploy through a change set: it exists before the approval, so that the approver sees what will change."""

from __future__ import annotations

from generator.model.action import Action
from generator.model.deployment import Deployment, waves
from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.stages._composition import Rollout, compose
from generator.stages.actions.cloudformation import cloudformation
from generator.stages.direct import deploy

SUMMARY = "make a change set, show it to the approver if there is one, execute it"

# Named after the execution, since executing one deletes the stack's others.
_NAME = "${ServiceName}-#{codepipeline.PipelineExecutionId}"


def plan(stage: Stage, delivery: Delivery) -> tuple[PlannedStage, ...]:
    """Make the change sets, describe them, ask, execute them, test.

    A service that reads another's outputs has no change set before that one is deployed: it is deployed directly.
    """
    prepare = tuple(_make(stage, each, delivery) for each in stage.deployments if not each.reads)
    steps = tuple(
        tuple(deploy(stage, each, delivery) if each.reads else _execute(each) for each in wave)
        for wave in waves(stage.deployments)
    )
    # An executed change set cannot be executed again: to try again is to make another one.
    return compose(stage, delivery, Rollout(steps, "ALL_ACTIONS", prepare=(prepare,), change_set=_NAME))


def _make(stage: Stage, deployment: Deployment, delivery: Delivery) -> Action:
    return cloudformation(
        f"CreateChangeSet{deployment.suffix}",
        "CHANGE_SET_REPLACE",
        deployment,
        template=delivery.packaged(stage, deployment),
        configuration=delivery.configuration(stage, deployment),
        parameters=deployment.parameters,
        change_set=_NAME,
    )


def _execute(deployment: Deployment) -> Action:
    return cloudformation(
        f"ExecuteChangeSet{deployment.suffix}",
        "CHANGE_SET_EXECUTE",
        deployment,
        change_set=_NAME,
        namespace=deployment.namespace,
    )
