"""cfn-lint in its own process: errors with their places, no warnings, the same answer again, and no process left."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal.cfn_lint.linter import Linter, LinterGoneError
from generator.rehearsal.cfn_lint.process import errors
from generator.repository.cache.answers import FORGETFUL, Answers

WRONG = "Resources:\n  It:\n    Type: AWS::SNS::Topic\n    Properties:\n      Colour: red\n"
UNUSED = "Parameters:\n  Unused: {Type: String}\nResources:\n  It:\n    Type: AWS::SNS::Topic\n"
NOWHERE = {"PATH": "/nowhere", "PYTHONHOME": "/nowhere"}
MESSAGE = "app.yaml:5:7: E3002: Additional properties are not allowed ('Colour' was unexpected)"


@pytest.fixture(scope="module")
def linter() -> Iterator[Linter]:
    started = Linter("us-east-1", {"PATH": os.environ["PATH"]}, FORGETFUL)
    yield started
    started.close()


def test_an_error_is_said_with_its_place(linter: Linter) -> None:
    assert linter.errors(WRONG, "app.yaml") == [MESSAGE]


def test_a_warning_is_no_error(linter: Linter) -> None:
    assert linter.errors(UNUSED, "app.yaml") == []


def test_a_template_with_other_code_in_its_functions_is_not_linted_again(tmp_path: Path) -> None:
    text = f"{WRONG}  # s3://code/{'1a' * 32}\n"
    first = Linter("us-east-1", {"PATH": os.environ["PATH"]}, Answers(tmp_path))
    assert first.errors(text, "app.yaml") == [MESSAGE]
    first.close()
    second = Linter("us-east-1", NOWHERE, Answers(tmp_path))
    assert second.errors(text.replace("1a", "2b"), "app.yaml") == [MESSAGE]
    with pytest.raises(LinterGoneError):
        second.errors(text.replace("red", "blue"), "app.yaml")
    second.close()


def test_a_region_without_the_type_is_an_error_and_an_unknown_region_is_said() -> None:
    assert "atlantis-1" in errors(UNUSED, "app.yaml", "atlantis-1")[0]


def test_a_process_that_is_gone_is_said_and_not_waited_for() -> None:
    started = Linter("us-east-1", NOWHERE, FORGETFUL)
    with pytest.raises(LinterGoneError, match="the process that runs cfn-lint"):
        started.errors(WRONG, "app.yaml")
    started.close()
