"""What commands that deploy take from the build: a folder that the build's own commands fill, once."""

from __future__ import annotations

from pathlib import Path

import commands
import pytest


@pytest.fixture(autouse=True)
def _commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODEBUILD_RESOLVED_SOURCE_VERSION", "0123456789abcdef")


def test_the_folder_says_which_commit_it_is_of_where_nothing_is_built(tmp_path: Path) -> None:
    commands.leave_artifact()
    assert [path.name for path in tmp_path.glob("penstock-artifact/*")] == ["commit"]
    assert (tmp_path / "penstock-artifact" / "commit").read_text() == "0123456789abcdef"


def test_commands_find_the_folder_wherever_they_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEMPLATE_COMMANDS", 'mkdir app; cd app\necho code > "$ARTIFACT/code.zip"')
    commands.leave_artifact()
    assert (tmp_path / "penstock-artifact" / "code.zip").read_text() == "code\n"


def test_a_command_that_fails_ends_the_build_with_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPLATE_COMMANDS", "(exit 7)\necho never")
    with pytest.raises(SystemExit, match="7"):
        commands.leave_artifact()
