"""Names of test functions that the pipeline may not invoke."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.model import tests as test_stack
from generator.model.deployment import Deployment

Check = Callable[..., list[str]]

_HINT = "begin it with ${AWS::StackName}-, or leave FunctionName out"


def _tests(name: str, value: str = "!GetAtt Test.Arn", kind: str = "AWS::Lambda::Function", key: str = "") -> str:
    return (
        f"Transform: AWS::Serverless-2016-10-31\nOutputs:\n  TestFunction:\n    Value: {value}\nResources:\n  Test:\n"
        f"    Type: {kind}\n    Properties:\n      {key or 'FunctionName'}: {name}\n"
    )


_REFUSED = (
    "test-sam.yaml:9:21: FunctionName 'smoke' does not begin with 'time-service-tests-',"
    f" so the pipeline may not run these tests | {_HINT}"
)


@pytest.mark.parametrize(
    "value",
    [
        "!GetAtt Test.Arn",
        "!Ref Test",
        "!Sub '${Test}'",
        "!Ref Test.Version",
        "!Ref TestAliaslive",
        "!Ref TestVersion0123abcd",
        "!Join [':', [!Ref Test, live]]",
    ],
)
def test_a_name_that_does_not_begin_with_the_stacks_is_refused(check: Check, value: str) -> None:
    assert check(testing=_tests("smoke", value)) == [_REFUSED]


@pytest.mark.parametrize("kind", ["AWS::Lambda::Version", "AWS::Lambda::Alias"])
def test_a_version_or_alias_of_ones_own_leads_to_its_function(check: Check, kind: str) -> None:
    pointer = f"  Pointer:\n    Type: {kind}\n    Properties: {{FunctionName: !GetAtt Test.Arn}}\n"
    assert check(testing=_tests("smoke", "!Ref Pointer") + pointer) == [_REFUSED]


@pytest.mark.parametrize(
    ("kind", "key"),
    [("AWS::Serverless::StateMachine", "Name"), ("AWS::StepFunctions::StateMachine", "StateMachineName")],
)
def test_a_state_machine_without_a_name_is_refused_since_cloudformations_lacks_the_stack(
    check: Check, kind: str, key: str
) -> None:
    [line] = check(testing=_tests("x", kind=kind, key="Tracing"))
    assert "the name CloudFormation makes for 'Test' does not begin with the stack's" in line
    assert line.endswith(f"{key}: !Sub ${{AWS::StackName}}-tests")


@pytest.mark.parametrize(
    ("kind", "key", "type_key"),
    [
        ("AWS::Serverless::StateMachine", "Name", "Type"),
        ("AWS::StepFunctions::StateMachine", "StateMachineName", "StateMachineType"),
    ],
)
def test_an_express_state_machine_cannot_be_followed(check: Check, kind: str, key: str, type_key: str) -> None:
    testing = _tests("time-service-tests-run", kind=kind, key=key) + f"      {type_key}: EXPRESS\n"
    [line] = check(testing=testing)
    assert "'Test' is an express state machine" in line


@pytest.mark.parametrize(
    ("kind", "key"),
    [("AWS::Serverless::StateMachine", "Name"), ("AWS::StepFunctions::StateMachine", "StateMachineName")],
)
def test_a_state_machines_name_counts_as_well(check: Check, kind: str, key: str) -> None:
    [line] = check(testing=_tests("smoke", kind=kind, key=key))
    assert f": {key} 'smoke' does not begin with 'time-service-tests-'," in line


@pytest.mark.parametrize(
    "name", ["time-service-tests-smoke", "!Sub '${AWS::StackName}-smoke'", "!Ref Unknown", "!If [A, b, c]"]
)
def test_a_name_that_begins_with_the_stacks_or_is_unknown_is_fine(check: Check, name: str) -> None:
    assert check(testing=_tests(name)) == []


def test_a_function_without_a_name_of_its_own_is_fine(check: Check) -> None:
    assert check(testing=_tests("x", key="Description")) == []


def test_a_function_no_output_names_may_be_called_anything(check: Check) -> None:
    assert check(testing=_tests("smoke", value="time-service-tests-other")) == []


def test_the_tests_stacks_own_name_decides(check: Check) -> None:
    tests = test_stack.Tests(
        "test-sam.yaml", "tests.yaml", Deployment("Tests", "smoke-tests"), {"function": ("TestFunction",)}
    )
    assert check(testing=_tests("smoke-tests-run"), tests=tests) == []


def test_functions_that_refer_to_each_other_end(check: Check) -> None:
    ring = "".join(
        f"  {name}: {{Type: AWS::Lambda::Alias, Properties: {{FunctionName: !Ref {other}}}}}\n"
        for name, other in (("A", "B"), ("B", "A"))
    )
    assert check(testing=_tests("x", "!Ref A", key="Description") + ring) == []
