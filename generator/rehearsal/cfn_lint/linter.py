"""Asks the process that lints what nobody has asked it before."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Any

from generator.aws_rules import lint
from generator.repository.cache.answers import Answers

# The names of packaged objects: 64 digits of SHA-256, which say nothing to cfn-lint.
_CONTENT_HASH = re.compile(r"\b[0-9a-f]{64}\b")


class LinterGoneError(Exception):
    """The process that lints ended before it answered."""


class Linter:
    """cfn-lint for one region, in a process that starts with the first question that `answers` do not know.

    `environment` is the whole one of the process.
    """

    def __init__(self, region: str, environment: Mapping[str, str], answers: Answers) -> None:
        self._region = region
        self._environment = dict(environment)
        self._answers = answers
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def errors(self, text: str, name: str) -> Sequence[str]:
        """cfn-lint's errors in a template, each with its place in `name`. Raises LinterGoneError."""
        # The same template with other code in its functions is not linted again.
        same = _CONTENT_HASH.sub(lambda match: "0" * len(match[0]), text)
        question = ("errors", *lint.question(same, name, (self._region,)))
        with self._lock:
            messages: Sequence[str] = self._answers.remembered(question, lambda: self._ask(same, name))
        return messages

    def _ask(self, text: str, name: str) -> Any:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "generator.rehearsal.cfn_lint.process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self._environment,
                text=True,
            )
        to, back = _pipes(self._process)
        try:
            to.write(json.dumps({"text": text, "name": name, "region": self._region}) + "\n")
            to.flush()
            answer = back.readline()
        except OSError as problem:
            raise LinterGoneError(f"the process that runs cfn-lint is gone: {problem}") from problem
        if not answer:
            raise LinterGoneError(f"the process that runs cfn-lint ended with {self._process.wait()}")
        return json.loads(answer)

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
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
