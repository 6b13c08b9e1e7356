"""The pipeline stages that one stage of the file becomes: what asks, what deploys, what tests, what lets it pass.

However a kind deploys, the order around it is the same: ask, run commands, deploy, run commands, test. An approval may
have a pipeline stage of its own, so that what deploys can be entered, tried again and rolled back without asking again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.model.action import Action
from generator.model.condition import OnFailure, RetryMode, alarmed, closed
from generator.model.iam import Statement
from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.model.text import Text
from generator.stages import actions


@dataclass(frozen=True, slots=True)
class Deployment:
    """How a kind deploys: first what an approver is shown, then what changes the stack.

    `change_set` is what there is to describe, if anything; `retry_mode` what has to run again when it failed.
    """

    deploy: tuple[Action, ...]
    statements: tuple[Statement, ...]
    retry_mode: RetryMode
    prepare: tuple[Action, ...] = ()
    change_set: Text = ""


def compose(stage: Stage, delivery: Delivery, deployment: Deployment) -> tuple[PlannedStage, ...]:
    """The pipeline stages in order: one, or the approval's and then the one that deploys."""
    asking = _asking(stage, delivery, deployment)
    deploying = (
        *actions.commands(stage, "before", delivery),
        *deployment.deploy,
        *actions.commands(stage, "after", delivery),
        *actions.test(stage, delivery),
    )
    rights = (*deployment.statements, *_rights(stage), *actions.test_statements(stage, delivery))
    if stage.asks_apart:
        return (
            PlannedStage(stage.asking, _numbered((*deployment.prepare, *asking)), rights, stage=stage.name),
            # What is described may not be executed here: a rollback and a retry come without the stage before, and
            # find no change set, or an executed one. So the stage makes its own, of the same artifact.
            _guarded(stage, PlannedStage(stage.name, _numbered((*deployment.prepare, *deploying))), deployment),
        )
    planned = PlannedStage(stage.name, _numbered((*deployment.prepare, *asking, *deploying)), rights)
    return (_guarded(stage, planned, deployment),)


def _asking(stage: Stage, delivery: Delivery, deployment: Deployment) -> tuple[Action, ...]:
    if not stage.approval:
        return ()
    return (
        actions.describe(stage, delivery, change_set=deployment.change_set),
        actions.approve(stage, stage.approval, delivery),
    )


def _rights(stage: Stage) -> Iterator[Statement]:
    yield from actions.approval_statements(stage)
    yield from actions.commands_statements(stage)
    if stage.alarms:
        # A narrower scope returns no composite alarm:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
        yield Statement("WatchAlarms", ("cloudwatch:DescribeAlarms",), ("*",))


def _guarded(stage: Stage, planned: PlannedStage, deployment: Deployment) -> PlannedStage:
    """The stage that deploys, with what the file says of getting into it and out of it."""
    failed = None
    if stage.on_failure:
        failed = OnFailure(stage.on_failure, deployment.retry_mode if stage.on_failure == "RETRY" else None)
    return planned._replace(
        stage=stage.name,
        before_entry=closed(stage.window) if stage.window else None,
        on_success=alarmed(stage.alarms) if stage.alarms else None,
        on_failure=failed,
    )


def _numbered(found: Iterable[Action]) -> tuple[Action, ...]:
    """The actions one after the other."""
    return tuple(action._replace(run_order=order) for order, action in enumerate(found, 1))
