"""Runtimes: which of the machine's programs stand in for those a build asks for, and how that is said."""

from __future__ import annotations

import base64
import os
import shutil
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.cache import make_once
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.interpreters import Interpreter, nearest_python
from generator.rehearsal.codebuild.python_home import make_python_home
from generator.rehearsal.codebuild.runtimes import provide_runtimes
from tests.buildspecs.test_sam_python_build import wheel
from tests.rehearsal.codebuild.build_runner import BuildRunner

OURS = f"{sys.version_info.major}.{sys.version_info.minor}"


def program(folder: Path, name: str, script: str) -> Path:
    """A program on a PATH of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    return folder / name


def fake_python(folder: Path, minor: int) -> Path:
    """A program that answers as a Python would."""
    return program(folder, f"python3.{minor}", f"echo 3.{minor}.1; echo /nowhere")


def machine(tmp_path: Path) -> dict[str, str]:
    """The variables of a machine with nothing on it."""
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home")}


def test_the_asked_python_is_taken_if_it_is_there(tmp_path: Path) -> None:
    for minor in (11, 12, 13):
        fake_python(tmp_path / "bin", minor)
    assert nearest_python("3.12", machine(tmp_path)) == Interpreter(str(tmp_path / "bin" / "python3.12"), "3.12.1")


@pytest.mark.parametrize(("asked", "expected"), [("3.12", "3.13.1"), ("3.14", "3.13.1"), ("3.9", "3.11.1")])
def test_otherwise_the_nearest_stands_in(tmp_path: Path, asked: str, expected: str) -> None:
    for minor in (11, 13):
        fake_python(tmp_path / "bin", minor)
    interpreter = nearest_python(asked, machine(tmp_path))
    assert interpreter
    assert interpreter.version == expected


@pytest.mark.parametrize("asked", ["", "latest", "3.x"])
def test_who_does_not_care_gets_python3(tmp_path: Path, asked: str) -> None:
    fake_python(tmp_path / "bin", 13)
    program(tmp_path / "bin", "python3", "echo 3.11.2; echo /nowhere")
    interpreter = nearest_python(asked, machine(tmp_path))
    assert interpreter
    assert interpreter.version == "3.11.2"


def test_a_shim_with_nothing_behind_it_is_no_python(tmp_path: Path) -> None:
    program(tmp_path / "bin", "python3.13", "echo 'python3.13: command not found' >&2; exit 127")
    fake_python(tmp_path / "bin", 11)
    interpreter = nearest_python("3.13", machine(tmp_path))
    assert interpreter
    assert interpreter.version == "3.11.1"


@pytest.mark.parametrize("place", [".pyenv/versions/3.13.4/bin", ".local/share/uv/python/cpython-3.13.4-linux/bin"])
def test_pythons_of_pyenv_and_uv_are_found(tmp_path: Path, place: str) -> None:
    fake_python(tmp_path / "home" / place, 13)
    interpreter = nearest_python("3.13", machine(tmp_path))
    assert interpreter
    assert interpreter.program == str(tmp_path / "home" / place / "python3.13")


def test_a_machine_without_python_is_told(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    with pytest.raises(PhaseFailedError, match="no Python answers"):
        provide_runtimes({}, machine(tmp_path), tmp_path, user=tmp_path, cache=tmp_path, say=print)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (OURS, f"Selecting 'python' runtime version '{OURS}': this machine's {OURS}."),
        ("3.99", "'python' runtime version '3.99' is not on this machine: 3."),
        ("latest", "Selecting 'python' runtime version 'latest': this machine's 3."),
        ("$WANTED", f"Selecting 'python' runtime version '{OURS}'"),
    ],
)
def test_the_version_that_stands_in_is_said(runner: BuildRunner, asked: str, words: str) -> None:
    ended = runner.build(
        f"version: 0.2\nenv: {{variables: {{WANTED: '{OURS}'}}}}\n"
        f"phases: {{install: {{runtime-versions: {{python: {asked}}}}}}}\n"
    )
    assert ended.status == "SUCCEEDED"
    assert words in runner.log_text()


@pytest.mark.parametrize("expected", ["20", "20.x", "18"])
def test_node_is_the_machines_own_and_its_version_is_said(runner: BuildRunner, expected: str, tmp_path: Path) -> None:
    program(tmp_path / "node", "node", "[ $1 = -p ] && echo not-a-path || echo v20.1.0")
    path = f"{tmp_path / 'node'}{os.pathsep}{runner.host.variables['PATH']}"
    runner.host = replace(runner.host, variables={**runner.host.variables, "PATH": path})
    ended = runner.build(
        f"version: 0.2\nphases: {{install: {{runtime-versions: {{nodejs: {expected}}}, commands: [node --version]}}}}\n"
    )
    assert ended.status == "SUCCEEDED"
    assert runner.output() == ["v20.1.0"]
    stands_in = "is not on this machine: v20.1.0 stands in" if expected == "18" else "this machine's v20.1.0"
    assert f"'nodejs' runtime version '{expected}'" in runner.log_text()
    assert stands_in in runner.log_text()


def test_node_of_a_version_manager_is_found_behind_its_shim(runner: BuildRunner, tmp_path: Path) -> None:
    real = program(tmp_path / "real", "node", "echo v22.2.0")
    home = runner.host.variables["HOME"]
    shim = f"[ $HOME = {home} ] || exit 1; [ $1 = -p ] && echo {real} || echo v22.2.0"
    program(tmp_path / "shims", "node", shim)
    path = f"{tmp_path / 'shims'}{os.pathsep}{runner.host.variables['PATH']}"
    runner.host = replace(runner.host, variables={**runner.host.variables, "PATH": path})
    ended = runner.build(
        "version: 0.2\nphases: {install: {runtime-versions: {nodejs: 22}, commands: [readlink -f $(which node)]}}\n"
    )
    assert ended.status == "SUCCEEDED"
    assert runner.output() == [str(real)]


def test_the_folder_of_a_runtime_brings_nothing_else_in_front_of_the_users_path(
    runner: BuildRunner, tmp_path: Path
) -> None:
    real = program(tmp_path / "real", "node", f"[ $1 = -p ] && echo {tmp_path / 'real/node'} || echo v22.2.0")
    program(tmp_path / "real", "own", "echo beside node")
    program(tmp_path / "front", "own", "echo in front")
    path = os.pathsep.join([str(tmp_path / "front"), str(real.parent), runner.host.variables["PATH"]])
    runner.host = replace(runner.host, variables={**runner.host.variables, "PATH": path})
    runner.build("version: 0.2\nphases: {install: {runtime-versions: {nodejs: 22}, commands: [own]}}\n")
    assert runner.output() == ["in front"]


def test_pip_installs_for_the_user_as_in_awss_images(runner: BuildRunner) -> None:
    spec = (
        "version: 0.2\nphases:\n  build:\n    commands:\n"
        "    - base64 -d wheel.txt > greeting-1.0-py3-none-any.whl\n"
        "    - pip install -q --user --no-index ./greeting-1.0-py3-none-any.whl\n"
        "    - python3 -c 'import greeting; print(greeting.WORD)'\n"
    )
    folder = runner.folder / "wheel"
    folder.mkdir()
    wheel(folder)
    archive = (folder / "greeting-1.0-py3-none-any.whl").read_bytes()
    runner.build(spec, {"wheel.txt": base64.b64encode(archive).decode()})
    assert runner.output() == ["hello"]


def test_what_awss_images_bring_for_python_can_be_imported(runner: BuildRunner) -> None:
    # Python 3.12 has no distutils of its own: what uses it runs there, since setuptools has one.
    program = "import boto3, yaml, distutils.version as version; print(version.__name__, version.__file__)"
    runner.build(f"version: 0.2\nphases: {{build: {{commands: ['python3 -c \"{program}\"']}}}}\n")
    (line,) = runner.output()
    assert line.endswith("setuptools/_distutils/version.py")


def test_a_runtime_the_machine_lacks_is_not_rehearsed(tmp_path: Path) -> None:
    with pytest.raises(PhaseFailedError, match="no 'java' answers on this machine") as caught:
        provide_runtimes(
            {"java": "corretto21"}, {"PATH": str(tmp_path)}, tmp_path, user=tmp_path, cache=tmp_path, say=print
        )
    assert caught.value.not_rehearsed


def test_a_runtime_aws_does_not_have_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(PhaseFailedError, match="Unknown runtime named 'perl'") as caught:
        provide_runtimes({"perl": "5"}, {"PATH": str(tmp_path)}, tmp_path, user=tmp_path, cache=tmp_path, say=print)
    assert caught.value.code == "YAML_FILE_ERROR"
    assert not caught.value.not_rehearsed


PACKAGE = {
    "package/pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
    "package/backend.py": """
import zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "hello_penstock-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("hello_penstock.py", "print('hello')")
        about = "hello_penstock-1.0.dist-info"
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\\nName: hello-penstock\\nVersion: 1.0\\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(f"{about}/RECORD", "")
    return name
""",
}


@pytest.mark.slow
def test_what_a_build_installs_goes_with_the_build(runner: BuildRunner) -> None:
    spec = (
        "version: 0.2\nphases: {build: {commands: [pip install --no-index --no-build-isolation ./package, "
        "python -m hello_penstock, 'pip list --format=freeze | grep hello']}}\n"
    )
    ended = runner.build(spec, PACKAGE)
    assert ended.status == "SUCCEEDED"
    assert runner.output()[-2:] == ["hello", "hello-penstock==1.0"]
    again = runner.build("version: 0.2\nphases: {build: {commands: [python -m hello_penstock]}}\n")
    assert again.status == "FAILED"


def test_every_build_has_python_and_pip_of_its_own(runner: BuildRunner) -> None:
    runner.build("version: 0.2\nphases: {build: {commands: [which python python3 pip pip3, pip --version]}}\n")
    *programs, version = runner.output()
    home = runner.folder / "build1" / "0" / "python" / "bin"
    assert programs == [str(home / name) for name in ("python", "python3", "pip", "pip3")]
    assert version.startswith("pip ")


def test_a_python_that_makes_no_environment_is_said(tmp_path: Path) -> None:
    broken = program(tmp_path, "python3.11", "echo 'no venv here' >&2; exit 1")
    with pytest.raises(PhaseFailedError, match="makes no virtual environment: no venv here"):
        make_python_home(tmp_path / "home", Interpreter(str(broken), "3.11.1"), tmp_path / "cache", {})


def test_a_thing_is_made_once(tmp_path: Path) -> None:
    homes: list[Path] = []
    for _ in range(2):
        assert make_once(tmp_path / "thing", homes.append) == tmp_path / "thing"
    assert homes == [tmp_path / "thing"]


def test_a_thing_that_was_half_made_is_made_anew(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        make_once(tmp_path / "thing", fail)
    make_once(tmp_path / "thing", lambda folder: (folder / "whole").touch())
    assert sorted(path.name for path in (tmp_path / "thing").iterdir()) == [".whole", "whole"]


def test_a_thing_that_is_not_sound_any_more_is_made_anew(tmp_path: Path) -> None:
    homes: list[Path] = []
    make_once(tmp_path / "thing", homes.append)
    make_once(tmp_path / "thing", homes.append, sound=lambda folder: (folder / "needed").exists())
    assert len(homes) == 2


def test_an_environment_is_links_and_little_more(tmp_path: Path, cache: Path, variables: dict[str, str]) -> None:
    python = nearest_python("", variables)
    assert python
    programs = make_python_home(tmp_path / "python", python, cache, variables)
    assert stat.S_ISLNK((programs / "python").lstat().st_mode)
    assert shutil.which("pip", path=str(programs))
    assert sum(file.stat().st_size for file in (tmp_path / "python").rglob("*") if not file.is_symlink()) < 100_000
