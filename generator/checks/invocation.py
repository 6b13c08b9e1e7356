"""The names of the test functions: start_tests may invoke only what begins with the tests stack's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.application.template import Resource, Template
from generator.application.values import names_in, text_of
from generator.checks.stages import tests_values
from generator.document import quote
from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.model.tests import Tests
from generator.model.text import resolved

_NAMES = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Serverless::Function": "FunctionName",
    "AWS::Serverless::StateMachine": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}
# The property that says whether executions are standard or express ones.
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
_MACHINES = {"AWS::Serverless::StateMachine": "Type", "AWS::StepFunctions::StateMachine": "StateMachineType"}
_POINTERS = frozenset({"AWS::Lambda::Alias", "AWS::Lambda::Version"})


def check_invocable(pipeline: Pipeline, tests: Template) -> Iterator[Problem]:
    """A function or state machine that an expected output names and whose custom name start_tests may not invoke."""
    if not pipeline.tests:
        return
    prefix = resolved(pipeline.tests.deployment.stack, pipeline.service) + "-"
    values = tests_values(pipeline.tests, tests, pipeline.service)
    for resource in _named_by(pipeline.tests, tests):
        key = _NAMES.get(resource.type, "")
        if resource.type in _MACHINES:
            yield from _machine(resource, tests, values)
        name = text_of(resource.properties.get(key), values)
        if name and not name.startswith(prefix):
            message = f"{key} {quote(name)} does not begin with '{prefix}', so the pipeline may not run these tests"
            hint = f"begin it with ${{AWS::StackName}}-, or leave {key} out"
            yield tests.problem(tests.place_of(resource.logical_id, key), message, hint)


def _machine(machine: Resource, tests: Template, values: Mapping[str, str]) -> Iterator[Problem]:
    """What only a state machine can have wrong: the name CloudFormation gives it, and a type nobody can follow."""
    key = _NAMES[machine.type]
    if key not in machine.properties:
        message = f"the name CloudFormation makes for '{machine.logical_id}' does not begin with the stack's"
        hint = f"the pipeline runs only what is named after the tests' stack: {key}: !Sub ${{AWS::StackName}}-tests"
        yield tests.problem(tests.place_of(machine.logical_id), message, hint, at="key")
    if text_of(machine.properties.get(_MACHINES[machine.type]), values) == "EXPRESS":
        message = f"'{machine.logical_id}' is an express state machine: AWS does not report how its executions end"
        place = tests.place_of(machine.logical_id, _MACHINES[machine.type])
        yield tests.problem(place, message, "make it a standard one")


def _named_by(expected: Tests, tests: Template) -> Iterator[Resource]:
    """The resources the expected outputs refer to, each once; a version or an alias leads on to its function."""
    values: list[Any] = [tests.outputs[name].value for name in expected.outputs if name in tests.outputs]
    seen: set[str] = set()
    while values:
        for name in names_in(values.pop()):
            resource = _resource(name.split(".")[0], tests)
            if resource and resource.logical_id not in seen:
                seen.add(resource.logical_id)
                yield resource
                if resource.type in _POINTERS:
                    values.append(resource.properties.get("FunctionName"))


def _resource(logical_id: str, tests: Template) -> Resource | None:
    """The resource of that logical id, or the function for which SAM makes an alias or version of it."""
    if logical_id in tests.resources:
        return tests.resources[logical_id]
    makers = (name for part in ("Alias", "Version") for name in [logical_id.rpartition(part)[0]])
    return next((tests.resources[name] for name in makers if name in tests.resources), None)
