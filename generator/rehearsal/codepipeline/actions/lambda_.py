"""Invoke action of provider Lambda: a function is given a job and reports on it.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from generator.rehearsal import waits
from generator.rehearsal.assumptions import CONTINUED_JOB
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.service_state import Job, new_id
from generator.rehearsal.codepipeline.state import Artifact, Outcome

ACTION_TYPES = frozenset({("Invoke", "AWS")})
_LEFT = (
    "It returned without calling PutJobSuccessResult or PutJobFailureResult, and nothing that could do so later is at"
    f" work or scheduled. On AWS the action fails after {waits.JOB.longest()}."
)
SOON, LATER = 0.5, 30.0
"""Seconds after a continuation token until the function is called again; which of them is an assumption."""


def start(context: ActionContext) -> Outcome:
    """Invoke the function, again with a new job for every continuation token, until it reports the end."""
    end = context.now() + timedelta(seconds=waits.CONTINUED_JOB.seconds)
    places = tuple(context.place(name) for name in context.action.outputs)
    continuation = ""
    while True:
        job = _invoke(context, places, continuation)
        if not context.handle.await_job(job, min(context.now() + timedelta(seconds=waits.JOB.seconds), end)):
            raise ActionFailedError("TimeoutError", _silent(context, job), _reported(job))
        if job.error:
            raise ActionFailedError(job.error.code, job.error.message, _reported(job))
        if job.status == "Succeeded":
            return _outcome(job, places)
        continuation = job.continuation
        context.handle.say(summary=job.summary, external_id=job.external_id)
        context.handle.pause(SOON if context.handle.assume(CONTINUED_JOB) else LATER)


def _invoke(context: ActionContext, places: tuple[Artifact, ...], continuation: str) -> Job:
    data = _data(context, places, continuation)
    job_id = new_id()
    job = context.handle.open_job(job_id, _details(context, data))
    event = {"CodePipeline.job": {"id": job_id, "accountId": context.surroundings.account, "data": data}}
    context.client("lambda").invoke(
        FunctionName=context.configuration["FunctionName"],
        InvocationType="Event",
        Payload=json.dumps(event).encode(),
    )
    return job


def _data(context: ActionContext, places: tuple[Artifact, ...], continuation: str) -> dict[str, Any]:
    """What both the function's event and GetJobDetails say."""
    keys = context.credentials()
    data: dict[str, Any] = {
        "actionConfiguration": {"configuration": dict(context.configuration)},
        "inputArtifacts": [_artifact(context.inputs[name]) for name in context.action.inputs],
        "outputArtifacts": [_artifact(place) for place in places],
        "artifactCredentials": {
            "accessKeyId": keys.access_key,
            "secretAccessKey": keys.secret_key,
            "sessionToken": keys.token or "",
        },
    }
    if continuation:
        data["continuationToken"] = continuation
    if context.store.key:
        data["encryptionKey"] = {"id": context.store.key, "type": "KMS"}
    return data


def _artifact(artifact: Artifact) -> dict[str, Any]:
    location = {"bucketName": artifact.bucket, "objectKey": artifact.key}
    return {
        "name": artifact.name,
        "revision": artifact.revision,
        "location": {"type": "S3", "s3Location": location},
    }


def _details(context: ActionContext, data: dict[str, Any]) -> dict[str, Any]:
    """What GetJobDetails says: also where the action belongs, and nothing that is null."""
    artifacts = {
        side: [{key: value for key, value in artifact.items() if value is not None} for artifact in data[side]]
        for side in ("inputArtifacts", "outputArtifacts")
    }
    return {
        **data,
        **artifacts,
        "actionTypeId": context.action.type.declared(),
        "pipelineContext": {
            "pipelineName": context.pipeline,
            "pipelineArn": context.pipeline_arn,
            "pipelineExecutionId": context.execution,
            "stage": {"name": context.stage},
            "action": {"name": context.action.name, "actionExecutionId": context.run},
        },
    }


def _outcome(job: Job, places: tuple[Artifact, ...]) -> Outcome:
    return Outcome(summary=job.summary, external_id=job.external_id, artifacts=places, variables=dict(job.variables))


def _reported(job: Job) -> Outcome:
    return Outcome(summary=job.summary, external_id=job.external_id)


def _silent(context: ActionContext, job: Job) -> str:
    name = context.configuration["FunctionName"]
    words = (
        f"The AWS Lambda function {name} failed to return a result. Check the function to verify that it has"
        " permission to call the PutJobSuccessResult action and that it made a call to PutJobSuccessResult."
    )
    return f"{words} {_LEFT}" if job.left else words
