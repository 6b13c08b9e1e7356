"""Keys of the user's, his files and his other processes: what there is, and that nobody inside reaches it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.sandbox.confinement import confined, exposed
from generator.rehearsal.sandbox.credentials import lying
from generator.rehearsal.sandbox.landlock import readable
from generator.repository.cache.folder import cache_folder
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small

CONFINED = """\
import json, subprocess, sys
from pathlib import Path
from generator.rehearsal.sandbox.confinement import confined
keys, writable, command, folder = json.loads(sys.argv[1])
print(confined(map(Path, keys), map(Path, writable)), file=sys.stderr)
sys.exit(subprocess.run(["/bin/sh", "-c", command], cwd=folder).returncode)
"""


@pytest.fixture
def home(outside_tmp: Path) -> Path:
    """A home with keys in it."""
    for name in (".aws/credentials", "beside/readable", ".bashrc"):
        file = outside_tmp / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("a text\n")
    return outside_tmp


def inside(home: Path, command: str, keys: tuple[str, ...] = (".aws",)) -> subprocess.CompletedProcess[str]:
    """A command in the home, where only `beside` may be written to."""
    text = json.dumps([[str(home / key) for key in keys], [str(home / "beside")], command, str(home)])
    return subprocess.run([sys.executable, "-c", CONFINED, text], capture_output=True, text=True, check=False)


def unheld() -> str:
    with tempfile.TemporaryDirectory() as folder:
        return inside(Path(folder), "true", ()).stderr


needs_landlock = pytest.mark.skipif(bool(unheld().strip()), reason=unheld())


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
def test_what_is_a_programs_own_is_read_written_and_moved_from_folder_to_folder(home: Path) -> None:
    done = inside(
        home, "cd beside && mkdir a b && cp readable a/x && mv a/x b && cat b/x && rm -r a b && echo > /dev/null"
    )
    assert (done.returncode, done.stdout) == (0, "a text\n")


@needs_landlock
@pytest.mark.parametrize(
    "command",
    [
        "echo 'steal' >> .bashrc",
        "echo 'ssh-rsa' > .ssh/authorized_keys",
        "truncate -s 0 .bashrc",
        "rm .bashrc",
        "mv .bashrc beside/",
        "mv beside/readable .bashrc",
        "ln -s beside/readable new",
        "mkdir .git",
        "setsid sh -c 'echo >> beside/../.bashrc'",
    ],
)
@pytest.mark.parametrize("keys", [(".aws",), ()], ids=["with keys", "without keys"])
def test_what_is_the_users_is_not_written_to(home: Path, command: str, keys: tuple[str, ...]) -> None:
    (home / ".ssh").mkdir()
    before = sorted(home.rglob("*"))
    assert inside(home, command, keys).returncode
    assert (sorted(home.rglob("*")), (home / ".bashrc").read_text()) == (before, "a text\n")


@needs_landlock
@pytest.mark.parametrize(
    "command",
    ["cat /proc/{pid}/environ", "cat /proc/{pid}/mem", "readlink /proc/{pid}/fd/0", "kill -0 {pid}"],
)
def test_no_process_outside_is_looked_into_or_ended(home: Path, command: str) -> None:
    """Its variables may be the only keys there are: a machine of a CI has no files of them."""
    done = inside(home, command.format(pid=os.getpid()), keys=())
    assert (done.returncode != 0, done.stdout) == (True, "")


def test_all_but_what_is_hidden_and_what_holds_it_can_be_read(home: Path) -> None:
    result = set(readable(frozenset({home / ".aws"})))
    assert home / "beside" in result
    assert not result & {home, home / ".aws", *home.parents}
    assert list(readable(frozenset())) == [Path("/")]


def test_keys_are_those_of_the_home_and_those_that_variables_name(home: Path, tmp_path: Path) -> None:
    named = tmp_path / "config"
    named.touch()
    environ = {"HOME": str(home), "AWS_CONFIG_FILE": str(named), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    assert lying(environ) == (home / ".aws", named)
    assert lying({}) == ()


@pytest.mark.parametrize(
    "name",
    [
        ".netrc",
        ".git-credentials",
        ".docker/config.json",
        ".npmrc",
        ".pypirc",
        ".config/gh/hosts.yml",
        ".gnupg/x",
        ".boto",
    ],
)
def test_keys_to_more_than_clouds_are_keys(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("secret")
    (hidden,) = lying({"HOME": str(tmp_path)})
    assert (tmp_path / name).is_relative_to(hidden)


def test_a_repository_where_programs_write_is_said_to_be_exposed(tmp_path: Path) -> None:
    repository = tmp_path / "shop"
    words = f"not held on this machine: programs can write to {repository}, which lies in {tmp_path}"
    assert exposed([repository], [Path("/nowhere"), tmp_path]) == words
    assert exposed([repository], [tmp_path / "run"]) == ""


def test_where_the_kernel_is_not_asked_that_is_said() -> None:
    assert confined([Path("/home/anna/.aws")], [], hooks_only=True) == (
        "not held on this machine: programs can read your keys in /home/anna/.aws, write wherever you can, and look "
        "into and end your processes: the kernel was not asked"
    )


@needs_landlock
def test_a_build_and_a_function_read_no_keys_by_their_path(home: Path, tmp_path: Path) -> None:
    key = home / ".aws" / "credentials"
    look = f"! cat {key} && ! cat /proc/{os.getpid()}/environ && ! kill -0 {os.getpid()}"
    write = f"! touch {home}/new {home}/beside/new {Path(__file__).parent}/new"
    files = {"try.sh": f"{look} && {write} && cat {home}/beside/readable\n"}
    test = f"raise ValueError(__import__('os').path.exists({str(key)!r}), open({str(key)!r}).read())"
    environ = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(cache_folder(os.environ).parent)}
    with Emulator(environ) as emulator:
        result = Stage(emulator, tmp_path).rehearse(
            Small("keys", build="sh ./try.sh", files=files, test=test), until="Beta"
        )
    assert result.ended[-1] == "Beta/Test", result.logged
    assert "PermissionError" in result.outcome.reason
    assert result.outcome.lacking == ()
