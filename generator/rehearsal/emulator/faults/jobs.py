"""Functions that are slow, and the one that is killed in the middle of a job."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from generator.rehearsal.emulator.faults.chance import Chance
from generator.rehearsal.emulator.faults.kinds import KILLED, SLOW
from generator.rehearsal.emulator.functions.jobs import job_of
from generator.rehearsal.emulator.ledger import Ledger

Run = Callable[[dict[str, Any], Any, str], dict[str, Any]]
LONGEST = 1.5  # seconds; a cold start of a function of some size
_ANSWERS = ("PutJobSuccessResult", "PutJobFailureResult")


class SlowFunctions:
    """Holds an invocation before it begins, or its answer."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def around(self, run: Run, func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        """Run a function as slowly as chance has it."""
        name = str((func.get("config") or func)["FunctionName"])
        self._hold(f"the start of {name}")
        answer = run(func, event, request_id)
        self._hold(f"the answer of {name}")
        return answer

    def _hold(self, subject: str) -> None:
        if self._chance.strikes(SLOW.word, subject):
            time.sleep(LONGEST * self._chance.part(SLOW.word, subject))


class KilledJob:
    """Kills the function of the first job in the moment it answers; `kill(request id)` ends an invocation's process."""

    def __init__(self, ledger: Ledger, kill: Callable[[str], bool]) -> None:
        self._ledger = ledger
        self._kill = kill
        self._lock = threading.Lock()
        self._requests: dict[str, tuple[str, str]] = {}
        self._victim = ""

    def around(self, run: Run, func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        """Run a function, remembering which job it has."""
        if job := job_of(event):
            self._requests[job] = (request_id, str((func.get("config") or func)["FunctionName"]))
        return run(func, event, request_id)

    def strikes(self, target: str, body: bytes) -> bool:
        """Whether this request is the answer that is never heard; its sender is dead by then."""
        if target.rpartition(".")[2] not in _ANSWERS:
            return False
        with contextlib.suppress(ValueError, KeyError), self._lock:
            request_id, name = self._requests[json.loads(body)["jobId"]]
            if not self._victim and self._kill(request_id):
                self._victim = request_id
                self._ledger.injected(KILLED.word, name)
                return True
        return False
