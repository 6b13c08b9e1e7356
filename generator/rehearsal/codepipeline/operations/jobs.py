"""Operations of a function that runs a job: its details, its success, its failure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.aws_rules import limits
from generator.execution import ErrorDetails
from generator.rehearsal.codepipeline.service_state import Job, ServiceState
from generator.rehearsal.codepipeline.variables import too_large
from generator.rehearsal.service import Caller, ServiceError


def details(service: ServiceState, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """GetJobDetails: what the function's event says, and where in which pipeline it belongs."""
    job = _job(service, request["jobId"], caller)
    return {"jobDetails": {"id": job.id, "accountId": service.account, "data": job.data}}


def succeed(service: ServiceState, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """PutJobSuccessResult: the action is done or, with a continuation token, goes on in a new job."""
    job = _open_job(service, request["jobId"], caller)
    variables = request.get("outputVariables", {})
    token = request.get("continuationToken", "")
    if token and variables:
        raise ServiceError("ValidationException", "outputVariables cannot be given together with a continuationToken")
    if too_large(variables):
        raise ServiceError(
            "OutputVariablesSizeExceededException",
            f"Output variables exceed the limit of {limits.OUTPUT_VARIABLES_BYTES} bytes",
        )
    details = request.get("executionDetails", {})
    job.summary = details.get("summary", "")
    job.external_id = details.get("externalExecutionId", "")
    job.run.percent = details.get("percentComplete", job.run.percent)
    job.variables = dict(variables)
    job.continuation = token
    job.status = "Continued" if token else "Succeeded"
    return {}


def fail(service: ServiceState, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """PutJobFailureResult: the action failed."""
    job = _open_job(service, request["jobId"], caller)
    failure = request["failureDetails"]
    job.error = ErrorDetails(failure["type"], failure["message"])
    job.external_id = failure.get("externalExecutionId", "")
    job.status = "Failed"
    return {}


def _job(service: ServiceState, job_id: str, caller: Caller) -> Job:
    """A job, in the region of the action it belongs to; nobody knows it elsewhere."""
    job = service.jobs.get(job_id)
    if job is None or (job.run.action.region or service.region) != caller.region:
        raise ServiceError("JobNotFoundException", f"There is no job with id '{job_id}'")
    return job


def _open_job(service: ServiceState, job_id: str, caller: Caller) -> Job:
    job = _job(service, job_id, caller)
    if job.status != "InProgress" or not job.run.active:
        status = job.status if job.status != "InProgress" else job.run.status
        raise ServiceError("InvalidJobStateException", f"Job '{job_id}' cannot be reported on: its status is {status}")
    return job


OPERATIONS = {
    "GetJobDetails": details,
    "PutJobSuccessResult": succeed,
    "PutJobFailureResult": fail,
}
