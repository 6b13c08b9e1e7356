"""Runs the commands of a buildspec: in one shell (0.2), or each in a shell of its own (0.1).

"One shell" is one shell program per command, each beginning in the state the one before it ended in:
variables (exported or not), functions, options and folder. So a command that says `exit` ends itself, not
the build, and the next phases still find what it left.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generator.rehearsal.codebuild.output import OutputPipe
from generator.rehearsal.codebuild.processes import Processes

Dialect = Literal["bash", "sh"]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Options come last: with `set -x` or `set -e` among them nothing of ours must follow.
_RESTORE = """\
__codebuild_state={state}
{{ {sources}; }} 2>/dev/null
export CODEBUILD_BUILD_SUCCEEDING={succeeding}
cd "$(cat "$__codebuild_state/folder")" || exit
trap '{{ . "$__codebuild_state/keep"; }} 2>/dev/null' EXIT
. "$__codebuild_state/options" 2>/dev/null
"""
# It runs at the end of a command, and by the trap where the command ended its shell itself; the first counts.
_KEEP = """\
__codebuild_status=$?
if [ -z "${{__codebuild_kept-}}" ]; then
  {options} >"$__codebuild_state/options"
  set +eux
  {variables}
  pwd >"$__codebuild_state/folder"
  __codebuild_kept=1
fi
(exit "$__codebuild_status")
"""
# The empty line ends a command whose last line ends in a backslash.
_COMMAND = """\
{restore}
{command}

{{ . "$__codebuild_state/keep"; }} 2>/dev/null
"""
_VALUES = """\
{restore}
{{
{prints}
}} >"$__codebuild_state/values"
"""
_SOURCES: Mapping[Dialect, tuple[str, ...]] = {
    # `declare` of what is readonly in every shell fails, as it must; the others come back.
    "bash": ("variables", "functions"),
    "sh": ("variables", "exported"),
}
_OPTIONS: Mapping[Dialect, str] = {"bash": "{ set +o; shopt -p; }", "sh": "set +o"}
_VARIABLES: Mapping[Dialect, str] = {
    "bash": 'declare -p >"$__codebuild_state/variables"; declare -f >"$__codebuild_state/functions"',
    "sh": 'set >"$__codebuild_state/variables"; export -p >"$__codebuild_state/exported"',
}


@dataclass(frozen=True, slots=True)
class Shell:
    """A shell program, the name it is called by (bash called `sh` keeps to POSIX), and its dialect."""

    program: str
    name: str
    dialect: Dialect

    def __str__(self) -> str:
        return self.program if Path(self.program).name == self.name else f"{self.program} as {self.name}"


def choose_shell(asked: str, image: str, path: str) -> Shell:
    """The shell that stands for `env.shell` ("" where it is not given) of this build image.

    Amazon Linux's `sh` is bash keeping to POSIX; Ubuntu's is dash, which the machine's own `sh` stands for.
    """
    bash = shutil.which("bash", path=path) or "/bin/bash"
    if asked == "bash":
        return Shell(bash, "bash", "bash")
    if "amazonlinux" in image and Path(bash).exists():
        return Shell(bash, "sh", "bash")
    return Shell("/bin/sh", "sh", "bash" if Path("/bin/sh").resolve().name == "bash" else "sh")


class Session:
    """The shell of one build.

    `state` is an empty folder for its own files, `folder` where the build starts, `environment` what it
    starts with; `keeps` is whether a command finds what the one before it left (0.2) or not (0.1).
    """

    def __init__(self, shell: Shell, state: Path, folder: Path, *, environment: Mapping[str, str], keeps: bool) -> None:
        self._shell = shell
        self._state = state
        self._folder = folder
        self._environment = dict(environment)
        self._has_begun = False
        self._keeps = keeps
        self._succeeding = "1"
        dialect = shell.dialect
        keep = _KEEP.format(options=_OPTIONS[dialect], variables=_VARIABLES[dialect])
        (state / "keep").write_text(keep)
        (state / "folder").write_text(f"{folder}\n")
        for name in (*_SOURCES[dialect], "options", "values"):
            (state / name).write_text("")

    @property
    def path(self) -> str:
        """Where the commands find programs, as they begin."""
        return self._environment.get("PATH", "")

    def run(self, command: str, processes: Processes, output: OutputPipe, *, succeeding: bool) -> int:
        """Run one command; its exit status. `succeeding` becomes CODEBUILD_BUILD_SUCCEEDING."""
        self._succeeding = "1" if succeeding else "0"
        if self._keeps:
            return self._start(self._script(_COMMAND, command=command), processes, output)
        return self._start(f"{command}\n", processes, output)

    def values(self, names: Iterable[str], processes: Processes, output: OutputPipe) -> dict[str, str]:
        """The values these variables have now; a variable that is not set is left out."""
        listed = list(names)
        expressions = [f"${{{name}+set}}${{{name}-}}" for name in listed]
        values = self.texts(expressions, processes, output)
        pairs = zip(listed, values, strict=False)
        return {name: value.removeprefix("set") for name, value in pairs if value}

    def texts(self, expressions: Sequence[str], processes: Processes, output: OutputPipe) -> tuple[str, ...]:
        """What the shell makes of texts with variables and `$(...)` in them, as names of artifacts have.

        Fewer come back than were given where the shell stumbles over one of them.
        """
        quoted = (expression.replace('"', '\\"') for expression in expressions)
        prints = "\n".join(f"printf '%s\\0' \"{text}\"" for text in quoted)
        if not prints:
            return ()
        self._start(self._script(_VALUES, prints=prints), processes, output)
        return tuple((self._state / "values").read_text(errors="replace").split("\0")[:-1])

    def _script(self, template: str, **parts: str) -> str:
        sources = (f'. "$__codebuild_state/{name}"' for name in _SOURCES[self._shell.dialect])
        restore = _RESTORE.format(
            state=shlex.quote(str(self._state)), sources="; ".join(sources), succeeding=self._succeeding
        )
        return template.format(restore=restore, **parts)

    def _start(self, script: str, processes: Processes, output: OutputPipe) -> int:
        file = self._state / "script.sh"
        file.write_text(script)
        # From the second command on, variables are those the one before it left: what it unset stays unset. No shell
        # remembers names that a shell does not allow, such as npm's settings of a registry.
        is_kept = self._keeps and self._has_begun
        environment = {name: v for name, v in self._environment.items() if not is_kept or not _NAME.fullmatch(name)}
        self._has_begun = True
        status = processes.run(
            [self._shell.name, str(file)],
            executable=self._shell.program,
            folder=self._folder,
            environment={**environment, "CODEBUILD_BUILD_SUCCEEDING": self._succeeding},
            output=output.write_end,
        )
        output.drain()
        return status
