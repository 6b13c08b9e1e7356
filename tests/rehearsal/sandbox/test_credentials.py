"""Keys of the user's: which there are, and that nobody inside reads them, whatever he calls them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.cache import cache_folder
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.sandbox.credentials import hidden, lying
from generator.rehearsal.sandbox.landlock import beside, hide
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small

HIDDEN = """\
import sys
from pathlib import Path
from generator.rehearsal.sandbox.landlock import hide
hide([Path(sys.argv[1])])
import subprocess
sys.exit(subprocess.run(["/bin/sh", "-c", sys.argv[2]], cwd=sys.argv[3]).returncode)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home with keys in it that does not lie below a folder for temporary files."""
    cache = cache_folder(os.environ)
    cache.mkdir(parents=True, exist_ok=True)
    temporary = {Path(one).resolve() for one in ("/tmp", "/var/tmp", tempfile.gettempdir())}  # noqa: S108 - never written to
    places = [
        place
        for place in (cache, Path(__file__).parents[3], Path("/var/lib"))
        if os.access(place, os.W_OK) and temporary.isdisjoint([place.resolve(), *place.resolve().parents])
    ]
    if not places:
        pytest.skip("every folder that can be written to here is one for temporary files")
    with tempfile.TemporaryDirectory(dir=places[0], prefix="home-") as folder:
        for name in (".aws/credentials", "beside/readable"):
            file = Path(folder, name)
            file.parent.mkdir()
            file.write_text("a text\n")
        yield Path(folder)


def can_hide() -> bool:
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN, "/etc/hostname", "true", "/"], check=False, capture_output=True
    )
    return done.returncode == 0


needs_landlock = pytest.mark.skipif(not can_hide(), reason="the kernel of this machine hides no files")


def inside(home: Path, command: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", HIDDEN, str(home / ".aws"), command, str(home)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@needs_landlock
@pytest.mark.parametrize(
    "command",
    [
        "cat .aws/credentials",
        "cat beside/../.aws/credentials",
        "cat /proc/self/root$PWD/.aws/credentials",
        "ln -s $PWD/.aws/credentials beside/link; cat beside/link",
        "ln .aws/credentials beside/link && cat beside/link",
        "mv .aws beside/ && cat beside/.aws/credentials",
        "setsid sh -c 'cat .aws/credentials'",
    ],
)
def test_what_is_hidden_is_read_by_no_other_name(home: Path, command: str) -> None:
    done = inside(home, command)
    assert (done.returncode != 0, done.stdout) == (True, "")


@needs_landlock
def test_what_lies_beside_is_read_written_and_moved_from_folder_to_folder(home: Path) -> None:
    done = inside(
        home, "mkdir beside/a beside/b && cp beside/readable beside/a/x && mv beside/a/x beside/b && cat beside/b/x"
    )
    assert (done.returncode, done.stdout) == (0, "a text\n")


def test_all_but_what_is_hidden_and_what_holds_it_lies_beside(home: Path) -> None:
    found = set(beside(frozenset({home / ".aws"})))
    assert home / "beside" in found
    assert not found & {home, home / ".aws", *home.parents}


def test_nothing_to_hide_asks_nothing_of_the_kernel() -> None:
    hide([])
    assert hidden(()) == ""


def test_keys_are_those_of_the_home_and_those_that_variables_name(home: Path, tmp_path: Path) -> None:
    named = tmp_path / "config"
    named.touch()
    environ = {"HOME": str(home), "AWS_CONFIG_FILE": str(named), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    assert lying(environ) == (home / ".aws", named)
    assert lying({}) == ()


def test_keys_beside_temporary_files_are_said_to_be_readable(tmp_path: Path) -> None:
    assert hidden([tmp_path]) == (
        f"programs can read your keys in {tmp_path}: beside them lie temporary files, which must be read"
    )


def test_where_the_kernel_is_not_asked_that_is_said() -> None:
    assert hidden([Path("/home/anna/.aws")], hooks_only=True) == (
        "programs can read your keys in /home/anna/.aws: the kernel was not asked to hide them"
    )


@needs_landlock
def test_a_build_and_a_function_read_no_keys_by_their_path(home: Path, tmp_path: Path) -> None:
    key = home / ".aws" / "credentials"
    files = {"try.sh": f"! cat {key} && cat {home}/beside/readable\n"}
    test = f"raise ValueError(__import__('os').path.exists({str(key)!r}), open({str(key)!r}).read())"
    environ = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(cache_folder(os.environ).parent)}
    with Emulator(environ) as emulator:
        told = Stage(emulator, tmp_path).rehearse(
            Small("keys", build="sh ./try.sh", files=files, test=test), until="Beta"
        )
    assert told.ended[-1] == "Beta/Test", told.logged
    assert "PermissionError" in told.outcome.reason
    assert told.outcome.lacking == ()
