"""A throw-away stage kind: the direct one, with an action before it and its own called by another name."""

from __future__ import annotations

from generator.model.pipeline import Delivery, PlannedStage
from generator.model.stage import Stage
from generator.stages import direct
from generator.stages.actions import pause  # type: ignore[attr-defined]  # it is there in the copy

SUMMARY = "deploy with patience"


def plan(stage: Stage, delivery: Delivery) -> tuple[PlannedStage, ...]:
    """Pause, then deploy, but call it otherwise."""
    first = pause.action(stage.patience)  # type: ignore[attr-defined]  # the copy's stage has the field
    return tuple(
        planned._replace(
            actions=(first, *(each._replace(name=f"{each.name}Slowly", run_order=2) for each in planned.actions))
        )
        for planned in direct.plan(stage, delivery)
    )
