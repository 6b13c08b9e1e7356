"""Deploy with commands of the pipeline file on CodeBuild: for what has no CloudFormation template."""

from __future__ import annotations

from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.stages._composition import Rollout, compose
from generator.stages.actions.deploy_commands import deploy

SUMMARY = "a list of commands that deploy what has no CloudFormation template, without change set and rollback"
BY_COMMANDS = True


def plan(stage: Stage, delivery: Delivery) -> tuple[PlannedStage, ...]:
    """Approve if asked, run the commands, test. What they change is known to nobody before."""
    return compose(stage, delivery, Rollout(((deploy(stage, delivery),),), "FAILED_ACTIONS"))
