"""The outputs the pipeline reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.model import tests as test_stack
from generator.model.deployment import Deployment
from generator.model.pipeline import App

Check = Callable[..., list[str]]

_APP = "Outputs:\n  ApiURL: {Value: x}\n  Table: {Value: y}\n"
_URL = App("app-sam.yaml", "ApiUrl", "app.yaml")


def test_expected_outputs_that_are_there_are_fine(check: Check) -> None:
    assert check(_APP, apps=(App("app-sam.yaml", "Table", "app.yaml"),)) == []


def test_a_missing_output_names_those_there_are_and_the_nearest(check: Check) -> None:
    assert check(_APP, apps=(_URL,), file="app: {url: ApiUrl}\n") == [
        (
            "pipeline.yaml:2:12: app-sam.yaml has no output 'ApiUrl' | did you mean 'ApiURL'? outputs: ApiURL, Table;"
            " `url: none` if the application has no URL"
        )
    ]


def test_one_the_pipeline_file_does_not_name_is_missed_in_the_template(check: Check) -> None:
    assert check(_APP, apps=(_URL,)) == [
        (
            "app-sam.yaml:1:1: app-sam.yaml has no output 'ApiUrl' | did you mean 'ApiURL'? outputs: ApiURL, Table;"
            " `url: none` if the application has no URL"
        )
    ]


def test_a_template_without_outputs_says_so(check: Check) -> None:
    assert check("Resources: {}\n", apps=(_URL,)) == [
        (
            "app-sam.yaml:1:1: app-sam.yaml has no output 'ApiUrl' | there are no outputs;"
            " `url: none` if the application has no URL"
        )
    ]


def test_an_application_without_a_url_needs_no_output(check: Check) -> None:
    assert check("Resources: {}\n", apps=(App("app-sam.yaml", None, "app.yaml"),)) == []


_DEPLOYED = Deployment("Tests", test_stack.STACK)


@pytest.mark.parametrize(
    ("file", "place"),
    [
        pytest.param("tests: {function: [TestFunction, SmokeTest]}\n", "pipeline.yaml:2:34", id="of a list"),
        pytest.param("tests:\n  function:\n    - TestFunction\n    - SmokeTest\n", "pipeline.yaml:5:7", id="of lines"),
        pytest.param("tests: {template: test-sam.yaml}\n", "test-sam.yaml:1:1", id="not named"),
    ],
)
def test_a_missing_output_of_the_tests_stands_where_it_is_named(check: Check, file: str, place: str) -> None:
    tests = test_stack.Tests(
        "test-sam.yaml",
        "tests.yaml",
        _DEPLOYED,
        {"function": ("TestFunction", "SmokeTest")},
    )
    message = "test-sam.yaml has no output 'SmokeTest' | outputs: TestFunction"
    assert check(file=file, tests=tests) == [f"{place}: {message}"]


def test_the_only_test_function_is_named_without_a_list(check: Check) -> None:
    tests = test_stack.Tests("test-sam.yaml", "tests.yaml", _DEPLOYED, {"function": ("TestFuncton",)})
    assert check(file="tests: {function: TestFuncton}\n", tests=tests) == [
        (
            "pipeline.yaml:2:19: test-sam.yaml has no output 'TestFuncton' | did you mean 'TestFunction'?"
            " outputs: TestFunction"
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Outputs:\n  Fn::ForEach::Urls: [X, [A], {}]\nTransform: AWS::LanguageExtensions\n", id="a loop"),
        pytest.param("Transform: OurOwnMacro\n", id="a macro"),
        pytest.param("Outputs:\n  Fn::Transform: {Name: AWS::Include}\n", id="an include"),
    ],
)
def test_an_output_that_something_unseen_may_add_is_not_missed(check: Check, text: str) -> None:
    assert not any("output" in line for line in check(text, apps=(_URL,)))


def test_without_templates_there_is_nothing_to_miss(check: Check) -> None:
    assert check(testing="", apps=(_URL,)) == []


def test_without_tests_no_function_is_expected(check: Check) -> None:
    assert check(testing="", tests=None) == []


def test_an_output_that_names_a_state_machine_must_be_there(check: Check) -> None:
    tests = test_stack.Tests("test-sam.yaml", "tests.yaml", _DEPLOYED, {"state_machine": ("TestMachine",)})
    [line] = check(testing="Outputs: {TestFunction: {Value: x}}\n", tests=tests)
    assert "test-sam.yaml has no output 'TestMachine'" in line
