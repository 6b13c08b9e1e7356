"""Whole sandboxes: what programs inside reach and what not, for whoever may start one."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import generator
from generator.rehearsal.sandbox.attempts import Book
from generator.rehearsal.sandbox.record import Record
from generator.rehearsal.sandbox.seccomp import MACHINES
from generator.rehearsal.sandbox.status import SandboxStatus

INSIDE = Path(__file__).with_name("inside.py")
ROOT = Path(generator.__file__).parents[1]
# All it keeps of root's powers is to read: our code may lie where nobody else may look.
_READS = "+dac_read_search"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
NOBODY += [f"--inh-caps={_READS}", f"--ambient-caps={_READS}"]
CONNECT = "import socket; socket.create_connection(({host!r}, {port}), 30)"


@dataclass(frozen=True, slots=True)
class Ran:
    """What stood around a program, how it ended, what it wrote, and what was refused."""

    sandbox: SandboxStatus
    code: int
    output: str
    refused: list[str]


Run = Callable[..., Ran]


def _prefix(user: str) -> list[str]:
    """How to become the user; skips with words where that cannot be done."""
    if user == "this user":
        return []
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become somebody else, with setpriv")
    if subprocess.run([*NOBODY, sys.executable, "-V"], capture_output=True, check=False).returncode:
        pytest.skip("this machine's setpriv does not make an unprivileged user")
    return NOBODY


@pytest.fixture(params=["this user", "an unprivileged user"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a program in a sandbox of its own; PYTHON among its words stands for one that works."""
    prefix = _prefix(request.param)

    def run_it(*argv: str, hooks_only: bool = False, keys: Sequence[Path] = ()) -> Ran:
        words = [word.replace("PYTHON", sys.executable) for word in argv]
        record = Record()
        plain = {"record": record.descriptor, "hooks_only": hooks_only, "keys": [*map(str, keys)]}
        text = json.dumps(plain | {"argv": words})
        command = [*prefix, sys.executable, "-B", str(INSIDE), text]
        variables = {"PYTHONPATH": str(ROOT), "PATH": os.defpath}
        descriptors = (record.descriptor,)
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, pass_fds=descriptors)
        report, _, rest = done.stdout.partition("\n")
        ran = json.loads(report)
        sandbox = SandboxStatus(**ran["sandbox"])
        if not hooks_only and sandbox.protection != "kernel":
            pytest.skip(f"the kernel of this machine does not hold programs: {sandbox.reason}")
        return Ran(sandbox, ran["code"], rest, [attempt.destination for attempt in Book(record).attempts()])

    return run_it


def test_another_machine_is_out_of_reach(run: Run) -> None:
    done = run("PYTHON", "-c", CONNECT.format(host="198.51.100.1", port=80))
    assert (done.code, done.refused) == (1, ["198.51.100.1:80"])
    assert "Network is unreachable" in done.output


# https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html, and instances' metadata
@pytest.mark.parametrize(
    "host", ["169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23"]
)
def test_who_gives_credentials_to_instances_and_containers_is_out_of_reach(host: str, run: Run) -> None:
    done = run("PYTHON", "-c", CONNECT.format(host=host, port=80))
    assert (done.code, done.refused) == (1, [f"[{host}]:80" if ":" in host else f"{host}:80"])


@pytest.mark.parametrize(
    "program",
    [
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('198.51.100.1', 123))",
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendmsg([b'x'], [], 0, ('198.51.100.1', 123))",
        "s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.connect(('::ffff:198.51.100.1', 123))",
        "s = socket.socket(socket.AF_INET); s.setblocking(False); s.connect(('198.51.100.1', 123))",
    ],
    ids=["sendto", "sendmsg", "mapped", "nonblocking"],
)
def test_every_way_to_send_is_held(program: str, run: Run) -> None:
    done = run("PYTHON", "-c", f"import socket; {program}")
    assert (done.code, done.refused) == (1, ["198.51.100.1:123"])


# A 64-bit program asks a kernel for a 32-bit `getpid`, and for one of x32; both numbers mean something else in its own.
INT_80 = """
import ctypes, mmap, os
code = bytes.fromhex("b814000000" "cd80" "c3")
area = mmap.mmap(-1, len(code), prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
area.write(code)
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(area)))() == os.getpid())
"""
X32 = "import ctypes, os; print(ctypes.CDLL(None).syscall(0x40000000 + 39) == os.getpid())"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="these are calls of x86_64 kernels")
@pytest.mark.parametrize("program", [INT_80, X32], ids=["int 0x80", "x32"])
def test_a_call_of_another_architecture_is_refused_and_named(program: str, run: Run) -> None:
    done = run("PYTHON", "-c", program)
    assert (done.code, done.output) == (0, "False\n")
    assert done.refused == ["a system call of another architecture, which nobody can judge"]


def test_what_a_program_starts_and_leaves_behind_is_held_too(run: Run) -> None:
    inner = CONNECT.format(host="198.51.100.1", port=80)
    done = run("/bin/sh", "-c", f'setsid PYTHON -c "{inner}" & wait')
    assert done.refused == ["198.51.100.1:80"]


def test_a_server_of_its_own_is_reached(run: Run) -> None:
    program = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(s.getsockname()); "
        "c.sendall(b'hello'); print(s.accept()[0].recv(5))"
    )
    done = run("PYTHON", "-c", program)
    assert (done.code, done.output, done.refused) == (0, "b'hello'\n", [])


def test_socket_files_and_closed_connections_pass(run: Run) -> None:
    program = (
        "import socket, os; a, b = socket.socketpair(); b.sendmsg([b'x']); print(a.recv(1)); "
        "u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.connect(('127.0.0.1', 9)); u.close()"
    )
    done = run("PYTHON", "-c", program)
    assert (done.code, done.output, done.refused) == (0, "b'x'\n", [])


KEYRING = "import ctypes, os; print(ctypes.CDLL(None).syscall({number}, b'user', b'own', b'x', 1, -4))"


@pytest.mark.skipif(platform.machine() not in MACHINES, reason="no filter is known for this machine")
def test_the_keyrings_of_the_user_are_out_of_reach(run: Run) -> None:
    add_key = MACHINES[platform.machine()].keyrings[0]
    done = run("PYTHON", "-c", KEYRING.format(number=add_key))
    assert (done.code, done.output) == (0, "-1\n")


LIMIT = "import os, resource; resource.prlimit({process}, resource.RLIMIT_CPU, (1000, 1000))"


def test_limits_are_set_for_processes_of_its_own_only(run: Run) -> None:
    done = run("PYTHON", "-c", LIMIT.format(process=os.getpid()))
    assert (done.code, "PermissionError" in done.output) == (1, True)
    assert run("PYTHON", "-c", LIMIT.format(process="os.getpid()")).code == 0
    assert run("PYTHON", "-c", LIMIT.format(process=0)).code == 0


def test_an_engine_of_containers_is_out_of_reach(run: Run) -> None:
    done = run("PYTHON", "-c", "import socket; socket.socket(socket.AF_UNIX).connect('/x/docker.sock')")
    assert done.refused == ["/x/docker.sock, an engine of containers"]


def test_without_the_kernel_it_is_said_to_be_so(run: Run) -> None:
    done = run("/bin/true", hooks_only=True)
    assert (done.sandbox.protection, done.sandbox.reason) == ("hooks", "it was not asked for")
