"""A terminal: commands as a person types them, with an AWS account, git and `penstock` behind them."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.command_line import SOURCES, Ran
from tests.end_to_end.accounts import Account


class Terminal:
    """Somebody's folder and shell. `penstock` is that of `package`, AWS is the account."""

    def __init__(self, account: Account, folder: Path, service: str, package: Path = SOURCES) -> None:
        self.account = account
        self.folder = folder
        self.pipeline = f"{service}-pipeline"
        tools = folder / ".tools"
        tools.mkdir()
        _tool(tools / "penstock", "-m", "generator.cli")
        for name, arguments in account.tools.items():
            _tool(tools / name, *arguments)
        environment = account.environment(folder, service)
        self.environment = {
            **environment,
            "PATH": f"{tools}{os.pathsep}{environment['PATH']}",
            "PYTHONPATH": str(package),
        }

    def types(self, line: str, typed: str = "") -> Ran:
        """What comes of a line; `typed` is typed when it asks. A picture that waits for an approval is left.

        After a push it waits, as a person would, until the pipeline has noticed.
        """
        if line.startswith("cd "):
            self.folder /= line.removeprefix("cd ")
            return Ran(0, "", "")
        executions = self._executions() if line.startswith("git push") else 0
        with _keyboard(typed) as stdin, self._started(line, stdin) as process:
            ran = (_watched if "--watch" in line else _ended)(process, self.account.patience)
        if line.startswith("git push") and ran.code == 0:
            self.account.wait(lambda: self._executions() > executions, "the pipeline to hear of the push")
        return ran

    def _executions(self) -> int:
        listed = self.account.client("codepipeline").list_pipeline_executions(pipelineName=self.pipeline)
        return len(listed["pipelineExecutionSummaries"])

    def _started(self, line: str, stdin: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", "-c", f"exec {line}" if line.startswith("penstock ") and "|" not in line else line],
            cwd=self.folder,
            env=self.environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def _tool(program: Path, *arguments: str) -> None:
    """A program that runs these with the Python of the tests."""
    command = shlex.join([sys.executable, *arguments])
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    program.chmod(0o755)


def _ended(process: subprocess.Popen[str], patience: float) -> Ran:
    out, err = process.communicate(timeout=patience)
    return Ran(process.returncode, out, err)


def _watched(process: subprocess.Popen[str], patience: float) -> Ran:
    """Ctrl-C as soon as an approval waits: from then on only a person can go on."""
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        if " waiting " in line:
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=patience)
    return Ran(process.returncode, out, "".join(seen) + err)


@contextmanager
def _keyboard(typed: str) -> Iterator[int]:
    """A terminal on which this was typed; without anything to type, no terminal."""
    if not typed:
        yield subprocess.DEVNULL
        return
    keys, screen = os.openpty()
    try:
        os.write(keys, f"{typed}\n".encode())
        yield screen
    finally:
        os.close(keys)
        os.close(screen)
