"""What the command line of `penstock rehearse` says, and what of it excludes each other."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import InvalidInputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_NOT_WITH_TEMPLATE = "a template that is not ours is rehearsed without it"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    pipeline: Path
    revision: str
    worktree: bool
    approve: str | None
    until: str
    keep: bool
    permissions: bool
    allowed: tuple[str, ...]
    assumed: tuple[str, ...]
    existing: tuple[str, ...]
    faults: bool
    seed: int
    output: str
    template: Path | None
    logical_id: str
    parameters: tuple[str, ...]
    parameter_files: tuple[Path, ...]
    sources: tuple[str, ...]
    listed: bool
    stubs: tuple[str, ...]
    accept_stubs: bool

    @property
    def of_template(self) -> dict[str, bool]:
        """The options that say something about `--template`, and whether they were used."""
        return {
            "--pipeline": bool(self.logical_id),
            "--parameter": bool(self.parameters),
            "--parameters": bool(self.parameter_files),
            "--source": bool(self.sources),
            "--list": self.listed,
            "--stub": bool(self.stubs),
            "--accept-stubs": self.accept_stubs,
        }


def refuse(asked: Asked) -> None:
    """Raise InvalidInputError for what can be seen to be wrong before anything is done."""
    from importlib.util import find_spec  # noqa: PLC0415 - the help does not need it

    problems = [*_of_template(asked), *_excluded(asked)]
    if problems:
        raise InvalidInputError(problems)
    _refuse_hosts(asked.allowed)
    if not asked.template and not asked.pipeline.is_file() and not asked.revision:
        raise wrong(f"there is no {asked.pipeline}", "penstock init starts one; --template FILE takes any template")
    if find_spec("ministack") is None:
        raise wrong("the emulator is not installed", "pip install 'penstock[rehearse]'")


def _of_template(asked: Asked) -> Iterator[Problem]:
    if asked.template is None:
        for option, used in asked.of_template.items():
            if used:
                yield Problem(f"{option} is about a template that is not ours", hint="name it with --template FILE")
    elif asked.permissions or asked.faults:
        option = "--permissions" if asked.permissions else "--faults"
        yield Problem(f"{option} and --template exclude each other so far", hint=_NOT_WITH_TEMPLATE)


def _excluded(asked: Asked) -> Iterator[Problem]:
    if asked.revision and asked.worktree:
        yield Problem("--commit and --worktree exclude each other", hint="a commit, or the files as they are")
    is_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if asked.approve in (None, "ask") and not asked.listed and not is_terminal:
        hint = "--approve yes, or --approve no"
        yield Problem("nobody can be asked for approvals: this is not a terminal", hint=hint)
    if asked.keep and asked.faults:
        yield Problem("--keep and --faults exclude each other", hint="what ran with faults is of no further use")
    if asked.accept_stubs and not asked.stubs:
        yield Problem("--accept-stubs accepts what --stub names, and there is none", hint="--stub PROVIDER=succeed")
    if asked.permissions and asked.faults:
        yield Problem("--permissions and --faults exclude each other", hint="one after the other")
    if asked.permissions and (asked.until or asked.approve == "no"):
        yield Problem("--permissions takes commits through all stages", hint="leave --until out, and approve")


def _refuse_hosts(hosts: Sequence[str]) -> None:
    from generator.rehearsal.sandbox.registries import is_host, is_of_aws  # noqa: PLC0415 - the help does not need it

    for host in hosts:
        if not is_host(host):
            raise wrong(f"--allow-host: '{host}' is not a host", "a name or an IP address, without https:// and port")
        if is_of_aws(host):
            raise wrong(
                f"--allow-host: '{host}' is AWS's", "a rehearsal never reaches AWS: its names lead to the emulator"
            )


def wrong(message: str, hint: str) -> InvalidInputError:
    """The error of one wrong option."""
    return InvalidInputError([Problem(message, hint=hint)])
