"""What CodeBuild's images carry and a machine may lack: `aws` and `sam`, installed once, when a build calls them.

A stand-in for each lies on the PATH of every build. Called for the first time it looks for the real program,
installs it where there is none, and from then on is nothing but a way to it. So a build that never calls
`sam` does not wait for it, whatever its buildspec mentions.
"""

from __future__ import annotations

import json
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import generator
from generator.errors import RefusedError
from generator.rehearsal.codebuild.cache import make_once
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.interpreters import Interpreter
from generator.rehearsal.codebuild.python_home import make_python_home

_PATIENCE = 60  # seconds for a tool to say its version; the first call of a large one is slow
_INSTALL_PATIENCE = 900  # seconds
_SETTINGS = "settings.json"
# -P: a user's repository may well have a folder called like our package.
_STAND_IN = """\
#!/bin/sh
if [ ! -s {found} ]; then
  PYTHONPATH={package} {python} -Ps -m generator.rehearsal.codebuild.tool_entry {name} {folder} || exit 127
fi
export AWS_ENDPOINT_URL="${{AWS_ENDPOINT_URL-{endpoint}}}"
exec "$(cat {found})" "$@"
"""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tool:
    """A program, the distribution that brings it, how long that takes, and how to get it without us."""

    program: str
    requirement: str
    takes: str
    by_hand: str


TOOLS: Mapping[str, Tool] = {
    # Version 1 is the smallest thing that is the AWS CLI; version 2 is in no package index.
    "aws": Tool("aws", "awscli>=1.40,<2", "a few seconds", "the AWS CLI (docs.aws.amazon.com/cli)"),
    "sam": Tool("sam", "aws-sam-cli>=1.130,<2", "about half a minute", "the SAM CLI (aws.amazon.com/serverless/sam)"),
}


def write_stand_ins(folder: Path, cache: Path, variables: Mapping[str, str], endpoint: str) -> Path:
    """Fill `folder` with the stand-ins; it is the one to put on PATH.

    `variables` are those with which a tool is looked for and installed, whatever the build makes of its own; `endpoint`
    leads a tool to the emulator that is one program and reads neither Python's nor Node's way there, as aws version 2.
    """
    folder.mkdir(parents=True)
    settings = {"cache": str(cache), "variables": dict(variables)}
    (folder / _SETTINGS).write_text(json.dumps(settings))
    (folder / _SETTINGS).chmod(0o600)
    for name in TOOLS:
        script = _STAND_IN.format(
            found=shlex.quote(str(_found(folder, name))),
            package=shlex.quote(str(Path(generator.__file__).parents[1])),
            python=shlex.quote(sys.executable),
            name=name,
            endpoint=endpoint,
            folder=shlex.quote(str(folder)),
        )
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    return folder


def _found(folder: Path, name: str) -> Path:
    return folder / f"{name}.found"


def find_for_stand_in(name: str, folder: Path, say: Say) -> None:
    """What a stand-in in `folder` does when it is first called; raises RefusedError, saying what to install."""
    settings = json.loads((folder / _SETTINGS).read_text())
    program = provide(TOOLS[name], Path(settings["cache"]), settings["variables"], say)
    _found(folder, name).write_text(str(program))


def provide(tool: Tool, cache: Path, variables: Mapping[str, str], say: Say) -> Path:
    """The program of a tool: the machine's own if it works, else one installed in the cache.

    A name on PATH is not trusted, it is tried: it may be a shim without anything behind it. An installed tool
    has an environment of its own, made once. Raises RefusedError, saying what to install, when that fails.
    """
    found = shutil.which(tool.program, path=variables.get("PATH"))
    if found and answers(found, variables):
        return Path(found)
    # A tool belongs to the Python it was installed for: a newer one gets its own.
    environment = cache / "tools" / f"{tool.program}-{sys.implementation.cache_tag}"
    if not _is_sound(environment):
        _install(tool, environment, variables, say)
    return environment / "bin" / tool.program


def _is_sound(environment: Path) -> bool:
    """Whether the environment is whole; its Python may have been removed or replaced since it was made."""
    return (environment / ".whole").exists() and (environment / "bin" / "python").exists()


def answers(program: str, variables: Mapping[str, str]) -> bool:
    """Whether a program says its version."""
    try:
        _run([program, "--version"], variables, _PATIENCE)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _install(tool: Tool, environment: Path, variables: Mapping[str, str], say: Say) -> None:
    say(f"{tool.program} is not on this machine: installing {tool.requirement} for it ({tool.takes}, once)")
    try:
        make_once(environment, lambda target: _fill(tool, target, variables), _is_sound)
    except (OSError, subprocess.SubprocessError, PhaseFailedError) as error:
        said = _last_line(error)
        words = f"{tool.program} is missing and could not be installed ({said}): install {tool.by_hand}"
        raise RefusedError(words) from error
    say(f"{tool.program} is installed in {environment}")


def _fill(tool: Tool, target: Path, variables: Mapping[str, str]) -> None:
    ours = Interpreter(sys.executable, platform.python_version())
    programs = make_python_home(target, ours, target.parent.parent, variables)
    pip = [str(programs / "python"), "-Im", "pip", "install", "--quiet"]
    _run([*pip, tool.requirement], variables, _INSTALL_PATIENCE)


def _run(argv: list[str], variables: Mapping[str, str], patience: int) -> None:
    subprocess.run(
        argv,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience,
        check=True,
    )


def _last_line(error: Exception) -> str:
    """What a program that failed said last."""
    said = str(getattr(error, "stderr", None) or error).strip()
    return said.splitlines()[-1] if said else type(error).__name__
