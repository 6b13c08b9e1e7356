"""Services for the seam that write down what they are asked; imported by name in the emulator's process."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.rehearsal.service import Caller, ServiceError, Surroundings

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Recorder:
    """A CodePipeline that keeps declarations and a file of the calls it got; its executions never run."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.pipelines: dict[str, dict[str, Any]] = {}

    def handle(self, operation: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        self._write_down({"operation": operation, "request": request, "caller": caller.arn})
        return getattr(self, f"on_{operation}", self.on_anything_else)(request)

    def close(self) -> None:
        self._write_down({"operation": "close"})

    def _write_down(self, entry: dict[str, Any]) -> None:
        with (self.surroundings.folder / "calls.jsonl").open("a") as calls:
            calls.write(json.dumps(entry, default=str) + "\n")

    def on_anything_else(self, request: dict[str, Any]) -> dict[str, Any]:
        raise ServiceError("PipelineNotFoundException", f"nothing is known of {sorted(request)}")

    def on_CreatePipeline(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation's name
        pipeline = request["pipeline"]
        if pipeline["name"] in self.pipelines:
            raise ServiceError("PipelineNameInUseException", f"{pipeline['name']} is taken")
        self.pipelines[pipeline["name"]] = {**pipeline, "version": 1}
        return {"pipeline": self.pipelines[pipeline["name"]], "tags": request.get("tags", [])}

    def on_UpdatePipeline(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - as above
        pipeline = request["pipeline"]
        version = self.pipelines[pipeline["name"]]["version"] + 1
        self.pipelines[pipeline["name"]] = {**pipeline, "version": version}
        return {"pipeline": self.pipelines[pipeline["name"]]}

    def on_DeletePipeline(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - as above
        self.pipelines.pop(request["name"], None)
        return {}

    def on_GetPipeline(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - as above
        if request["name"] not in self.pipelines:
            raise ServiceError("PipelineNotFoundException", f"no pipeline {request['name']}")
        return {"pipeline": self.pipelines[request["name"]], "metadata": {"created": MOMENT}}

    def on_StartPipelineExecution(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - as above
        return {"pipelineExecutionId": f"started-{request['name']}"}

    def on_ListTagsForResource(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - as above
        """Who this service is when it acts for a pipeline, with the role of the pipeline's name."""
        pipeline = request["resourceArn"]
        role = f"arn:aws:iam::123456789012:role/{pipeline.rpartition(':')[2]}"
        permissions = self.surroundings.client("sts", role=role, source_arn=pipeline)
        return {"tags": [{"key": "arn", "value": permissions.get_caller_identity()["Arn"]}]}

    def on_ListPipelines(self, _request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - as above
        raise RuntimeError("a mistake of the service's own")

    def on_PollForJobs(self, _request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - as above
        return {"jobs": [{"not in the model": 1}]}


class Farewell(Recorder):
    """Asks the emulator who it is while it is told to close, and leaves the answer outside."""

    def on_GetPipeline(self, _request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation's name
        return {"pipeline": {"name": "any", "roleArn": "arn:aws:iam::123456789012:role/r", "stages": []}}

    def close(self) -> None:
        arn = self.surroundings.client("sts").get_caller_identity()["Arn"]
        Path(self.surroundings.variables["LC_FAREWELL"]).write_text(arn)


class Clinging(Recorder):
    """Starts a process that leaves its session, ignores being asked to end, and writes into the folder."""

    def on_GetPipeline(self, _request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the operation's name
        program = (
            "import os, signal, sys, time\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "if os.fork(): os._exit(0)\n"
            "os.setsid()\n"
            "open(sys.argv[1], 'w').write(str(os.getpid()))\n"
            "time.sleep(600)\n"
        )
        noted = self.surroundings.folder / "pid"
        subprocess.run([sys.executable, "-c", program, str(noted)], check=True)
        while not noted.exists() or not noted.read_text():
            pass
        return {"pipeline": {"name": noted.read_text(), "roleArn": "arn:aws:iam::1:role/r", "stages": []}}
