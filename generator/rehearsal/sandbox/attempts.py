"""Attempts to leave the machine that were refused: which process made them, on whose behalf, where to."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.rehearsal.sandbox.record import Record

_METADATA = {"169.254.169.254", "fd00:ec2::254"}
_LONGEST = 200  # characters of a command line that are shown
_SECRET = re.compile(
    r"(?P<before>(?i:authorization:\s*\w+\s+|(?:token|password|secret|api-?key)\S*?[=:\s]\s*)|://|\s(?:-u|--user)[\s=])"
    r"(?P<secret>[^\s'\"@/]+)(?P<after>@)?"
)


@dataclass(frozen=True, slots=True, order=True)
class Attempt:
    """One attempt: its destination, the process that made it (0 where it is not known), its command line.

    `within` names the build or the function the process belongs to; empty for the rehearsal's own.
    """

    destination: str
    within: str = ""
    command: str = ""
    pid: int = 0

    @property
    def asks_for_machine(self) -> bool:
        """Whether it went to the address of an instance's metadata.

        SDKs and libraries for metrics try it wherever they run, and go on without an answer.
        https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
        """
        host, _, port = self.destination.rpartition(":")
        return host.strip("[]") in _METADATA and port == "80"

    def __str__(self) -> str:
        by = f"process {self.pid}" if self.pid else "a process"
        what = f" ({self.command})" if self.command else ""
        return f"{self.destination}: {by}{what}{' in ' * bool(self.within)}{self.within}"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A package registry that may be reached, and could not be."""

    host: str
    reason: str

    def __str__(self) -> str:
        return f"{self.host} could not be reached: {self.reason}"


@dataclass(frozen=True, slots=True)
class Book:
    """The record in which whoever refuses an attempt writes it down."""

    record: Record

    def note(self, destination: str, pid: int | None) -> None:
        """Write down an attempt of a process that still runs."""
        self.record.append({"destination": destination, **(described(pid) if pid else {})})

    def record_report(self, report: Mapping[str, object]) -> None:
        """Write down what a hook inside a program refused, with what it reports about the program."""
        words = {name: str(report.get(name, "")) for name in ("destination", "command", "within")}
        pid = report.get("pid")
        self.record.append(words | {"pid": pid if isinstance(pid, int) else 0})

    def unreachable(self, host: str, reason: str) -> None:
        """Write down a registry that could not be reached."""
        self.record.append({"host": host, "reason": reason})

    def position(self) -> int:
        """Where `since` may begin: after all that is there."""
        return self.record.read()[1]

    def attempts(self, since: int = 0) -> tuple[Attempt, ...]:
        """What was refused, in order; what one process tried again and again, once."""
        refused = (_attempt(entry) for entry in self.record.read(since)[0] if "destination" in entry)
        return tuple(dict.fromkeys(refused))

    def unreached(self, since: int = 0) -> tuple[Unreachable, ...]:
        """The registries that could not be reached, each once for a reason."""
        registries = (Unreachable(**entry) for entry in self.record.read(since)[0] if "host" in entry)
        return tuple(dict.fromkeys(registries))


def _attempt(entry: Mapping[str, Any]) -> Attempt:
    return Attempt(
        entry["destination"], entry.get("within", ""), without_secrets(entry.get("command", "")), entry.get("pid", 0)
    )


def without_secrets(command: str) -> str:
    """A command line without what looks like a password or a token, cut to what can be read."""
    shown = _SECRET.sub(_masked, command)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."


def _masked(match: re.Match[str]) -> str:
    if match["before"] == "://" and not match["after"]:
        return match[0]
    return f"{match['before']}***{match['after'] or ''}"


def described(thread: int) -> dict[str, object]:
    """What /proc says about a process, given one of its threads: {"pid", "command", "within"}."""
    process = _process(thread)
    words = _words(process, "cmdline")
    return {"pid": process, "command": shlex.join(words), "within": _within(process)}


def _process(thread: int) -> int:
    return int(_status(thread).get("Tgid", thread))


def _status(process: int) -> dict[str, str]:
    with suppress(OSError):
        lines = Path(f"/proc/{process}/status").read_text("utf-8", "replace").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return {}


def _words(process: int, file: str) -> list[str]:
    with suppress(OSError):
        content = Path(f"/proc/{process}/{file}").read_bytes()
        return [os.fsdecode(word) for word in content.rstrip(b"\0").split(b"\0")]
    return []


def _within(process: int) -> str:
    """The build or the function: by a variable of the process, or of the nearest above it that has one."""
    while process > 1:
        variables = dict(word.partition("=")[::2] for word in _words(process, "environ"))
        if holder := belongs_to(variables):
            return holder
        process = int(_status(process).get("PPid", 0))
    return ""


def belongs_to(variables: Mapping[str, str]) -> str:
    """The build or the function a process with these variables belongs to, in words; empty for neither."""
    if function := variables.get("AWS_LAMBDA_FUNCTION_NAME"):
        return f"function {function}"
    build = variables.get("CODEBUILD_BUILD_ID")
    return f"build {build}" if build else ""
