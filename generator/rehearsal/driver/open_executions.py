"""Sees every execution of a pipeline to its end, not only the one that was followed."""

from __future__ import annotations

import time

from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator

_OPEN = ("InProgress", "Stopping")
_POLL_SECONDS = 0.1


def settle(emulator: Emulator, pipeline: str) -> None:
    """Wait until no execution is under way, approving what waits for an approval.

    It has no limit of its own: whoever calls it ends the emulator when it takes too long.
    """
    codepipeline = emulator.client("codepipeline")
    while any(execution["status"] in _OPEN for execution in _executions(emulator, pipeline)):
        for stage, action, token in _waiting(codepipeline.get_pipeline_state(name=pipeline)):
            try:
                codepipeline.put_approval_result(
                    pipelineName=pipeline,
                    stageName=stage,
                    actionName=action,
                    token=token,
                    result={"status": "Approved", "summary": "answered in the rehearsal"},
                )
            except ClientError as error:
                if "Approval" not in error.response["Error"]["Code"]:
                    raise
        time.sleep(_POLL_SECONDS)


def _executions(emulator: Emulator, pipeline: str) -> list[dict[str, str]]:
    pages = emulator.client("codepipeline").get_paginator("list_pipeline_executions").paginate(pipelineName=pipeline)
    return [summary for page in pages for summary in page["pipelineExecutionSummaries"]]


def _waiting(state: dict[str, list[dict[str, list[dict[str, dict[str, str]]]]]]) -> list[tuple[str, str, str]]:
    """Stage, action and token of every approval that nobody has answered."""
    return [
        (str(stage["stageName"]), str(action["actionName"]), latest["token"])
        for stage in state["stageStates"]
        for action in stage["actionStates"]
        if (latest := action.get("latestExecution", {})).get("status") == "InProgress" and "token" in latest
    ]
