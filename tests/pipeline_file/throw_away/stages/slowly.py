"""A throw-away stage kind: the direct one with an action of another name."""

from __future__ import annotations

from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.stages import direct

SUMMARY = "deploy with patience"


def plan(stage: Stage, delivery: Delivery) -> tuple[PlannedStage, ...]:
    """Deploy, but call it otherwise."""
    return tuple(
        planned._replace(actions=tuple(action._replace(name=f"{action.name}Slowly") for action in planned.actions))
        for planned in direct.plan(stage, delivery)
    )
