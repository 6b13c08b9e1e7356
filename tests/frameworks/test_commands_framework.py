"""Commands that leave a template: what the framework reads of a repository that has none."""

from __future__ import annotations

from generator.frameworks import commands
from generator.repository.files import Repository

_COMMANDS = commands.FRAMEWORK


def test_no_repository_is_taken_for_one(repository: Repository) -> None:
    (repository.root / "cdk.json").write_text("{}")
    assert not _COMMANDS.recognises(repository)


def test_files_at_the_root_say_which_languages_the_build_needs(repository: Repository) -> None:
    assert _COMMANDS.languages(repository, "") == {}
    (repository.root / "package.json").write_text("{}")
    assert _COMMANDS.languages(repository, "") == {"nodejs": "22"}


def test_unit_tests_are_those_of_the_whole_repository(repository: Repository) -> None:
    (repository.root / "package.json").write_text('{"scripts": {"test": "jest"}}')
    (repository.root / "tests").mkdir()
    (repository.root / "tests/test_stack.py").write_text("")
    assert _COMMANDS.unit_tests(repository, None, None).command == "python -m pytest tests && npm test"
