"""CodeDeploy: deployments that shift an alias's traffic, whose hooks are called and report.

https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_PutLifecycleEventHookExecutionStatus.html
https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
"""

from __future__ import annotations

import json
import secrets
import string
import uuid
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from generator.rehearsal import waits
from generator.rehearsal.emulator.ministack import context, lambda_
from generator.rehearsal.emulator.operations import Request, TableOfOperations
from generator.rehearsal.service import Caller, ServiceError, Surroundings

_REPORTED = ("Succeeded", "Failed")
"""Seconds for a report once the hook's function ended, which may have handed its work on. AWS waits for an hour."""


class HookFailedError(Exception):
    """Why a hook ends its deployment."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One call of a hook's function: its event, and the status that it reports."""

    deployment: str
    id: str
    status: Future[str] = field(default_factory=Future)

    @property
    def event(self) -> dict[str, str]:
        """The event of the function."""
        return {"DeploymentId": self.deployment, "LifecycleEventHookExecutionId": self.id}


class Deployments(TableOfOperations):
    """Deployments by id, each with the group it belongs to and the hooks that were called."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._groups: dict[str, str] = {}
        self._hooks: dict[tuple[str, str], Hook] = {}
        super().__init__({"PutLifecycleEventHookExecutionStatus": self._put}, "OperationNotSupportedException")

    def begin(self, application: str, group: str) -> str:
        """The id of a new deployment."""
        deployment = "d-" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(9))
        self._groups[deployment] = f"deploymentgroup:{application}/{group}"
        return deployment

    def call(self, deployment: str, function: str, role: str) -> None:
        """Call the function of a hook as the group's role, and wait for its report. Raises HookFailedError."""
        self._require(function, role)
        hook = Hook(deployment, str(uuid.uuid4()))
        self._hooks[deployment, hook.id] = hook
        error = lambda_.run(function, hook.event)
        if not wait([hook.status], timeout=0.0 if error else waits.HOOK.seconds).done:
            ended = f"ended with {error}" if error else "ended without reporting a status, for which AWS waits an hour"
            raise HookFailedError(ended)
        if hook.status.result() != "Succeeded":
            raise HookFailedError("reported Failed")

    def _require(self, function: str, role: str) -> None:
        try:
            self._surroundings.credentials(role)
        except ServiceError as refused:
            raise HookFailedError(f"could not be called: {refused.message}") from refused
        arn = function if function.startswith("arn:") else context.arn("lambda", f"function:{function}")
        answer = self._surroundings.may(role, "lambda:InvokeFunction", arn)
        if not answer.allowed:
            raise HookFailedError(f"could not be called: {answer.why}")

    def resource(self, body: bytes) -> str:
        """What IAM judges a request on: the group of the deployment that it names; empty if there is none.

        https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
        """
        with suppress(ValueError):
            request = json.loads(body)
            return self._groups.get(str(request.get("deploymentId")), "") if isinstance(request, dict) else ""
        return ""

    def _put(self, request: Request, _caller: Caller) -> dict[str, Any]:
        deployment, hook_id = request.get("deploymentId", ""), request.get("lifecycleEventHookExecutionId", "")
        if deployment not in self._groups:
            raise ServiceError("DeploymentDoesNotExistException", f"The deployment {deployment} could not be found")
        hook = self._hooks.get((deployment, hook_id))
        if hook is None:
            raise ServiceError("InvalidLifecycleEventHookExecutionIdException", f"{hook_id} is no hook of {deployment}")
        status = request.get("status", "")
        if status not in _REPORTED:
            raise ServiceError(
                "InvalidLifecycleEventHookExecutionStatusException",
                f"{status} is not a status that a hook reports; it reports {' or '.join(_REPORTED)}",
            )
        if hook.status.done():
            raise ServiceError("LifecycleEventAlreadyCompletedException", f"{hook_id} was reported before")
        hook.status.set_result(status)
        return {"lifecycleEventHookExecutionId": hook_id}
