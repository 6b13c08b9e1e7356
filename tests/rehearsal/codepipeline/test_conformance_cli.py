"""A whole execution driven with the aws CLI, as somebody would from a terminal."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.codebuild.tools import TOOLS, provide
from generator.rehearsal.emulator.handle import Emulator
from generator.repository.cache.folder import cache_folder
from tests.rehearsal.codepipeline.emulated_pipeline import EmulatedPipeline

Aws = Callable[..., Any]


@pytest.fixture
def aws(emulator: Emulator) -> Aws:
    """An aws CLI against the emulator, the machine's or one of Penstock's own; what it prints, as JSON."""
    program = str(provide(TOOLS["aws"], cache_folder(os.environ), os.environ, print))
    environment = {**emulator.environment(), "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": emulator.endpoint}

    def run(operation: str, *arguments: str) -> Any:
        command = [program, "codepipeline", operation, "--output", "json", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout or "{}")

    return run


@pytest.mark.slow
def test_the_aws_cli_takes_an_execution_from_start_to_end(aws: Aws, emulator: Emulator, tmp_path: Path) -> None:
    emulated = EmulatedPipeline(emulator, "by-cli", tmp_path)
    stages = [
        {"name": "Ask", "actions": [emulated.approve(1, "?")]},
        {"name": "Test", "actions": [emulated.tests("now", 1)]},
    ]
    declared = json.dumps({"pipeline": emulated.declaration(*stages)})
    assert aws("create-pipeline", "--cli-input-json", declared)["pipeline"]["version"] == 1
    token = emulated.token("Ask", "Approve")
    answer = json.dumps({"status": "Approved", "summary": "seen"})
    place = ["--pipeline-name", emulated.pipeline, "--stage-name", "Ask", "--action-name", "Approve"]
    assert "approvedAt" in aws("put-approval-result", *place, "--token", token, "--result", answer)
    (summary,) = aws("list-pipeline-executions", "--pipeline-name", emulated.pipeline)["pipelineExecutionSummaries"]
    emulated.ended(summary["pipelineExecutionId"])
    states = aws("get-pipeline-state", "--name", emulated.pipeline)["stageStates"]
    assert [state["latestExecution"]["status"] for state in states] == ["Succeeded"] * 3
    runs = aws("list-action-executions", "--pipeline-name", emulated.pipeline)["actionExecutionDetails"]
    assert [run["actionName"] for run in runs] == ["Test", "Approve", "Source"]
    aws("delete-pipeline", "--name", emulated.pipeline)
