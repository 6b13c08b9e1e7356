"""The parameters of a template against what the stages give."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., list[str]]

_BUCKET = "Parameters:\n  Bucket:\n    Type: String\n"
_HINT = "give it in the stage's `parameters`, or give 'Bucket' a Default in app-sam.yaml"


def test_a_parameter_no_stage_gives_stands_in_the_template(check: Check) -> None:
    assert check(_BUCKET) == [f"app-sam.yaml:2:3: parameter 'Bucket' has no default and no stage gives it | {_HINT}"]


def test_a_parameter_some_stages_do_not_give_stands_at_those(check: Check) -> None:
    file = "stages:\n  - beta: {parameters: {Bucket: b}}\n  - gamma\n  - prod:\n      stack: x\n"
    assert check(_BUCKET, file=file) == [
        f"pipeline.yaml:4:5: stage 'gamma' does not give parameter 'Bucket', which has no default | {_HINT}",
        f"pipeline.yaml:5:5: stage 'prod' does not give parameter 'Bucket', which has no default | {_HINT}",
    ]


def test_a_parameter_every_stage_gives_is_fine(check: Check) -> None:
    file = "stages:\n  - beta: {parameters: {Bucket: a}}\n  - prod: {parameters: {Bucket: b}}\n"
    assert check(_BUCKET, file=file) == []


def test_a_parameter_with_a_default_need_not_be_given(check: Check) -> None:
    assert check(_BUCKET + "    Default: x\n") == []


def test_stage_is_given_without_being_asked_for(check: Check) -> None:
    assert check("Parameters:\n  Stage: {Type: String}\n") == []


def test_a_parameter_the_template_does_not_declare_names_those_it_does(check: Check) -> None:
    file = "stages:\n  - beta:\n      parameters:\n        LogLevl: warn\n"
    assert check("Parameters:\n  LogLevel: {Type: String, Default: info}\n", file=file) == [
        (
            "pipeline.yaml:5:9: app-sam.yaml declares no parameter 'LogLevl' | did you mean 'LogLevel'?"
            " parameters: LogLevel"
        )
    ]


def test_a_macro_may_declare_parameters(check: Check) -> None:
    file = "stages:\n  - beta: {parameters: {LogLevel: warn}}\n"
    assert check("Transform: OurOwnMacro\n", file=file) == []


@pytest.mark.parametrize(
    ("declared", "value", "hint"),
    [
        pytest.param("{Type: Number}", "five", "it takes a number", id="no number"),
        pytest.param("{Type: Number}", "٣", "it takes a number", id="a number of another script"),
        pytest.param("{Type: List<Number>}", "'1,x'", "it takes numbers", id="no numbers"),
        pytest.param("{AllowedValues: [info, warn]}", "debug", "it takes one of info, warn", id="not among the values"),
        pytest.param("{AllowedValues: [true, false]}", "'yes'", "it takes one of true, false", id="not among booleans"),
        pytest.param(
            "{Type: CommaDelimitedList, AllowedValues: [a, b]}", "'a, c'", "it takes one of a, b", id="one of a list"
        ),
    ],
)
def test_a_value_the_parameter_does_not_take(check: Check, declared: str, value: str, hint: str) -> None:
    file = f"stages:\n  - beta:\n      parameters:\n        P: {value}\n"
    bare = value.strip("'")
    assert check(f"Parameters:\n  P: {declared}\n", file=file) == [
        f"pipeline.yaml:5:12: parameter 'P' does not take '{bare}', which stage 'beta' gives it | {hint}"
    ]


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ("{Type: Number}", "5"),
        ("{Type: Number}", "-1.5e3"),
        ("{Type: Number}", ".5"),
        ("{Type: List<Number>}", "'1, 2,3'"),
        ("{Type: String, AllowedValues: [1, 2]}", "1"),
        ("{Type: CommaDelimitedList, AllowedValues: [a, b]}", "'a, b'"),
        ("{Type: AWS::SSM::Parameter::Value<Number>, AllowedValues: [5]}", "/a/name"),
        ("{Type: Number}", "'#{Source.CommitId}'"),
        ("{Type: Number}", "'${AWS::AccountId}'"),
    ],
)
def test_a_value_the_parameter_takes_or_may_take(check: Check, declared: str, value: str) -> None:
    file = f"stages:\n  - beta: {{parameters: {{P: {value}}}}}\n"
    assert check(f"Parameters:\n  P: {declared}\n", file=file) == []


def test_a_stage_whose_word_the_parameter_does_not_take(check: Check) -> None:
    app = "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, gamma, prod]}\n"
    assert check(app) == [
        (
            "pipeline.yaml:3:5: parameter 'Stage' does not take 'beta', which stage 'beta' gives it"
            " | it takes one of dev, gamma, prod"
        )
    ]


def test_the_service_counts_as_it_is_named(check: Check) -> None:
    file = "stages:\n  - beta: {parameters: {P: '${ServiceName}'}}\n"
    assert check("Parameters:\n  P: {Type: String, AllowedValues: [time-service]}\n", file=file) == []


def test_the_tests_stack_is_given_nothing(check: Check) -> None:
    tests = "Parameters:\n  Stage: {Type: String}\n  Size: {Type: Number, Default: 1}\nOutputs:\n  TestFunction: {}\n"
    assert check(testing=tests) == [
        (
            "test-sam.yaml:2:3: parameter 'Stage' has no default, and the tests stack is given no parameters"
            " | give 'Stage' a Default"
        )
    ]
