"""Commands that look for the pipeline, or its approval, where a stack has two pipelines and asks in a stage apart."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.aws import local
from tests.aws.local import Cloud
from tests.cli.command_line import Ran
from tests.rehearsal.driver.small import Small

PLAIN = "[beta: {tests: false}, prod: {tests: false, approval: false}]"
PATIENCE = 300.0
APART = "[beta: {tests: false}, prod: {tests: false, approval: {separate: true, approvers_policy: true}}]"
PULL_REQUESTS = "trigger: {pull_requests: true}\n"


class Doubled:
    """A service on GitHub whose commits are delivered by one pipeline and whose pull requests are built by another."""

    def __init__(self, cloud: Cloud, folder: Path, name: str) -> None:
        self.cloud, self.name, self.folder = cloud, name, folder
        self.pipeline = f"{name}-pipeline"
        connection = cloud.client("codeconnections").create_connection(ProviderType="GitHub", ConnectionName=name)
        self.source = f"github: {{repository: acme/{name}, connection: '{connection['ConnectionArn']}'}}"
        cloud.emulator.connect(name)
        self._says(PLAIN, "")
        self.push()

    def push(self) -> None:
        self.cloud.emulator.push_connected(f"acme/{self.name}", self.folder)

    def _says(self, stages: str, more: str) -> None:
        Small(self.name, source=self.source, stages=stages, more=more).commit(self.folder, f"Say {stages}")

    def become_double(self) -> None:
        self._says(APART, PULL_REQUESTS)

    def penstock(self, *arguments: str) -> Ran:
        return self.cloud.penstock(*arguments, cwd=self.folder)

    def state(self, stage: str) -> tuple[str, str]:
        """The status of the stage's latest execution, and its id."""
        states = self.cloud.client("codepipeline").get_pipeline_state(name=self.pipeline)["stageStates"]
        latest_execution = next(state for state in states if state["stageName"] == stage).get("latestExecution", {})
        return str(latest_execution.get("status", "")), str(latest_execution.get("pipelineExecutionId", ""))

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Return once it is so. The API has nothing to wait on, so this asks again."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"waited {PATIENCE} s for {what}: {self.penstock('status').out}"
            time.sleep(0.2)

    def is_asked(self) -> None:
        """Return once the approval apart waits, and status says so."""
        self.reaches("ProdApproval", "InProgress")
        self.until(lambda: "ProdApproval/Approve waits" in self.penstock("status").out, "the approval")

    def reaches(self, stage: str, status: str) -> None:
        self.until(lambda: self.state(stage)[0] == status, f"{stage} to have {status.lower()}")

    def deliver(self) -> str:
        """Start an execution and approve prod, by the name users write, until it is there; the execution."""
        execution = str(json.loads(self.penstock("start", "--output", "json").out)["execution"])
        self.until(lambda: self._approved(execution), "prod")
        return execution

    def _approved(self, execution: str) -> bool:
        if self.state("Prod") == ("Succeeded", execution):
            return True
        if self.state("ProdApproval")[0] == "InProgress":
            self.penstock("approve", "prod", "--yes")
        return False


def succeeded(ran: Ran) -> bool:
    assert ran.code == 0, ran.err + ran.out
    return True


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doubled]:
    """Launched with one pipeline first, and with two over it."""
    with local.cloud() as cloud:
        service = Doubled(cloud, tmp_path_factory.mktemp("doubled"), "doubled")
        assert succeeded(service.penstock("launch", "--yes"))
        service.reaches("Prod", "Succeeded")
        service.become_double()
        service.push()
        launched = service.penstock("launch", "--yes")
        assert succeeded(launched)
        assert "PullRequest" in launched.out
        yield service


@pytest.mark.slow
def test_the_pipeline_that_delivers_is_meant_from_the_first_commit_to_the_end(doubled: Doubled) -> None:
    first, second = doubled.deliver(), doubled.deliver()
    diff = doubled.penstock("diff")
    assert diff.code == 0, diff.out + diff.err
    examined = doubled.penstock("doctor", "--output", "json")
    assert examined.code in (0, 1), examined.err
    assert "Traceback" not in examined.err
    assert succeeded(doubled.penstock("logs", "Build"))
    _goes_back(doubled, first, second)
    _is_rejected_and_tried_again(doubled)
    _goes(doubled)


def _goes_back(doubled: Doubled, first: str, second: str) -> None:
    asking = doubled.penstock("rollback", "ProdApproval", "--yes")
    assert asking.code == 1
    assert "penstock rollback Prod" in asking.err
    back = doubled.penstock("rollback", "prod", "--yes")
    assert succeeded(back)
    assert back.err.index(first) < back.err.index(second)
    doubled.reaches("Prod", "Succeeded")


def _is_rejected_and_tried_again(doubled: Doubled) -> None:
    assert succeeded(doubled.penstock("start"))
    doubled.is_asked()
    assert succeeded(doubled.penstock("reject", "Prod", "--yes", "--message", "not today"))
    doubled.reaches("ProdApproval", "Failed")
    standing = doubled.penstock("status")
    assert standing.code == 1
    assert "not today" in standing.out
    assert succeeded(doubled.penstock("retry"))
    doubled.is_asked()
    assert succeeded(doubled.penstock("approve", "--yes"))
    doubled.reaches("Prod", "Succeeded")


def _goes(doubled: Doubled) -> None:
    careful = doubled.penstock("destroy", "--yes", doubled.name)
    assert "the stack doubled-prod: it is production" in careful.out
    assert succeeded(doubled.penstock("destroy", "--prod", "--yes", doubled.name))
    left = doubled.cloud.client("cloudformation").describe_stacks()["Stacks"]
    assert [entry["StackName"] for entry in left] == []
    assert doubled.cloud.client("codepipeline").list_pipelines()["pipelines"] == []
