"""The emulator's processes, ports and folder: there while it runs, gone however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.guard import descendants
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.emulator.kept_emulators import kept

CLINGING = {"codepipeline": "tests.rehearsal.emulator.fakes:Clinging"}


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition: Callable[[], bool], seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return condition()


def open_port(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def clinging(tmp_path: Path) -> Emulator:
    """Started, with a detached process that ignores SIGTERM; each test ends it in its own way."""
    instance = Emulator({**os.environ, "TMPDIR": str(tmp_path)}, mounts=CLINGING)
    instance.start()
    return instance


def cling(instance: Emulator) -> int:
    return int(instance.client("codepipeline").get_pipeline(name="any")["pipeline"]["name"])


def test_the_emulator_answers_as_soon_as_it_has_started() -> None:
    with Emulator(os.environ) as instance, socket.create_connection(("127.0.0.1", instance.doors.http_port)) as door:
        door.sendall(b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"404" in door.recv(64)


def test_stopping_leaves_no_process_port_or_folder(clinging: Emulator) -> None:
    detached, doors, folder = cling(clinging), clinging.doors, clinging.settings.folder
    assert running(detached)
    clinging.stop()
    assert not running(detached)
    assert not open_port(doors.http_port)
    assert not open_port(doors.tls_port)
    assert not folder.exists()


def test_stopping_twice_or_before_the_start_does_nothing() -> None:
    instance = Emulator(os.environ)
    instance.stop()
    with instance:
        pass
    instance.stop()
    assert not instance.alive


def test_services_are_told_to_close_while_the_emulator_answers(tmp_path: Path) -> None:
    mounts = {"codepipeline": "tests.rehearsal.emulator.fakes:Farewell"}
    farewell = tmp_path / "penstock" / "farewell"
    with Emulator(
        {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "LC_FAREWELL": str(farewell)}, mounts=mounts
    ) as instance:
        instance.client("codepipeline").get_pipeline(name="any")
    assert farewell.read_text() == "arn:aws:iam::123456789012:root"


@pytest.mark.parametrize("victim", ["guard", "server"])
def test_the_survivor_cleans_up_when_one_process_is_killed(clinging: Emulator, victim: str) -> None:
    detached, folder, port = cling(clinging), clinging.settings.folder, clinging.doors.http_port
    assert clinging._guard is not None
    guard = clinging._guard.pid
    server = next(pid for pid in descendants(guard) if Path(f"/proc/{pid}/stat").read_text().split()[3] == str(guard))
    os.kill(guard if victim == "guard" else server, signal.SIGKILL)
    assert eventually(lambda: not running(detached))
    assert eventually(lambda: not folder.exists())
    assert eventually(lambda: not open_port(port))
    assert eventually(lambda: not clinging.alive)
    clinging.stop()


PARENT = """
import os, sys
from generator.rehearsal.emulator.handle import Emulator
from pathlib import Path
instance = Emulator(os.environ, mounts={"codepipeline": "tests.rehearsal.emulator.fakes:Clinging"})
instance.start()
detached = instance.client("codepipeline").get_pipeline(name="any")["pipeline"]["name"]
print(detached, instance.doors.http_port, instance.settings.folder, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_parent_dies(blow: signal.Signals) -> None:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        detached, port, folder = parent.stdout.readline().split()
        parent.send_signal(blow)
        assert eventually(lambda: not running(int(detached)))
        assert eventually(lambda: not Path(folder).exists())
        assert eventually(lambda: not open_port(int(port)))


def test_two_at_once_do_not_meet(clinging: Emulator) -> None:
    with Emulator(os.environ) as other:
        other.client("s3").create_bucket(Bucket="only-here")
        assert clinging.client("s3").list_buckets()["Buckets"] == []
    assert clinging.alive
    clinging.stop()


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    instance = Emulator({**os.environ, "TMPDIR": str(tmp_path / "file")})
    with pytest.raises(EmulatorError, match=r"cannot be written: Not a directory"):
        instance.start()
    assert not instance.alive


def test_a_start_that_fails_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    instance = Emulator({**os.environ, "TMPDIR": str(tmp_path)}, region="nowhere\x00")
    with pytest.raises(EmulatorError, match="embedded null byte"):
        instance.start()
    assert not instance.settings.folder.exists()


def test_using_it_when_it_is_not_running_is_an_error() -> None:
    with pytest.raises(EmulatorError, match="not running"):
        _ = Emulator(os.environ).endpoint


def test_one_that_is_kept_outlives_its_parent_and_can_be_stopped(tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    Path(environ["TMPDIR"]).mkdir()
    program = PARENT.replace("sys.stdin.read()", "instance.keep()")
    root = Path(__file__).parents[3]
    result = subprocess.run([sys.executable, "-c", program], cwd=root, env=environ, capture_output=True, check=True)
    detached, port, folder = result.stdout.decode().split()
    [emulator] = kept(environ)
    assert (str(emulator.folder), emulator.doors.http_port, emulator.account) == (folder, int(port), "123456789012")
    assert running(int(detached))
    emulator.stop()
    assert not Path(folder).exists()
    assert eventually(lambda: not running(int(detached)) and not open_port(int(port)))
    assert not emulator.alive
    assert list((tmp_path / "cache/penstock/kept").iterdir()) == []
    assert kept(environ) == []


def test_keeping_one_that_does_not_run_is_an_error() -> None:
    with pytest.raises(EmulatorError, match="not running"):
        Emulator(os.environ).keep()
