"""`penstock rehearse` and `penstock local` as tests run them: in processes, with folders of their own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.command_line import SOURCES, Ran


@dataclass
class Machine:
    """A temporary folder, a home and a cache that nobody else uses; `variables` add to the environment."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("tmp", "home"):
            (self.folder / name).mkdir(parents=True)

    @property
    def temporary(self) -> Path:
        """What every process of a rehearsal has as TMPDIR, or below it."""
        return self.folder / "tmp"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(SOURCES),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.temporary),
            # What is made once per machine is shared; notes of kept emulators would be as well.
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
            **self.variables,
        }

    def own_notes(self) -> None:
        """Have a cache of its own, for notes of what is kept; what is made once per machine is still shared."""
        shared, own = Path(self.environ["XDG_CACHE_HOME"]) / "penstock", self.folder / "cache"
        (own / "penstock").mkdir(parents=True)
        for entry in shared.iterdir() if shared.exists() else ():
            if entry.name != "kept":
                (own / "penstock" / entry.name).symlink_to(entry)
        self.variables = {**self.variables, "XDG_CACHE_HOME": str(own)}

    @contextlib.contextmanager
    def started(self, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
        """A command that is under way; ended when the block is."""
        command = [sys.executable, "-m", "generator.cli", *map(str, arguments)]
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def penstock(self, *arguments: str | Path) -> Ran:
        """Run a command to its end."""
        with self.started(*arguments) as process:
            out, err = process.communicate(timeout=600)
            return Ran(process.returncode, out, err)

    def rehearse(self, *arguments: str | Path) -> Ran:
        return self.penstock("rehearse", *arguments)

    def wait_for_folder(self) -> None:
        """Wait until the emulator has begun to begin."""
        deadline = time.monotonic() + 120
        while not any(self.temporary.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def emulators(self) -> list[int]:
        """The process ids of emulators, their guards first."""
        command_lines = ((process, process / "cmdline") for process in Path("/proc").glob("[0-9]*"))
        return sorted(
            int(process.name)
            for process, command in command_lines
            if b"emulator.process" in _read(command) and str(self.temporary).encode() in _read(command)
        )

    def left_over(self) -> list[str]:
        """What there still is of a rehearsal: files in the temporary folder, processes that know of it."""
        return [str(path) for path in self.temporary.iterdir()] + processes_with(str(self.temporary))

    def nothing_left(self, seconds: float = 120) -> bool:
        """Whether all of it goes within so many seconds."""
        deadline = time.monotonic() + seconds
        while self.left_over() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.left_over()


def processes_with(text: str) -> list[str]:
    """The command lines of the processes in whose environment or arguments a text stands, ours left out."""
    encoded, pids = text.encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        contents = [_read(process / name) for name in ("cmdline", "environ")]
        if process.name != str(os.getpid()) and any(encoded in part for part in contents):
            pids.append(contents[0].replace(b"\0", b" ").decode(errors="replace"))
    return pids


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def events(ran: Ran) -> list[dict[str, Any]]:
    """The events of `--output json`."""
    return [json.loads(line) for line in ran.out.splitlines()]


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """Read the output of a command up to the line with these words; that line."""
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"it ended without {words!r}: {process.stderr and process.stderr.read()}")
