"""The blueprints go through the real build: packages installed, unit tests run and reported, functions ready to go."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.blueprints.languages import CHECKS, Language, blueprint, copy, handler_of
from tests.blueprints.services import behind_a_gateway, served
from tests.buildspecs.builds import Build, Outcome, packed, run

BUILDS: dict[Language, Build] = {
    "python": Build({"UNIT_TEST_COMMAND": "python -m pytest tests/unit"}, real=["python3"]),
    "node": Build({"UNIT_TEST_COMMAND": "npm test"}, real=["npm"]),
}
Built = Callable[[Language], tuple[Path, Outcome]]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Builds a blueprint, once a session."""
    done: dict[Language, tuple[Path, Outcome]] = {}

    def build(language: Language) -> tuple[Path, Outcome]:
        if language not in done:
            source = copy(language, tmp_path_factory.mktemp(language) / "source")
            # The registries of this machine, and what it has downloaded before.
            own = {name: value for name, value in os.environ.items() if name != "PATH"}
            asked = BUILDS[language]
            variables = {**own, "TESTS_TEMPLATE": "test-sam.yaml", **asked.environment}
            done[language] = source, run(Build(variables, real=asked.real), source)
        return done[language]

    return build


def test_the_unit_tests_of_python_pass() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=blueprint("python"), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("language", BUILDS)
def test_it_builds_as_it_is(language: Language, built: Built) -> None:
    source, done = built(language)
    assert done.status == 0, done.log
    assert (source / "app-output_sam.yaml").is_file()
    assert (source / "test-output_sam.yaml").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("language", BUILDS)
def test_its_unit_tests_are_reported(language: Language, built: Built) -> None:
    source, _ = built(language)
    report = ET.parse(source / "reports/unit-1.xml")  # noqa: S314 - written by our own build
    assert len(list(report.iter("testcase"))) >= 20
    assert not list(report.iter("failure"))
    assert not list(report.iter("skipped"))


@pytest.mark.slow
@pytest.mark.parametrize(("language", "package"), [("python", "tzdata/"), ("node", "node_modules/express/")])
def test_the_packages_of_the_function_lie_beside_its_code(language: Language, package: str, built: Built) -> None:
    source, _ = built(language)
    assert any(name.startswith(package) for name in packed(source, "TimeFunction"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "zones"),
    [("python", ["", "/America/New_York", "/Etc/GMT+5"]), ("node", ["", "/America/New_York", "/Etc/GMT+5"])],
)
def test_what_was_built_passes_its_own_integration_tests(language: Language, zones: list[str], built: Built) -> None:
    source, _ = built(language)
    service = behind_a_gateway(handler_of(source / {"python": "src/app.py", "node": "src/index.js"}[language]))
    assert [service(f"/time{zone}")[0] for zone in zones] == [200] * len(zones)
    with served(service) as url:
        result = handler_of(source / CHECKS[language])({"api_url": url})
    assert result == {"passed": 3, "failed": 0, "summary": "3 of 3 checks passed"}
