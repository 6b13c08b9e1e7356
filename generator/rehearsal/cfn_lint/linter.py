"""Asks the process that lints, and remembers what it said of which text."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO


class LinterGoneError(Exception):
    """The process that lints ended before it answered."""


class Linter:
    """cfn-lint for one region: begins to load at once, answers when it is ready. `environment` is its whole one."""

    def __init__(self, region: str, environment: Mapping[str, str]) -> None:
        self._region = region
        self._lock = threading.Lock()
        self._cache: dict[str, Sequence[str]] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "generator.rehearsal.cfn_lint.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(environment),
            text=True,
        )

    def errors(self, text: str, name: str) -> Sequence[str]:
        """cfn-lint's errors in a template, each with its place in `name`. Raises LinterGoneError."""
        key = hashlib.sha256(f"{name}\0{text}".encode()).hexdigest()
        with self._lock:
            if key not in self._cache:
                self._cache[key] = self._ask({"text": text, "name": name, "region": self._region})
            return self._cache[key]

    def _ask(self, question: Mapping[str, str]) -> Sequence[str]:
        to, back = _pipes(self._process)
        try:
            to.write(json.dumps(question) + "\n")
            to.flush()
            answer = back.readline()
        except OSError as problem:
            raise LinterGoneError(f"the process that runs cfn-lint is gone: {problem}") from problem
        if not answer:
            raise LinterGoneError(f"the process that runs cfn-lint ended with {self._process.wait()}")
        messages: Sequence[str] = json.loads(answer)
        return messages

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in _pipes(self._process):
            # A question nobody read any more is still in its buffer.
            with contextlib.suppress(OSError):
                pipe.close()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise LinterGoneError("the process that runs cfn-lint has no pipes")
    return process.stdin, process.stdout
