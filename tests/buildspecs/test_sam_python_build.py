"""What a build installs for Python: for the unit tests, from whatever asks for it, and for each function and layer."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.buildspecs.builds import Build, Outcome, packed, run
from tests.buildspecs.conftest import Repository, function

TESTED = Build({"UNIT_TEST_COMMAND": "true # python"})


class Lock(NamedTuple):
    """A lock file, what reads it and is installed for that, its command, its flag for a function and for unit tests."""

    file: str
    tool: str
    packages: str
    command: str
    function: str
    tests: str


LOCKS = [
    Lock("uv.lock", "uv", "uv", "export -q --frozen --no-hashes --no-emit-project", "--no-dev", "--all-groups"),
    Lock("poetry.lock", "poetry", "poetry poetry-plugin-export", "export --without-hashes", "", "--all-groups"),
    Lock("Pipfile.lock", "pipenv", "pipenv", "requirements", "", "--dev"),
]
each_lock = pytest.mark.parametrize("lock", LOCKS, ids=[lock.tool for lock in LOCKS])


def of_functions(done: Outcome) -> list[str]:
    return [call for call in done.of("pip") if "--target" in call]


def of_unit_tests(done: Outcome) -> list[str]:
    return [call for call in done.of("pip") if "--target" not in call]


def test_a_function_gets_what_its_requirements_ask_for(repository: Repository) -> None:
    done = run(Build(), repository({"src/requirements.txt": "tzdata\n"}))
    [call] = done.of("pip")
    assert call.startswith("/src|install -q -r requirements.txt --no-compile --target /")
    assert done.requirements == "tzdata\n"


@pytest.mark.parametrize("folder", ["tools/site", "'my site'"])
def test_a_suite_of_another_project_gets_the_packages_of_that_project(folder: str, repository: Repository) -> None:
    place = folder.strip("'")
    source = repository({f"{place}/requirements.txt": "tzdata\n", f"{place}/package.json": "{}"})
    done = run(Build({"UNIT_TEST_COMMAND": f"(cd {folder} && python -c pass) && npm -v"}), source)
    assert done.requirements == "tzdata\n"
    assert [call.partition("|")[0] for call in done.of("npm")][:1] == [f"/{place}"]


@each_lock
def test_a_lock_file_of_a_function_decides_its_packages(lock: Lock, repository: Repository) -> None:
    done = run(Build(), repository({f"src/{lock.file}": ""}))
    assert done.status == 0, done.log
    assert done.of(lock.tool) == [f"/src|{lock.command} {lock.function}".strip()]
    assert done.requirements == f"from-{lock.tool}==1\n"
    assert done.of("pip")[0] == f"/src|install -q {lock.packages}"
    assert len(of_functions(done)) == 1


@each_lock
@pytest.mark.parametrize("folder", ["", "src/", "tests/"])
def test_a_lock_file_gives_the_unit_tests_what_development_needs_too(
    folder: str, lock: Lock, repository: Repository
) -> None:
    done = run(TESTED, repository({f"{folder}{lock.file}": ""}))
    assert done.status == 0, done.log
    assert f"{'/' if folder else ''}{folder.rstrip('/')}|{lock.command} {lock.tests}" in done.of(lock.tool)


@each_lock
def test_a_lock_file_that_cannot_be_read_stops_the_build(lock: Lock, repository: Repository) -> None:
    done = run(Build({"FAILS": lock.tool}), repository({f"src/{lock.file}": ""}))
    assert done.status == 2
    assert not done.of("aws")


def test_requirements_beside_a_lock_file_are_what_the_function_gets(repository: Repository) -> None:
    done = run(Build(), repository({"src/requirements.txt": "tzdata\n", "src/uv.lock": ""}))
    assert done.requirements == "tzdata\n"
    assert not done.of("uv")


@pytest.mark.parametrize(
    "file",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements_test.txt",
        "dev-requirements.txt",
        "test-requirements.txt",
        "requirements/test.txt",
        "src/requirements.txt",
        "tests/requirements.txt",
        "tests/unit/requirements.txt",
        "src/tests/requirements-test.txt",
    ],
)
def test_what_tests_and_code_ask_for_is_there_for_the_unit_tests(file: str, repository: Repository) -> None:
    done = run(TESTED, repository({file: "tzdata\n"}))
    assert of_unit_tests(done)[:1] == [f"|install -q -r {file}"]


@pytest.mark.parametrize("file", ["requirements-docs.txt", "elsewhere/requirements.txt", "requirements/prod.txt"])
def test_what_neither_tests_nor_code_ask_for_is_not_installed(file: str, repository: Repository) -> None:
    assert run(TESTED, repository({file: "tzdata\n"})).of("pip") == []


def test_all_requirements_are_installed_at_once_so_that_they_fit_together(repository: Repository) -> None:
    done = run(TESTED, repository({"src/requirements.txt": "a\n", "tests/requirements.txt": "b\n"}))
    assert of_unit_tests(done) == ["|install -q -r src/requirements.txt -r tests/requirements.txt"]


def test_requirements_that_do_not_fit_together_are_installed_one_after_the_other(repository: Repository) -> None:
    files = {"src/requirements.txt": "a\n", "tests/requirements.txt": "b\n"}
    done = run(Build({**TESTED.environment, "FAILS": "pip-of-two"}), repository(files))
    assert done.status == 0, done.log
    assert of_unit_tests(done)[1:] == ["|install -q -r src/requirements.txt", "|install -q -r tests/requirements.txt"]


PROJECT = """\
[project]
name = "app"
dependencies = ["tzdata", "attrs>=23 ; python_version > '3'"]
[project.optional-dependencies]
test = ["coverage"]
docs = ["sphinx"]
[dependency-groups]
dev = ["pytest", {include-group = "types"}]
types = ["mypy"]
"""


def test_a_project_without_a_lock_file_says_itself_what_the_unit_tests_need(repository: Repository) -> None:
    done = run(TESTED, repository({"pyproject.toml": PROJECT}))
    assert of_unit_tests(done) == ["|install -q tzdata attrs>=23 ; python_version > '3' coverage pytest mypy"]


@pytest.mark.parametrize(
    ("file", "text", "tool", "locking"),
    [("pyproject.toml", "[tool.poetry]\n", "poetry", "|lock -q"), ("Pipfile", "", "pipenv", "|lock")],
)
def test_what_is_not_locked_is_locked_for_the_unit_tests(
    file: str, text: str, tool: str, locking: str, repository: Repository
) -> None:
    done = run(TESTED, repository({file: text}))
    assert done.status == 0, done.log
    assert done.of(tool)[0] == locking
    assert done.requirements == f"from-{tool}==1\n"


@pytest.mark.parametrize("place", ["src/requirements.txt", "requirements-dev.txt"])
def test_packages_that_cannot_be_installed_stop_the_build(place: str, repository: Repository) -> None:
    done = run(Build({**TESTED.environment, "FAILS": "pip"}), repository({place: "no-such-package\n"}))
    assert done.status == 1
    assert not done.of("aws")


def test_pytest_is_installed_where_it_is_called_and_nothing_asks_for_it(repository: Repository) -> None:
    hidden = {"no-pytest/sitecustomize.py": "import sys\nsys.modules['pytest'] = None\n"}
    done = run(Build({"UNIT_TEST_COMMAND": "true # pytest", "PYTHONPATH": "no-pytest"}), repository(hidden))
    assert of_unit_tests(done) == ["|install -q pytest"]


def test_the_packages_of_a_layer_lie_where_its_runtime_looks(repository: Repository) -> None:
    layer = "{Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer, CompatibleRuntimes: [python3.13]}}"
    source = repository({"app-sam.yaml": f"Resources: {{L: {layer}}}\n", "layer/requirements.txt": "greeting\n"})
    done = run(Build({"INSTALLS": "greeting.py"}), source)
    assert done.status == 0, done.log
    assert packed(source, "L") == ["python/greeting.py", "requirements.txt"]


def test_all_files_of_a_layer_that_sam_builds_lie_there(repository: Repository) -> None:
    properties = (
        "Properties: {ContentUri: layer, CompatibleRuntimes: [python3.13]}, Metadata: {BuildMethod: python3.13}"
    )
    layer = f"{{Type: AWS::Serverless::LayerVersion, {properties}}}"
    source = repository({"app-sam.yaml": f"Resources: {{L: {layer}}}\n", "layer/shared.py": ""})
    assert run(Build({}), source).status == 0
    assert packed(source, "L") == ["python/shared.py"]


@pytest.mark.slow
def test_packages_are_really_installed_for_functions_layers_and_unit_tests(repository: Repository) -> None:
    layer = "  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}\n"
    asked = dict.fromkeys(("src/requirements.txt", "layer/requirements.txt"), "./greeting-1.0-py3-none-any.whl\n")
    test = "import greeting\nassert greeting.WORD == 'hello'\n"
    root = {"requirements-dev.txt": "./src/greeting-1.0-py3-none-any.whl\n", "check.py": test}
    source = repository({**asked, **root, "app-sam.yaml": function("python3") + layer})
    for folder in ("src", "layer", "."):
        wheel(source / folder)
    done = run(Build({"UNIT_TEST_COMMAND": "python check.py", "PIP_NO_INDEX": "1"}, real=["python3"]), source)
    assert done.status == 0, done.log
    assert {"greeting.py", "hello.py"} <= set(packed(source, "Hello"))
    assert "python/greeting.py" in packed(source, "L")


@pytest.mark.slow
def test_pip_that_finds_no_such_package_stops_the_build(repository: Repository) -> None:
    source = repository({"src/requirements.txt": "./no-such.whl\n", "app-sam.yaml": function("python3")})
    done = run(Build({"PIP_NO_INDEX": "1"}, real=["python3"]), source)
    assert done.status == 1
    assert "no-such.whl" in done.log
    assert not done.of("aws")


def wheel(folder: Path) -> None:
    """The package `greeting`, of one module, ready to install without a network."""
    content = {
        "greeting.py": "WORD = 'hello'\n",
        "greeting-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n",
        "greeting-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={digest(text)},{len(text)}\n" for name, text in content.items())
    content["greeting-1.0.dist-info/RECORD"] = f"{record}greeting-1.0.dist-info/RECORD,,\n"
    with zipfile.ZipFile(folder / "greeting-1.0-py3-none-any.whl", "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
