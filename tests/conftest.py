"""What all tests share: goldens with the flag that writes them anew, and how property tests run."""

from __future__ import annotations

import compileall
import gc
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import generator
from tests.versions import versions

if TYPE_CHECKING:
    from tests.aws.local import Cloud

# The same examples in every run and on every machine: what is red here is red everywhere.
settings.register_profile("steady", derandomize=True, database=None, deadline=None)
# pytest --hypothesis-profile=thorough: many more, and others each time.
settings.register_profile("thorough", max_examples=3000, deadline=None)
settings.load_profile("steady")

Golden = Callable[[Path, str], None]

# Slow is what starts an emulator, a build or a program that imports much, and what searches long for a counter-example.
_SLOW_FIXTURES = {"cloud", "emulator", "machine", "recording", "wheel"}
_SLOW_FOLDERS = {
    Path(__file__).parent / folder
    for folder in (
        "benchmarks",
        "blueprints",
        "buildspecs",
        "end_to_end",
        "properties",
        "rehearsal/accounts",
        "rehearsal/cfn_lint",
        "rehearsal/codebuild",
        "rehearsal/emulator",
        "rehearsal/sandbox",
        "rehearsal/starters",
        "wheel",
    )
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the goldens anew instead of comparing with them")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import nothing of a folder whose tests would all be left out."""
    return True if config.getoption("markexpr") == "not slow" and collection_path in _SLOW_FOLDERS else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by what it uses and where it stands."""
    for item in items:
        fixtures = _SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if fixtures or _SLOW_FOLDERS.intersection(item.path.parents):
            item.add_marker("slow")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """Show what a red run used: the reason may be a version, and the machine it ran on may be gone."""
    if exitstatus == pytest.ExitCode.TESTS_FAILED:
        terminalreporter.section("versions")
        for line in versions():
            terminalreporter.line(line)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the package once: the tests start many processes, and a shell may have told Python to write nothing."""
    # Tests and what they import live to the end: the collector would look at them again and again in vain.
    gc.set_threshold(50_000, 20, 50)
    if not hasattr(session.config, "workerinput"):
        compileall.compile_dir(Path(generator.__file__).parent, quiet=2)


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with a file, byte for byte; with --rewrite the file becomes the text."""
    rewrite = request.config.getoption("--rewrite")

    def compare(path: Path, actual: str) -> None:
        if rewrite:
            path.write_text(actual, encoding="utf-8", newline="")
        assert path.exists(), f"{path} is not there: look at what --rewrite makes of it"
        assert actual == path.read_bytes().decode()

    return compare


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """One account on this machine for all tests that ask for one; their services have different names."""
    from tests.aws import local  # noqa: PLC0415 - the tests without an account need no boto3

    with local.cloud() as opened:
        yield opened


@pytest.fixture
def outside_tmp() -> Iterator[Path]:
    """A folder outside of /tmp, to which every rehearsed program may write, as on Lambda."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)
