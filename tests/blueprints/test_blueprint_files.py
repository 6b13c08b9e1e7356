"""The blueprints as repositories: what a person finds in one, and what must not be in it."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import jsonschema_rs
import pytest
import yaml

from generator.pipeline_file.schema import pipeline_file
from tests.blueprints.languages import Language, blueprint

LANGUAGES: tuple[Language, ...] = get_args(Language)
COMMON = {".gitignore", "README.md", "app-sam.yaml", "pipeline.yaml", "test-sam.yaml"}
OWN: dict[Language, set[str]] = {
    "python": {
        "integration_tests/checks.py",
        "pytest.ini",
        "requirements-dev.txt",
        "src/app.py",
        "src/requirements.txt",
        "tests/unit/test_app.py",
        "tests/unit/test_checks.py",
    },
    "node": {
        "integration_tests/checks.mjs",
        "package-lock.json",
        "package.json",
        "src/app.js",
        "src/index.js",
        "src/package-lock.json",
        "src/package.json",
        "src/time.js",
        "tests/unit/api.test.mjs",
        "tests/unit/checks.test.mjs",
        "tests/unit/time.test.mjs",
    },
}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def text(language: Language, name: str) -> str:
    return (blueprint(language) / name).read_text(encoding="utf-8")


def with_hints(pipeline: str) -> dict[str, Any]:
    """The pipeline file with every hint taken up: `#key`, unlike `# A sentence.`"""
    data: dict[str, Any] = yaml.safe_load(re.sub(r"(?m)^#(?! \S)", "", pipeline))
    return data


@each_language
def test_a_blueprint_is_these_files_and_nothing_that_was_left_behind(language: Language) -> None:
    paths = (path for path in blueprint(language).rglob("*") if path.is_file())
    assert {path.relative_to(blueprint(language)).as_posix() for path in paths} == COMMON | OWN[language]


@each_language
def test_every_file_the_readme_names_is_there(language: Language) -> None:
    named = set(re.findall(r"`((?:src|tests|integration_tests)/[\w./-]*|[\w-]+\.yaml)`", text(language, "README.md")))
    assert len(named) >= 6
    assert {name for name in named if not (blueprint(language) / name).exists()} == {"pipeline-template.yaml"}


@each_language
def test_the_pipeline_file_says_no_more_than_it_has_to(language: Language) -> None:
    smallest = {"service": "time-service", "source": {"codecommit": {"repository": "time-service"}}}
    assert yaml.safe_load(text(language, "pipeline.yaml")) == smallest


@each_language
def test_every_hint_of_the_pipeline_file_is_right_when_it_is_taken_up(language: Language) -> None:
    data = with_hints(text(language, "pipeline.yaml"))
    assert data.keys() >= {"build", "stages", "notifications", "logs", "tags"}
    problems = [error.message for error in jsonschema_rs.validator_for(pipeline_file()).iter_errors(data)]
    assert problems == []


@each_language
def test_parameters_the_hints_give_to_stages_are_those_of_the_application(language: Language) -> None:
    stages = with_hints(text(language, "pipeline.yaml"))["stages"]
    names = {name for stage in stages if isinstance(stage, dict) for name in next(iter(stage.values()))["parameters"]}
    assert names == {"LogLevel"}
    assert re.search(r"(?m)^  LogLevel:$", text(language, "app-sam.yaml"))


@pytest.mark.parametrize("name", ["package-lock.json", "src/package-lock.json"])
def test_lock_files_name_versions_and_hashes_but_no_place_to_load_from(name: str) -> None:
    packages = json.loads(text("node", name))["packages"]
    assert not [package for package in packages.values() if "resolved" in package]
    assert all("integrity" in package for path, package in packages.items() if path)


@pytest.mark.parametrize("folder", ["", "src/"])
def test_lock_files_belong_to_their_package(folder: str) -> None:
    package = json.loads(text("node", f"{folder}package.json"))
    locked = json.loads(text("node", f"{folder}package-lock.json"))["packages"][""]
    assert {key: package.get(key) for key in ("name", "version", "dependencies")} == {
        key: locked.get(key) for key in ("name", "version", "dependencies")
    }


def test_every_requirement_of_python_is_pinned() -> None:
    lines = (text("python", "requirements-dev.txt") + text("python", "src/requirements.txt")).splitlines()
    asked = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert len(asked) == 2
    assert all(re.fullmatch(r"[a-z]+==[0-9.]+", line) for line in asked)
