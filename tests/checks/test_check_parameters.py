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
    assert all("the macro 'OurOwnMacro' must exist" in line for line in check("Transform: OurOwnMacro\n", file=file))


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


_HIDDEN = "Parameters:\n  Token: {Type: String, NoEcho: true}\n"
_SAFELY = (
    "it is a secret (NoEcho): drop the parameter, and have the template read it where it is used, as"
    " '{{resolve:secretsmanager:<secret>:SecretString:<key>}}', or '{{resolve:ssm-secure:<parameter>}}'"
)


def test_a_secret_that_nobody_gives_is_not_hinted_into_plain_text(check: Check) -> None:
    assert check(_HIDDEN) == [f"app-sam.yaml:2:3: parameter 'Token' has no default and no stage gives it | {_SAFELY}"]


def test_a_secret_in_plain_text_is_a_warning(check: Check) -> None:
    file = "stages:\n  - beta: {parameters: {Token: hunter2}}\n"
    assert check(_HIDDEN, file=file) == [
        (
            "pipeline.yaml:3:25: warning: parameter 'Token' is a secret (NoEcho), and everybody can read it here"
            f" | {_SAFELY}"
        )
    ]


@pytest.mark.parametrize(
    ("declared", "value", "hint"),
    [
        ("{Type: String, AllowedPattern: '[a-z]+'}", "A1", "it accepts what matches [a-z]+"),
        ("{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: small letters}", "a1", "small letters"),
        ("{Type: CommaDelimitedList, AllowedPattern: '[a-z]+'}", "'a, B'", "it accepts what matches [a-z]+"),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "abc", ""),
        ("{Type: String, AllowedPattern: '[a-z&&[^b]]+['}", "b", ""),
        ("{Type: AWS::SSM::Parameter::Value<String>, AllowedPattern: '[a-z]+'}", "/A/1", ""),
    ],
)
def test_a_value_has_to_match_the_allowed_pattern_as_a_whole(
    check: Check, declared: str, value: str, hint: str
) -> None:
    file = f"stages:\n  - beta: {{parameters: {{Name: {value}}}}}\n"
    lines = check(f"Parameters:\n  Name: {declared}\n", file=file)
    assert [line.rpartition(" | ")[2] for line in lines] == ([hint] if hint else [])
