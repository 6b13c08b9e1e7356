"""Questions to a function that nobody will answer any more: known at once here, after long silence on AWS.

CodePipeline waits 20 minutes for the answer to a job, CloudFormation an hour for that of a custom resource.
https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generator.rehearsal.cloudformation.errors import CANNOT
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack.cloudformation_resources import fail_custom_resource
from generator.rehearsal.emulator.ministack.lambda_ import Run, retries

NOT_REHEARSED = "Penstock.NotRehearsed"
"""The errorType of a function that this machine cannot run."""
_ANSWERS = ("codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult")
_SILENT = "failed to return a result, as CodePipeline would say after 20 minutes of silence"


class Jobs:
    """Watches the functions that are given jobs.

    `give_up(job, why)` ends one, unless it was answered meanwhile; `left(job)` hears when its function has returned.
    """

    def __init__(
        self, ledger: Ledger, give_up: Callable[[str, str], None], left: Callable[[str], None] = lambda _job: None
    ) -> None:
        self._ledger = ledger
        self._give_up = give_up
        self._left = left
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    def watching(self, run: Run) -> Run:
        """The same way to run a function, that notices what becomes of its job."""

        def watched(function: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
            job = job_of(event)
            if not job:
                return run(function, event, request_id)
            with self._lock:
                self._running[job] += 1
            before = len(self._denials(function))
            answer = run(function, event, request_id)
            last = self._last(job, function, failed=bool(answer.get("error")))
            if why := self._why(function, answer, self._denials(function)[before:], last=last):
                self._give_up(job, why)
            elif not answer.get("error"):
                self._left(job)
            return answer

        return watched

    def _denials(self, function: Mapping[str, Any]) -> tuple[str, ...]:
        return self._ledger.denied_to((function.get("config") or function)["Role"], *_ANSWERS)

    def _last(self, job: str, function: Mapping[str, Any], *, failed: bool) -> bool:
        """Whether Lambda will not run the job again, nor runs it at this moment: an event may come twice."""
        with self._lock:
            self._running[job] -= 1
            self._failed[job] += failed
            return not self._running[job] and self._failed[job] > retries(function)

    @staticmethod
    def _why(function: Mapping[str, Any], answer: Mapping[str, Any], denials: Sequence[str], *, last: bool) -> str:
        """Why nobody will answer; empty where somebody may. A function that ended well may have passed its job on."""
        name = (function.get("config") or function)["FunctionName"]
        if _error(answer).get("errorType") == NOT_REHEARSED:
            return f"The AWS Lambda function {name} was not run: {_error(answer)['errorMessage']}"
        if denials:
            return f"The AWS Lambda function {name} {_SILENT}: {denials[0]}"
        return f"The AWS Lambda function {name} {_SILENT}: {_ended(answer)}" if last else ""


def answering_stacks(run: Run) -> Run:
    """The same way to run a function; one that failed has answered for its custom resource, unless it did itself.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
    """

    def answered(function: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        answer = run(function, event, request_id)
        url = event.get("ResponseURL") if isinstance(event, dict) else None
        if url and answer.get("error"):
            name = (function.get("config") or function)["FunctionName"]
            why = f"{CANNOT}: " if _error(answer).get("errorType") == NOT_REHEARSED else ""
            fail_custom_resource(str(url), f"{why}{name} ended without an answer: {_ended(answer)}")
        return answer

    return answered


def _error(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    body = answer.get("body")
    return body if answer.get("error") and isinstance(body, dict) else {}


def _ended(answer: Mapping[str, Any]) -> str:
    error = _error(answer)
    return ": ".join(filter(None, (error.get("errorType"), error.get("errorMessage")))) or "it failed"


def job_of(event: Any) -> str:
    """The id of the job an event carries; empty for other events."""
    job = event.get("CodePipeline.job") if isinstance(event, dict) else None
    return str(job.get("id", "")) if isinstance(job, dict) else ""
