"""A throw-away action provider: Step Functions, with a queue that comes into the stack for it."""

from __future__ import annotations

from generator.model.queue import Queue  # type: ignore[import-untyped]  # it is there in the copy

from generator.model.action import Action
from generator.model.iam import Statement

_MACHINE = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:pause"


def action(minutes: int) -> Action:
    """Wait so long."""
    return Action(
        name="Pause",
        category="Invoke",
        provider="StepFunctions",
        configuration={"StateMachineArn": _MACHINE, "Input": f'{{"minutes": {minutes}}}'},
        blocks=(Queue("PauseQueue", "Where pauses wait."),),
        statements=(Statement("Pause", ("states:StartExecution",), (_MACHINE,)),),
    )
