"""What a build installs for Python: from requirements, from lock files, and what the unit tests find."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.buildspecs.builds import Build, Outcome, run
from tests.buildspecs.conftest import Repository


class Lock(NamedTuple):
    """A lock file, what reads it and is installed for that, its command, its flag for a function and for unit tests."""

    file: str
    tool: str
    packages: str
    command: str
    function: str
    tests: str


LOCKS = [
    Lock("uv.lock", "uv", "uv", "export -q --frozen --no-hashes --no-emit-project", " --no-dev", " --all-groups"),
    Lock("poetry.lock", "poetry", "poetry poetry-plugin-export", "export --without-hashes", "", " --all-groups"),
    Lock("Pipfile.lock", "pipenv", "pipenv", "requirements", "", " --dev"),
]
each_lock = pytest.mark.parametrize("lock", LOCKS, ids=[lock.tool for lock in LOCKS])


def of_functions(done: Outcome) -> list[str]:
    return [call for call in done.of("pip") if "--target" in call]


def of_unit_tests(done: Outcome) -> list[str]:
    return [call for call in done.of("pip") if "--target" not in call and " -r " in call]


def test_a_function_gets_what_its_requirements_ask_for(repository: Repository) -> None:
    done = run(Build("python"), repository({"src/requirements.txt": "tzdata\n"}))
    assert done.of("pip") == ["/src|install -q -r requirements.txt --upgrade --target ."]
    assert done.requirements == "tzdata\n"


@each_lock
def test_a_lock_file_of_a_function_decides_its_packages(lock: Lock, repository: Repository) -> None:
    done = run(Build("python"), repository({f"src/{lock.file}": ""}))
    assert done.status == 0, done.log
    assert done.of(lock.tool) == [f"/src|{lock.command}{lock.function}"]
    assert done.requirements == f"from-{lock.tool}==1\n"
    assert done.of("pip")[0] == f"/src|install -q {lock.packages}"
    assert len(of_functions(done)) == 1


@each_lock
def test_a_lock_file_at_the_root_gives_the_unit_tests_what_development_needs_too(
    lock: Lock, repository: Repository
) -> None:
    done = run(Build("python"), repository({lock.file: ""}))
    assert done.status == 0, done.log
    assert done.of(lock.tool) == [f"|{lock.command}{lock.tests}"]
    assert len(of_unit_tests(done)) == 1
    assert not of_functions(done)


@each_lock
def test_a_lock_file_that_cannot_be_read_stops_the_build(lock: Lock, repository: Repository) -> None:
    done = run(Build("python", {"FAILS": lock.tool}), repository({f"src/{lock.file}": ""}))
    assert done.status == 2
    assert not done.of("aws")


def test_requirements_beside_a_lock_file_are_what_the_function_gets(repository: Repository) -> None:
    done = run(Build("python"), repository({"src/requirements.txt": "tzdata\n", "src/uv.lock": ""}))
    assert done.requirements == "tzdata\n"
    assert not done.of("uv")


def test_everything_the_root_asks_for_is_there_for_the_unit_tests(repository: Repository) -> None:
    names = ["requirements.txt", "requirements-dev.txt"]
    done = run(Build("python"), repository({name: f"{name}\n" for name in names} | {"uv.lock": ""}))
    assert done.requirements.splitlines() == [*names, "from-uv==1"]
    assert len(of_unit_tests(done)) == 3
    assert not of_functions(done)


@pytest.mark.parametrize("place", ["src/requirements.txt", "requirements-dev.txt"])
def test_packages_that_cannot_be_installed_stop_the_build(place: str, repository: Repository) -> None:
    done = run(Build("python", {"FAILS": "pip"}), repository({place: "no-such-package\n"}))
    assert done.status == 1
    assert not done.of("aws")


def test_pytest_writes_the_report_whatever_command_runs_it(repository: Repository) -> None:
    tests = {"tests/test_one.py": "def test_one(): pass\n", "requirements-dev.txt": "pytest\n"}
    source = repository({**tests, "work/empty": ""})
    command = "cd work && python -m pytest -q -p no:cacheprovider ../tests"
    done = run(Build("python", {"UNIT_TEST_COMMAND": command, "PYTEST_ADDOPTS": "--strict-markers"}), source)
    assert done.status == 0, done.log
    assert 'name="test_one"' in (source / "reports/unit.xml").read_text()


def test_the_report_of_a_red_pytest_is_kept(repository: Repository) -> None:
    source = repository({"test_one.py": "def test_one(): assert False\n", "requirements-dev.txt": "pytest\n"})
    done = run(Build("python", {"UNIT_TEST_COMMAND": "python -m pytest -q -p no:cacheprovider"}), source)
    assert done.status == 1
    assert "<failure" in (source / "reports/unit.xml").read_text()
    assert not done.of("aws")


@pytest.mark.slow
def test_packages_are_really_installed_for_functions_layers_and_unit_tests(repository: Repository) -> None:
    template = "{Resources: {F: {CodeUri: src}, L: {ContentUri: layer}}}"
    asked = dict.fromkeys(("src/requirements.txt", "layer/requirements.txt"), "./greeting-1.0-py3-none-any.whl\n")
    test = "import greeting\nassert greeting.WORD == 'hello'\n"
    root = {"requirements-dev.txt": "./src/greeting-1.0-py3-none-any.whl\n", "check.py": test}
    source = repository({**asked, **root, "app-sam.yaml": template})
    for folder in ("src", "layer"):
        wheel(source / folder)
    command = {"UNIT_TEST_COMMAND": "python check.py", "PIP_NO_INDEX": "1"}
    done = run(Build("python", command, real=["python3"]), source)
    assert done.status == 0, done.log
    assert (source / "src/greeting.py").is_file()
    assert (source / "layer/python/greeting.py").is_file()
    assert done.of("aws")


@pytest.mark.slow
def test_pip_that_finds_no_such_package_stops_the_build(repository: Repository) -> None:
    source = repository({"src/requirements.txt": "./no-such.whl\n"})
    done = run(Build("python", {"PIP_NO_INDEX": "1"}, real=["python3"]), source)
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
