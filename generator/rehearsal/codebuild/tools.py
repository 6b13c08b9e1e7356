"""What CodeBuild's images carry and a machine may lack: `aws` and `sam`, installed once, when a build calls them.

A stand-in for each lies on the PATH of every build. Called for the first time it looks for the real program,
installs it where there is none, and from then on is nothing but a way to it. So a build that never calls
`sam` does not wait for it, whatever its buildspec mentions.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.errors import RefusedError
from generator.rehearsal import waits
from generator.rehearsal.codebuild.cache import make_once
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.interpreters import Interpreter
from generator.rehearsal.codebuild.python_home import make_python_home

ASKED = "asked"
"""The file, beside the stand-ins, into which one writes the name of its tool: all that a build may write to there."""
# What is asked for is looked for outside of what holds the build, which may not write where tools are kept.
_STAND_IN = """\
#!/bin/sh
if [ ! -s {found} ]; then
  echo {name} > {asked}
  while [ ! -s {found} ] && [ ! -s {failed} ]; do {sleep} 0.1; done
fi
if [ ! -s {found} ]; then
  {cat} {failed} >&2
  exit 127
fi
export AWS_ENDPOINT_URL="${{AWS_ENDPOINT_URL-{endpoint}}}"
exec "$({cat} {found})" "$@"
"""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tool:
    """A program, how long it takes to install, how to get it without us, and what is installed: exactly that.

    `lock` lists distributions with their versions and hashes, as pip reads them.
    """

    program: str
    takes: str
    by_hand: str
    lock: Path

    @property
    def folder(self) -> str:
        """The name of its environment: for each Python and each lock one of its own."""
        digest = hashlib.sha256(self.lock.read_bytes()).hexdigest()[:12]
        return f"{self.program}-{sys.implementation.cache_tag}-{digest}"


_LOCKS = Path(__file__).with_name("locks")
TOOLS: Mapping[str, Tool] = {
    # Version 1 is the smallest thing that is the AWS CLI; version 2 is in no package index.
    "aws": Tool("aws", "a few seconds", "the AWS CLI (docs.aws.amazon.com/cli)", _LOCKS / "aws.txt"),
    "sam": Tool("sam", "about half a minute", "the SAM CLI (aws.amazon.com/serverless/sam)", _LOCKS / "sam.txt"),
}


class StandIns:
    """The stand-ins of one build, in a `folder` that is to be put on PATH, and the thread that finds their tools.

    `variables` are those with which a tool is looked for and installed, whatever the build makes of its own; `say` is
    told when that takes time. `endpoint` leads a tool to the emulator that is one program and reads neither Python's
    nor Node's way there, as aws version 2.
    """

    def __init__(self, folder: Path, cache: Path, variables: Mapping[str, str], say: Say, *, endpoint: str) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self._cache = cache
        # Neither the build's HOME nor its downloads: by both it could choose what is installed for builds to come.
        own = {"HOME": str(folder), "PIP_CACHE_DIR": str(cache / "tools" / "downloads")}
        self._variables = {**variables, **own}
        self._say = say
        self._closed = False
        os.mkfifo(folder / ASKED)
        for name in TOOLS:
            _write_script(folder, name, endpoint)
        # Held open for writing too, so that it never ends while nobody asks.
        self._questions = os.open(folder / ASKED, os.O_RDWR)
        threading.Thread(target=self._answer, daemon=True).start()

    def close(self) -> None:
        """Look for nothing any more."""
        self._closed = True
        os.write(self._questions, b"\n")

    def _answer(self) -> None:
        with os.fdopen(self._questions, "rb", buffering=0) as questions:
            for line in iter(questions.readline, b""):
                name = line.decode("utf-8", "replace").strip()
                if self._closed:
                    return
                if name in TOOLS and not _answer_file(self.folder, name).exists():
                    self._look_for(name)

    def _look_for(self, name: str) -> None:
        try:
            answer, words = (
                _answer_file(self.folder, name),
                str(provide(TOOLS[name], self._cache, self._variables, self._say)),
            )
        except RefusedError as error:
            answer, words = _failed(self.folder, name), f"[Container] {error}\n"
        new = answer.with_suffix(".new")
        new.write_text(words)
        new.replace(answer)


def _write_script(folder: Path, name: str, endpoint: str) -> None:
    files = {"found": _answer_file(folder, name), "failed": _failed(folder, name), "asked": folder / ASKED}
    # Neither the build's own PATH nor ours need have them.
    programs = {word: shutil.which(word) or shutil.which(word, path=os.defpath) or word for word in ("cat", "sleep")}
    quoted = {role: shlex.quote(str(file)) for role, file in (files | programs).items()}
    (folder / name).write_text(_STAND_IN.format(name=name, endpoint=endpoint, **quoted))
    (folder / name).chmod(0o755)


def _answer_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.found"


def _failed(folder: Path, name: str) -> Path:
    return folder / f"{name}.failed"


def provide(tool: Tool, cache: Path, variables: Mapping[str, str], say: Say) -> Path:
    """The program of a tool: the machine's own if it works, else one installed in the cache.

    A name on PATH is not trusted, it is tried: it may be a shim without anything behind it. An installed tool
    has an environment of its own, made once. Raises RefusedError, saying what to install, when that fails.
    """
    program = shutil.which(tool.program, path=variables.get("PATH"))
    if program and answers(program, variables):
        return Path(program)
    environment = cache / "tools" / tool.folder
    if not _is_sound(environment):
        _install(tool, environment, variables, say)
    return environment / "bin" / tool.program


def _is_sound(environment: Path) -> bool:
    """Whether the environment is whole; its Python may have been removed or replaced since it was made."""
    return (environment / ".whole").exists() and (environment / "bin" / "python").exists()


def answers(program: str, variables: Mapping[str, str]) -> bool:
    """Whether a program says its version."""
    try:
        _run([program, "--version"], variables, waits.TOOL_VERSION)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _install(tool: Tool, environment: Path, variables: Mapping[str, str], say: Say) -> None:
    say(f"{tool.program} is not on this machine: installing it ({tool.takes}, once)")
    try:
        make_once(environment, lambda target: _fill(tool, target, variables), _is_sound)
    except (OSError, subprocess.SubprocessError, PhaseFailedError) as error:
        cause = _last_line(error)
        words = f"{tool.program} is missing and could not be installed ({cause}): install {tool.by_hand}"
        raise RefusedError(words) from error
    say(f"{tool.program} is installed in {environment}")


def _fill(tool: Tool, target: Path, variables: Mapping[str, str]) -> None:
    ours = Interpreter(sys.executable, platform.python_version())
    programs = make_python_home(target, ours, target.parent.parent, variables)
    pip = [str(programs / "python"), "-Im", "pip", "install", "--quiet", "--compile"]
    exactly = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(tool.lock)]
    _run([*pip, *exactly], variables, waits.TOOL)


def _run(argv: list[str], variables: Mapping[str, str], wait: waits.Wait) -> None:
    subprocess.run(
        argv,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=wait.seconds,
        check=True,
    )


def _last_line(error: Exception) -> str:
    """What a program that failed said last."""
    output = str(getattr(error, "stderr", None) or error).strip()
    return output.splitlines()[-1] if output else type(error).__name__
