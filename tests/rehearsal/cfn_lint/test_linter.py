"""cfn-lint in its own process: errors with their places, no warnings, the same answer again, and no process left."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from generator.rehearsal.cfn_lint.linter import Linter, LinterGoneError
from generator.rehearsal.cfn_lint.process import errors

WRONG = "Resources:\n  It:\n    Type: AWS::SNS::Topic\n    Properties:\n      Colour: red\n"
UNUSED = "Parameters:\n  Unused: {Type: String}\nResources:\n  It:\n    Type: AWS::SNS::Topic\n"
SAID = "app.yaml:5:7: E3002: Additional properties are not allowed ('Colour' was unexpected)"


@pytest.fixture(scope="module")
def linter() -> Iterator[Linter]:
    with_path = {"PATH": os.environ["PATH"]}
    started = Linter("us-east-1", with_path)
    yield started
    started.close()


def test_an_error_is_said_with_its_place(linter: Linter) -> None:
    assert linter.errors(WRONG, "app.yaml") == [SAID]


def test_a_warning_is_no_error(linter: Linter) -> None:
    assert linter.errors(UNUSED, "app.yaml") == []


def test_what_was_said_of_a_text_is_remembered(linter: Linter) -> None:
    assert linter.errors(WRONG, "app.yaml") is linter.errors(WRONG, "app.yaml")
    assert linter.errors(WRONG, "other.yaml") == [SAID.replace("app.yaml", "other.yaml")]


def test_a_region_without_the_type_is_an_error_and_an_unknown_region_is_said() -> None:
    assert "atlantis-1" in errors(UNUSED, "app.yaml", "atlantis-1")[0]


def test_a_process_that_is_gone_is_said_and_not_waited_for() -> None:
    started = Linter("us-east-1", {"PATH": "/nowhere", "PYTHONHOME": "/nowhere"})
    with pytest.raises(LinterGoneError, match="the process that runs cfn-lint"):
        started.errors(WRONG, "app.yaml")
    started.close()
