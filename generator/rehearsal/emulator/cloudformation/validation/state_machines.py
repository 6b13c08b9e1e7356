"""What Step Functions refuses of a definition: states that are not there or cannot be reached.

https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource

_KINDS = frozenset({"Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait"})
_ENDS = frozenset({"Choice", "Fail", "Succeed"})


class DefinitionError(ValueError):
    """Why Step Functions refuses a definition."""


def refuse(resource: PlannedResource) -> None:
    """Raise DefinitionError with all that is wrong with a definition, as the service lists it."""
    if resource.type != "AWS::StepFunctions::StateMachine":
        return
    definition = resource.properties.get("DefinitionString", resource.properties.get("Definition"))
    if definition is not None and (problems := sorted(set(_problems(definition)))):
        raise DefinitionError(
            f"Invalid State Machine Definition: '{', '.join(problems)}'"
            " (Service: AWSStepFunctions; Status Code: 400; Error Code: InvalidDefinition)"
        )


def _problems(definition: Any) -> Iterator[str]:
    try:
        machine = json.loads(definition) if isinstance(definition, str) else definition
    except ValueError:
        yield "INVALID_JSON_DESCRIPTION: The definition is not valid JSON"
        return
    yield from _machine(machine, "")


def _machine(machine: Any, path: str) -> Iterator[str]:
    states = machine.get("States") if isinstance(machine, Mapping) else None
    if not isinstance(states, Mapping) or not states:
        yield f"SCHEMA_VALIDATION_FAILED: The field 'States' is required at {path or '/'}"
        return
    if machine.get("StartAt") not in states:
        yield f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {machine.get('StartAt')} at {path}/StartAt"
    for name, state in states.items():
        yield from _state(state, f"{path}/States/{name}", states)


def _state(state: Mapping[str, Any], path: str, states: Mapping[str, Any]) -> Iterator[str]:
    kind = state.get("Type")
    if kind not in _KINDS:
        yield f"SCHEMA_VALIDATION_FAILED: Value is not one of {sorted(_KINDS)} at {path}/Type"
    elif kind not in _ENDS and "Next" not in state and not state.get("End"):
        yield f"SCHEMA_VALIDATION_FAILED: These fields are required: [Next] or [End] at {path}"
    targets = [state.get("Next"), state.get("Default")]
    targets += [branch.get("Next") for key in ("Choices", "Catch") for branch in state.get(key) or []]
    for target in targets:
        if target is not None and target not in states:
            yield f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {path}"
    for key in ("Iterator", "ItemProcessor"):
        if key in state:
            yield from _machine(state[key], f"{path}/{key}")
    for number, branch in enumerate(state.get("Branches") or []):
        yield from _machine(branch, f"{path}/Branches[{number}]")
