"""A program that CodeBuild's images have and this machine lacks: it is named, and never makes a build red."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rehearsal.codebuild.missing_programs import missing_program
from tests.rehearsal.codebuild.build_runner import BuildRunner


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("bash: line 3: go: command not found", "go"),
        ("/bin/sh: 1: dotnet: not found", "dotnet"),
        ("make: ruby: No such file or directory", "ruby"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'mvn'", "mvn"),
        ("bash: line 1: ./gradlew: No such file or directory", ""),
        ("bash: line 1: cargo: command not found", ""),
        ("cp: cannot stat 'go': No such file or directory", ""),
        ("go: module example.com/hello: not found", ""),
    ],
)
def test_what_shells_and_make_say_names_the_program(tmp_path: Path, line: str, program: str) -> None:
    assert missing_program(["compiling", line], str(tmp_path)) == program


def test_a_program_that_is_there_is_not_what_lacks(tmp_path: Path) -> None:
    (tmp_path / "go").write_text("")
    (tmp_path / "go").chmod(0o755)
    assert missing_program(["bash: line 1: go: command not found"], str(tmp_path)) == ""


def test_a_build_that_lacks_one_is_not_rehearsed_and_says_which(runner: BuildRunner) -> None:
    ended = runner.build("version: 0.2\nphases:\n  build: {commands: ['PATH=/nowhere; dotnet publish']}\n")
    assert ended.not_rehearsed
    assert ended.failure
    message = "this machine has no 'dotnet', which CodeBuild's images have; install it, and try again"
    assert ended.failure.message == message


def test_what_no_image_has_is_red_as_it_is_on_aws(runner: BuildRunner) -> None:
    ended = runner.build("version: 0.2\nphases:\n  build: {commands: [nothing-like-it]}\n")
    assert (ended.status, ended.not_rehearsed) == ("FAILED", False)
