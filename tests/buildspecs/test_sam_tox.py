"""Packages that only tox's configuration names: they are installed for the unit tests, which run without tox."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from packages import asked_for
from tox_deps import options, toml

from tests.buildspecs.builds import Build, run
from tests.buildspecs.conftest import Repository

HERE = f"py{sys.version_info[0]}{sys.version_info[1]}"
MOTO = "'moto[s3] >= 5; python_version > '\"'\"'3'\"'\"''"
INI = """\
[tox]
envlist = py

[testenv]
deps =
    pytest-mock==3  # fakes
    # nothing
    moto[s3] >= 5; python_version > '3'
"""
TOML = """\
[{0}env_run_base]
deps = ["pytest-mock==3", {{ replace = "ref" }}]
[{0}env.lint]
deps = ["ruff"]
[{0}env.unit]
deps = ["moto"]
"""
Options = Callable[..., list[str]]


@pytest.fixture
def asked(tmp_path: Path) -> Options:
    """What pip is asked for where these files lie at the source's root, by those of a folder."""

    def of(files: Mapping[str, str], folder: str = ".") -> list[str]:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        with contextlib.chdir(tmp_path):
            return options(str(tmp_path / folder))

    return of


@pytest.mark.parametrize(
    ("file", "text", "packages"),
    [
        ("tox.ini", INI, ["pytest-mock==3", MOTO]),
        ("setup.cfg", f"[tox:tox]\n{INI}", ["pytest-mock==3", MOTO]),
        ("pyproject.toml", f'[tool.tox]\nlegacy_tox_ini = """\n{INI}"""\n', ["pytest-mock==3", MOTO]),
        ("pyproject.toml", TOML.format("tool.tox."), ["pytest-mock==3", "moto"]),
        ("tox.toml", TOML.format(""), ["pytest-mock==3", "moto"]),
        ("setup.cfg", INI, []),
    ],
    ids=["tox.ini", "setup.cfg", "legacy_tox_ini", "pyproject.toml", "tox.toml", "setup.cfg of others"],
)
def test_every_file_that_configures_tox_is_read(file: str, text: str, packages: list[str], asked: Options) -> None:
    assert asked({file: text}) == packages


@pytest.mark.parametrize("name", ["unit", "py3-test", "py{311,312,313}", "{py313,py314}-unit", "coverage"])
def test_an_environment_that_runs_unit_tests_counts(name: str, asked: Options) -> None:
    assert asked({"tox.ini": f"[testenv:{name}]\ndeps = moto\n"}) == ["moto"]


@pytest.mark.parametrize("name", ["lint", "docs", "integration-test", "py313-mypy", "release"])
def test_one_that_does_something_else_does_not(name: str, asked: Options) -> None:
    assert asked({"tox.ini": f"[testenv:{name}]\ndeps = moto\n"}) == []


@pytest.mark.parametrize(
    ("line", "packages"),
    [
        (f"{HERE}: a", "a"),
        (f"py{{27,{HERE[2:]}}}: a", "a"),
        (f"django4,{HERE}: a", "a"),
        ("!py27: a", "a"),
        ("py27: a", ""),
        (f"!{HERE}: a", ""),
        (f"{HERE}-django4: a", ""),
        ("-rrequirements/ci.txt", "-r requirements/ci.txt"),
        ("-r {toxinidir}/ci.txt", "-r ci.txt"),
        ("-e .", "-e ."),
        (".[extra]", "'./.[extra]'"),
        ("git+https://example.com/a.git", "git+https://example.com/a.git"),
        ("{[base]deps}", "b"),
        ("x; rm -rf $HOME", "'x; rm -rf $HOME'"),
    ],
)
def test_a_line_means_what_it_means_to_tox(line: str, packages: str, asked: Options) -> None:
    files = {"tox.ini": f"[base]\ndeps = b\n[testenv]\ndeps =\n  {line}\n"}
    assert asked(files) == ([packages] if packages else [])


def test_paths_are_those_of_the_folder_that_has_the_file(asked: Options) -> None:
    files = {"src/tox.ini": "[testenv]\ndeps =\n  -rci.txt\n  ./wheels/a.whl\n"}
    assert asked(files, "src") == ["-r src/ci.txt", "./src/wheels/a.whl"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[testenv]\ndeps = {env:PLUGIN}\n", ".: not installed, since only tox knows what it is: {env:PLUGIN}"),
        ("deps = a\n", "tox's configuration is not read"),
        ("[a]\ndeps = {[testenv]deps}\n[testenv]\ndeps = {[a]deps}\n", ""),
    ],
)
def test_what_cannot_be_known_here_is_left_out_and_the_log_says_so(
    text: str, words: str, asked: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked({"tox.ini": text}) == []
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        '[tool.hatch.envs.default]\ndependencies = ["a"]\n[tool.hatch.envs.docs]\ndependencies = ["c"]\n',
        '[tool.hatch.envs.test]\nextra-dependencies = ["a"]\n',
        '[tool.pdm.dev-dependencies]\ntest = ["a"]\n',
    ],
)
def test_the_environments_of_hatch_and_the_groups_of_pdm_ask_for_packages_too(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert asked_for(toml(str(tmp_path / "pyproject.toml"))) == ["a"]


def test_a_build_installs_them_together_with_the_requirements_and_the_runner_it_calls(repository: Repository) -> None:
    files = {"requirements-dev.txt": "a\n", "tox.ini": "[testenv]\ndeps =\n  -r requirements-dev.txt\n  b\n  b\n"}
    done = run(Build({"UNIT_TEST_COMMAND": "true # tox -e unit"}), repository(files))
    assert done.status == 0, done.log
    assert done.of("pip")[:2] == ["|install -q -r requirements-dev.txt b", "|install -q tox"]
