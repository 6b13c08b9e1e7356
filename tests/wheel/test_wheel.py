"""What is published: the wheel holds what the checkout holds of Penstock, nothing else, and works without it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from generator import __version__
from generator.repository import assets

CHECKOUT = Path(__file__).parents[2]
# Top-level folders of the checkout that lie inside the package in the wheel.
MOVED = ("blueprints", "buildspecs", "test_runner_lambda")
STARTER = "blueprints/time-service-python/pipeline.yaml"
DIST_INFO = f"penstock-{__version__}.dist-info"

pytestmark = pytest.mark.slow


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        check=True,
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist of the checkout, and the wheel made of that sdist."""
    folder = tmp_path_factory.mktemp("built")
    run("-m", "build", "--no-isolation", "--outdir", str(folder), str(CHECKOUT), cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed outside the checkout; its dependencies are those of this environment."""
    target = tmp_path_factory.mktemp("installed")
    run("-m", "pip", "install", "--no-deps", "--no-index", "--target", str(target), str(wheel), cwd=target)
    return target


def in_the_checkout(*folders: str) -> set[str]:
    """The files git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    listed = subprocess.run(command, check=True, cwd=CHECKOUT, capture_output=True, text=True).stdout.splitlines()
    return {path for path in listed if (CHECKOUT / path).exists()}


def test_the_wheel_holds_the_package_and_what_it_reads_and_nothing_else(wheel: Path) -> None:
    expected = in_the_checkout("generator") | {f"generator/{path}" for path in in_the_checkout(*MOVED)}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith(f"{DIST_INFO}/")}
    assert packed == expected


@pytest.mark.parametrize(
    "file",
    [
        "generator/py.typed",
        "generator/pipeline.schema.json",
        "generator/cli/main.py",
        "generator/blueprints/time-service-python/pipeline.yaml",
        "generator/buildspecs/commands.yml",
        "generator/buildspecs/sam.yml",
        "generator/buildspecs/sam/bundles.py",
        "generator/test_runner_lambda/start_tests.py",
        f"{DIST_INFO}/licenses/LICENSE",
    ],
)
def test_the_wheel_holds_what_cannot_be_missed(file: str, wheel: Path) -> None:
    assert file in zipfile.ZipFile(wheel).namelist()


def test_no_rubbish_is_packed(wheel: Path) -> None:
    rubbish = {"__pycache__", "node_modules", ".pytest_cache", ".venv", ".git"}
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if rubbish & set(name.split("/")) or name.endswith(".pyc")] == []
    assert {name.split("/")[0] for name in names} == {"generator", DIST_INFO}


def test_the_sdist_holds_the_tests_and_no_environment(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        folders = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert {"tests", "docs", "generator", *MOVED} <= folders
    assert not {".venv", ".git", ".ci"} & folders


def generated(cwd: Path, pipeline: Path, **environment: str) -> str:
    return run("-m", "generator.cli", "generate", str(pipeline), cwd=cwd, **environment).stdout


def test_the_installed_wheel_generates_the_same_bytes_as_the_checkout(installed: Path, tmp_path: Path) -> None:
    alone = {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    where = run("-c", "import generator; print(generator.__file__)", cwd=tmp_path, **alone).stdout.strip()
    assert Path(where).is_relative_to(installed)
    assert generated(tmp_path, installed / "generator" / STARTER, **alone) == generated(CHECKOUT, CHECKOUT / STARTER)


def test_the_installed_wheel_begins_a_new_repository(installed: Path, tmp_path: Path) -> None:
    command = ("-m", "generator.cli", "init", "clock", "--blueprint", "time-service-python")
    run(*command, cwd=tmp_path, PYTHONPATH=str(installed))
    assert "service: clock\n" in (tmp_path / "clock" / "pipeline.yaml").read_text(encoding="utf-8")


def test_an_editable_install_reads_the_checkouts_own_folders() -> None:
    assert [assets.folder(name) for name in ("blueprints", "buildspecs", "test_runner_lambda")] == [
        CHECKOUT / name for name in MOVED
    ]
