"""Applications of every shape that `sam init` makes go through init, check and a rehearsal without an edit.

`shapes.yaml` has them, several shapes in one application. A rehearsal ends after beta; then functions are invoked, an
API is asked and the other services' events are sent, so that what was deployed is known to work.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.rehearsal.emulator.handle import Emulator
from tests.cli.command_line import penstock
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import template
from tests.rehearsal.emulator.repositories import commit, git

SHAPES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("shapes.yaml").read_text(encoding="utf-8"))
# An event takes no time to arrive; this is for a machine that is busy.
PATIENCE = 120
ARRIVAL = {"Source": "harbour.tests", "DetailType": "Ship arrived", "Detail": '{"ship": "Esmeralda"}'}


def begun(folder: Path, files: Mapping[str, str]) -> Path:
    """A repository with these files and the pipeline file that `init` makes of them, which `check` takes as it is."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch=main")
    for command in ("init", "check"):
        ran = penstock(command, cwd=folder)
        assert ran.code == 0, ran.err
    commit(folder, "first")
    return folder / "pipeline.yaml"


class Deployed:
    """The beta stack of an application in an emulator."""

    def __init__(self, emulator: Emulator, name: str) -> None:
        self.emulator, self.stack = emulator, f"{name}-beta"
        formation = emulator.client("cloudformation")
        resources = formation.describe_stack_resources(StackName=self.stack)["StackResources"]
        self.ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
        (stack,) = formation.describe_stacks(StackName=self.stack)["Stacks"]
        self.outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    def invoke(self, function: str, event: object) -> Any:
        answer = self.emulator.client("lambda").invoke(FunctionName=self.ids[function], Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    def get(self, url: str) -> str:
        """What an API answers."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.emulator.doors.http_port)) as connection:
            connection.request("GET", self.emulator.api_url(url).removeprefix(self.emulator.endpoint))
            return connection.getresponse().read().decode()

    def run(self, machine: str) -> None:
        """Run a state machine to its end."""
        states, deadline = self.emulator.client("stepfunctions"), time.monotonic() + PATIENCE
        run = states.start_execution(stateMachineArn=self.ids[machine], input='{"id": "1"}')["executionArn"]
        while (execution := states.describe_execution(executionArn=run))["status"] == "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert execution["status"] == "SUCCEEDED", execution

    def heard(self, function: str, words: str) -> bool:
        """Whether the log of a function comes to have a line with these words."""
        logs, deadline = self.emulator.client("logs"), time.monotonic() + PATIENCE
        group = f"/aws/lambda/{self.ids[function]}"
        while time.monotonic() < deadline:
            groups = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
            events = logs.filter_log_events(logGroupName=group)["events"] if groups else []
            if any("heard" in event["message"] and words in event["message"] for event in events):
                return True
            time.sleep(0.1)
        return False


SENDERS: Mapping[str, Callable[[Callable[[str], Any], Mapping[str, str]], object]] = {
    "Started": lambda client, _: client("events").put_events(Entries=[ARRIVAL]),
    "Queued": lambda client, ids: client("sqs").send_message(QueueUrl=ids["Queue"], MessageBody="Esmeralda"),
    "Notified": lambda client, ids: client("sns").publish(TopicArn=ids["Topic"], Message="Esmeralda"),
    "Stored": lambda client, ids: client("s3").put_object(Bucket=ids["Bucket"], Key="esmeralda.txt", Body=b"at anchor"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_application_of_sam_init_goes_to_beta_as_it_is_and_works_there(shape: str, stage: Stage) -> None:
    data = SHAPES[shape]
    name = f"harbour-{shape}"
    file = begun(stage.folder / name, data["files"])
    result = stage.rehearse_file(file, template(file), until="Beta")
    assert result.outcome.exit_code == 0, result.outcome.reason + result.logged
    assert result.ended[-1] == "Beta/Deploy"
    deployed = Deployed(stage.emulator, name)
    for function, call in data["answers"].items():
        assert deployed.invoke(function, call["event"]) == call["answer"]
    for output, (path, body) in data["urls"].items():
        assert deployed.get(deployed.outputs[output] + path) == body
    for function, words in data["hears"].items():
        SENDERS[function](stage.emulator.client, deployed.ids)
        assert deployed.heard(function, words), function
    for machine, (table, item) in data.get("machines", {}).items():
        deployed.run(machine)
        assert stage.emulator.client("dynamodb").scan(TableName=deployed.ids[table])["Items"] == [item]
