"""The pipeline stages that one stage of the file becomes: what asks, what deploys, what tests, what lets it pass.

However a kind deploys, the order around it is the same: ask, run commands, deploy, run commands, test. An approval may
have a pipeline stage of its own, so that what deploys can be entered, tried again and rolled back without asking again.
Of several services those that do not need each other are deployed side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from generator.model.action import Action
from generator.model.condition import OnFailure, RetryMode, alarmed, closed
from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.model.text import Text
from generator.stages.actions.approval import ask
from generator.stages.actions.commands import commands

Step = tuple[Action, ...]
"""Actions that run side by side."""


class Rollout(NamedTuple):
    """How a kind deploys: first what an approver is shown, then what changes the stacks, step by step.

    `change_set` is what there is to describe, if anything; `retry_mode` what has to run again when it failed.
    """

    deploy: tuple[Step, ...]
    retry_mode: RetryMode
    prepare: tuple[Step, ...] = ()
    change_set: Text = ""


def compose(stage: Stage, delivery: Delivery, rollout: Rollout) -> tuple[PlannedStage, ...]:
    """The pipeline stages in order: one, or the approval's and then the one that deploys."""
    asking = _alone(ask(stage, delivery, rollout.change_set))
    deploying = (
        *_alone(commands(stage, "before", delivery)),
        *rollout.deploy,
        *_alone(commands(stage, "after", delivery)),
        *(((delivery.test,),) if delivery.test else ()),
    )
    if stage.asks_apart:
        return (
            PlannedStage(stage.asking, _numbered((*rollout.prepare, *asking)), stage=stage.name),
            # What is described may not be executed here: a rollback and a retry come without the stage before, and
            # find no change set, or an executed one. So the stage makes its own, of the same artifact.
            _guarded(stage, (*rollout.prepare, *deploying), rollout),
        )
    return (_guarded(stage, (*rollout.prepare, *asking, *deploying), rollout),)


def _alone(actions: Iterable[Action]) -> tuple[Step, ...]:
    return tuple((action,) for action in actions)


def _guarded(stage: Stage, steps: Iterable[Step], rollout: Rollout) -> PlannedStage:
    """The stage that deploys, with what the file says of getting into it and out of it."""
    failed = None
    if stage.on_failure:
        failed = OnFailure(stage.on_failure, rollout.retry_mode if stage.on_failure == "RETRY" else None)
    return PlannedStage(
        stage.name,
        _numbered(steps),
        stage=stage.name,
        before_entry=closed(stage.window) if stage.window else None,
        on_success=alarmed(stage.alarms) if stage.alarms else None,
        on_failure=failed,
    )


def _numbered(steps: Iterable[Step]) -> tuple[Action, ...]:
    """The actions of all steps, one step after the other."""
    return tuple(action._replace(run_order=order) for order, step in enumerate(steps, 1) for action in step)
