"""What builds install: a second one with the same requirements gets a copy, where that is as good as asking pip."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.repeated_install import BeyondError, copy_of
from tests.buildspecs.test_sam_python_build import wheel
from tests.rehearsal.codebuild.build_runner import BuildRunner
from tests.rehearsal.codebuild.test_runtimes import PACKAGE

REPEATED = ": as some build installed them within the hour"


def only_from(folder: Path, runner: BuildRunner) -> Path:
    """A new folder; the machine's pip gets packages from there, and asks no index."""
    folder.mkdir()
    variables = {**runner.host.variables, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    runner.host = replace(runner.host, variables=variables)
    return folder


def build(runner: BuildRunner, *commands: str) -> list[str]:
    """What a build that succeeds writes."""
    listed = "".join(f"    - {command}\n" for command in commands)
    ended = runner.build(
        f"version: 0.2\nphases:\n  build:\n    commands:\n{listed}",
        {"requirements.txt": "-r more.txt", "more.txt": "greeting"},
    )
    assert ended.status == "SUCCEEDED", runner.output()
    return runner.output()


@pytest.mark.slow
def test_an_install_is_repeated_from_a_copy_and_says_so(runner: BuildRunner, tmp_path: Path) -> None:
    wheel(only_from(tmp_path / "packages", runner))
    commands = (
        "pip install -q -r requirements.txt",
        "python -c 'import greeting; print(greeting.WORD)'",
        "pip install -q --target code greeting==1.0",
        "ls code",
        "pip uninstall -q -y greeting",
    )
    assert build(runner, *commands) == ["hello", "greeting-1.0.dist-info", "greeting.py"]
    assert build(runner, *commands) == [
        f"greeting 1.0{REPEATED}",
        "hello",
        f"greeting 1.0{REPEATED}",
        "greeting-1.0.dist-info",
        "greeting.py",
    ]


@pytest.mark.slow
def test_what_a_build_writes_into_its_packages_reaches_no_other_build(runner: BuildRunner, tmp_path: Path) -> None:
    wheel(only_from(tmp_path / "packages", runner))
    install, speak = "pip install -q greeting", "python -c 'import greeting; print(greeting.WORD)'"
    spoil = 'echo "WORD = 0" >> "$(python -c "import greeting; print(greeting.__file__)")"'
    assert build(runner, install, spoil, speak) == ["0"]
    assert build(runner, install, speak) == ["hello"]


@pytest.mark.slow
def test_a_package_whose_own_program_ran_is_built_anew(runner: BuildRunner, tmp_path: Path) -> None:
    with tarfile.open(only_from(tmp_path / "packages", runner) / "hello_penstock-1.0.tar.gz", "w:gz") as archive:
        for name, text in PACKAGE.items():
            entry = tarfile.TarInfo(name.replace("package/", "hello_penstock-1.0/"))
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    commands = ("pip install -q hello-penstock", "python -m hello_penstock")
    assert build(runner, *commands) == ["hello"]
    assert build(runner, *commands) == ["hello"]


@pytest.mark.parametrize(
    "command",
    [
        "list",
        "install",
        "install .",
        "install -e .",
        "install ./greeting-1.0-py3-none-any.whl",
        "install https://example.com/greeting-1.0-py3-none-any.whl",
        "install greeting@git+https://example.com/greeting",
        "install --user greeting",
        "install -c constraints.txt greeting",
        "install -r hashed.txt",
        "install -r round.txt",
        "install --target used greeting",
    ],
)
def test_what_depends_on_more_than_requirements_is_always_pips(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "hashed.txt").write_text("greeting==1.0 --hash=sha256:00")
    (tmp_path / "round.txt").write_text("-r round.txt")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "module.py").touch()
    with pytest.raises(BeyondError):
        copy_of(command.split())


@pytest.mark.parametrize("variable", ["PIP_PREFIX", "PIP_PRE", "PIP_REQUIREMENT"])
def test_a_setting_that_changes_what_is_installed_leaves_it_to_pip(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))
    command = ["install", "--target", str(tmp_path / "code"), "greeting"]
    copy, _, _ = copy_of(command)
    assert copy.is_relative_to(tmp_path / "cache")
    monkeypatch.setenv(variable, "1")
    with pytest.raises(BeyondError):
        copy_of(command)


def test_another_index_or_requirement_is_another_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))
    target = ["install", "--target", str(tmp_path / "code")]
    copies = {copy_of([*target, "greeting"])[0], copy_of([*target, "greeting==1.0"])[0]}
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example.com/simple")
    copies.add(copy_of([*target, "greeting"])[0])
    assert len(copies) == 3
