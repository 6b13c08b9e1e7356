"""Which unit tests an application has: suites in every place and of every runner, told from integration tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.application.reader import parse
from generator.frameworks._unit_tests import unit_tests
from generator.repository.files import Repository

TESTS = parse("Resources: {F: {Type: AWS::Lambda::Function, Properties: {Code: integration_tests}}}", "test-sam.yaml")
PYTHON = {"src": frozenset({"python"})}
NODE = {"src": frozenset({"nodejs"})}


def commands(
    root: Path, files: dict[str, str], code: dict[str, frozenset[str]], home: str = ""
) -> tuple[str, list[str]]:
    """The command of the unit tests of these files, and what was left out."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    resources = "".join(
        f"  F{number}: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: '{folder}', Runtime: {language}1}}}}\n"
        for number, (folder, languages) in enumerate(code.items())
        for language in languages
    )
    app = parse(f"Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}", "template.yaml")
    result = unit_tests(Repository(root), app._replace(path=f"{home}/template.yaml".lstrip("/")), TESTS)
    return result.command, list(result.left_out)


def package(**scripts: str) -> str:
    return json.dumps({"scripts": scripts})


@pytest.mark.parametrize(
    ("files", "command"),
    [
        (["tests/unit/test_app.py"], "python -m pytest tests/unit"),
        (["tests/test_app.py"], "python -m pytest tests"),
        (["test/unit/app_test.py"], "python -m pytest test/unit"),
        (["tests/unit/test_a.py", "tests/unit/deep/test_b.py"], "python -m pytest tests/unit"),
        (["tests/unit/test_a.py", "tests/integration/test_api.py"], "python -m pytest tests/unit"),
        (["tests/test_a.py", "tests/integration/test_api.py"], "python -m pytest tests --ignore=tests/integration"),
        (["tests/integration/test_api.py"], ""),
        (["tests/e2e/test_api.py", "tests/integration_tests/test_b.py"], ""),
        (["integration_tests/test_it.py"], ""),
        (["tests/unit/test_integration_of_parts.py"], "python -m pytest tests/unit"),
        (["src/test_app.py"], "python -m pytest src"),
        (["test_app.py"], "python -m pytest test_app.py"),
        (["src/tests/test_app.py"], "cd src && python -m pytest tests"),
        (["backend/tests/unit/test_app.py"], "cd backend && python -m pytest tests/unit"),
        (
            ["a/tests/test_a.py", "tests/unit/test_b.py"],
            "python -m pytest tests/unit && (cd a && python -m pytest tests)",
        ),
        (["my tests/tests/test_a.py"], "cd 'my tests' && python -m pytest tests"),
        (["tests/node_modules/x/test_x.py", "tests/.venv/test_y.py", "src/app.py"], ""),
    ],
)
def test_python_suites_are_found_wherever_they_are(files: list[str], command: str, tmp_path: Path) -> None:
    assert commands(tmp_path, dict.fromkeys(files, ""), PYTHON)[0] == command


@pytest.mark.parametrize(
    ("scripts", "command"),
    [
        ({"test": "jest"}, "npm test"),
        ({"test": "mocha tests/unit/"}, "npm test"),
        ({"test": 'echo "Error: no test specified" && exit 1'}, ""),
        ({"test": 'echo "Error: no test specified" && exit 1', "unit": "jest"}, "npm run unit"),
        ({"test": "npm run compile && npm run unit", "unit": "jest"}, "npm test"),
        ({"test": "jest --config e2e.config.js e2e", "test:unit": "jest"}, "npm run test:unit"),
        ({"test": "jest integration"}, ""),
        ({}, ""),
    ],
)
def test_node_unit_tests_are_the_scripts_of_the_package(scripts: dict[str, str], command: str, tmp_path: Path) -> None:
    assert commands(tmp_path, {"package.json": package(**scripts)}, NODE)[0] == command


@pytest.mark.parametrize("text", ["[]", "{", '{"scripts": []}', '{"scripts": {"test": 3}}'])
def test_a_package_that_says_nothing_has_no_unit_tests(text: str, tmp_path: Path) -> None:
    assert commands(tmp_path, {"package.json": text}, NODE)[0] == ""


def test_the_package_nearest_the_code_has_the_unit_tests_and_others_are_named(tmp_path: Path) -> None:
    names = ("package.json", "backend/package.json", "frontend/package.json")
    files = dict.fromkeys(names, package(test="vitest"))
    command, left_out = commands(tmp_path, files, {"backend/src": frozenset({"nodejs"})})
    assert command == "cd backend && npm test"
    assert left_out == ["package.json (npm test)", "frontend/package.json (npm test)"]


def test_functions_with_packages_of_their_own_are_all_tested(tmp_path: Path) -> None:
    files = dict.fromkeys(("a/package.json", "b/package.json"), package(test="jest"))
    code = {"a": frozenset({"nodejs"}), "b": frozenset({"nodejs"}), "c": frozenset({"python"})}
    assert commands(tmp_path, files, code)[0] == "(cd a && npm test) && (cd b && npm test)"


def test_both_languages_are_tested(tmp_path: Path) -> None:
    files = {"a/package.json": package(test="jest"), "tests/unit/test_b.py": ""}
    code = {"a": frozenset({"nodejs"}), "b": frozenset({"python"})}
    assert commands(tmp_path, files, code)[0] == "python -m pytest tests/unit && (cd a && npm test)"


@pytest.mark.parametrize(
    ("runner", "command"), [("jest", "npx jest"), ("vitest", "npx vitest run"), ("mocha", "npx mocha")]
)
def test_a_runner_without_a_script_is_called_itself_where_there_are_tests(
    runner: str, command: str, tmp_path: Path
) -> None:
    files = {"package.json": json.dumps({"devDependencies": {runner: "1"}}), "src/app.test.ts": ""}
    assert commands(tmp_path, files, NODE)[0] == command


def test_tests_without_a_script_run_with_nodes_own_runner(tmp_path: Path) -> None:
    assert commands(tmp_path, {"src/app.test.js": ""}, NODE)[0] == "node --test"


def test_nodes_own_runner_is_given_the_unit_tests_where_there_are_others(tmp_path: Path) -> None:
    files = {"test/unit/a.test.js": "", "test/integration/b.test.js": ""}
    assert commands(tmp_path, files, NODE)[0] == "node --test test/unit/a.test.js"


def test_integration_tests_are_named(tmp_path: Path) -> None:
    files = dict.fromkeys(["tests/unit/test_a.py", "tests/integration/test_b.py"], "")
    assert commands(tmp_path, files, PYTHON)[1] == ["tests/integration"]


def test_what_belongs_to_other_applications_of_the_repository_is_passed_over(tmp_path: Path) -> None:
    files = dict.fromkeys(["a/tests/test_a.py", "b/tests/test_b.py"], "")
    assert commands(tmp_path, files, {"src": frozenset({"python"})}, home="a")[0] == "cd a && python -m pytest tests"
