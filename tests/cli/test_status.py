"""`penstock status` on pipelines of this machine: waiting, green, red, closed, followed to the end."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.aws.local import Cloud
from tests.aws.service_pipeline import ServicePipeline, fresh
from tests.cli.command_line import SOURCES


@pytest.fixture(scope="session")
def waiting(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> ServicePipeline:
    """A pipeline that has waited for its approval since it was made."""
    pipeline = ServicePipeline(cloud, "waiting", tmp_path_factory.mktemp("waiting"))
    pipeline.create(pipeline.beta(), pipeline.prod())
    pipeline.waits()
    return pipeline


@pytest.fixture(scope="session")
def red(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> ServicePipeline:
    """A pipeline whose tests failed."""
    pipeline = ServicePipeline(cloud, "scarlet", tmp_path_factory.mktemp("scarlet"))
    pipeline.break_tests()
    pipeline.ended(pipeline.create(pipeline.beta(), pipeline.prod()))
    return pipeline


@pytest.fixture
def asking(cloud: Cloud, tmp_path: Path) -> ServicePipeline:
    """A pipeline of nothing but a source and an approval, of this test alone."""
    pipeline = fresh(cloud, tmp_path)
    pipeline.create(pipeline.asking())
    return pipeline


def tokens(pipeline: ServicePipeline) -> list[str]:
    """Every token in GetPipelineState."""
    states = pipeline.pipelines.get_pipeline_state(name=pipeline.pipeline)["stageStates"]
    runs = (action.get("latestExecution", {}) for stage in states for action in stage["actionStates"])
    return [run["token"] for run in runs if "token" in run]


def words(text: str) -> list[str]:
    """Lines without the columns' blanks."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_waiting_approval_is_shown_with_how_to_answer_it(waiting: ServicePipeline) -> None:
    ran = waiting.penstock("status")
    assert (ran.code, ran.err) == (0, "")
    text = words(ran.out)
    assert text[0] == "waiting-pipeline: waiting for an approval"
    assert any(line.startswith(f"{waiting.head[:12]} Begin (execution ") for line in text)
    assert "tests 2 passed, 0 failed: all well" in text
    assert any(line.startswith("url http") for line in text)
    assert any(line.startswith("Prod/Approve waits for an approval (for ") for line in text)
    assert "answer: penstock approve Prod, or penstock reject Prod" in text


def test_stages_and_actions_are_shown_with_their_commit_and_time(waiting: ServicePipeline) -> None:
    text = words(waiting.penstock("status").out)
    commit = f"{waiting.head[:12]} Begin"
    assert any(line.startswith("Beta succeeded ") and line.endswith(commit) for line in text)
    assert any(line.startswith("Deploy succeeded ") and "Stack waiting-app: CREATE_COMPLETE" in line for line in text)
    assert any(line.startswith("Approve waiting ") for line in text)


@pytest.mark.parametrize("output", ["text", "json"])
def test_the_token_of_an_approval_is_never_printed(waiting: ServicePipeline, output: str) -> None:
    ran = waiting.penstock("status", "--output", output)
    (token,) = tokens(waiting)
    assert token not in ran.out + ran.err


def test_json_has_stages_tests_and_what_blocks(waiting: ServicePipeline) -> None:
    parsed = json.loads(waiting.penstock("status", "--output", "json").out)
    assert (parsed["running"], parsed["red"]) == (True, False)
    assert parsed["latest"]["commit"] == {"id": waiting.head, "message": "Begin"}
    _, beta, prod = parsed["stages"]
    assert (beta["name"], beta["tests"]) == ("Beta", {"passed": 2, "failed": 0, "summary": "all well"})
    assert prod["status"] == "InProgress"
    assert [(b["kind"], b["stage"], b["action"]) for b in parsed["blockers"]] == [("approval", "Prod", "Approve")]


def test_a_red_test_is_shown_with_where_to_look_and_what_to_do(red: ServicePipeline) -> None:
    ran = red.penstock("status")
    assert ran.code == 1
    text = words(ran.out)
    assert text[0] == "scarlet-pipeline: red (failed)"
    why = "scarlet-check: 1 failed, 2 passed: the clock is wrong"
    assert any(line.startswith("Test failed ") and line.endswith(why) for line in text)
    assert any(line.startswith(f"Beta/Test failed: {why} (") for line in text)
    assert text[-2:] == ["why: penstock logs Beta", "again with the same commit: penstock retry Beta"]


def test_who_approved_is_shown_with_what_they_said(asking: ServicePipeline) -> None:
    asking.answer("Prod", "Approve", "Approved")
    until_ended(asking)
    ran = asking.penstock("status")
    assert ran.code == 0
    assert words(ran.out)[0] == f"{asking.pipeline}: green (succeeded)"
    assert any(
        line.startswith("Approve succeeded ") and line.endswith("approved by root: seen") for line in words(ran.out)
    )


def until_ended(pipeline: ServicePipeline) -> None:
    listed = pipeline.pipelines.list_pipeline_executions(pipelineName=pipeline.pipeline)
    (newest, *_) = listed["pipelineExecutionSummaries"]
    pipeline.ended(newest["pipelineExecutionId"])


def test_a_closed_transition_is_shown_with_its_reason_who_waits_and_how_to_open_it(asking: ServicePipeline) -> None:
    asking.answer("Prod", "Approve", "Approved")
    until_ended(asking)
    stage = {"pipelineName": asking.pipeline, "stageName": "Prod", "transitionType": "Inbound"}
    asking.pipelines.disable_stage_transition(**stage, reason="freeze until Monday")
    execution = asking.push("Second")
    asking.behind("Prod", execution)
    ran = asking.penstock("status")
    text = words(ran.out)
    assert ran.code == 0
    assert f"waits {asking.head[:12]} Second (execution {execution})" in text
    assert any(line.startswith("the transition into Prod is disabled: freeze until Monday") for line in text)
    place = f"--pipeline-name {asking.pipeline} --stage-name Prod"
    assert f"open it: aws codepipeline enable-stage-transition {place} --transition-type Inbound" in text


def test_a_commit_that_waits_behind_another_is_shown_before_the_stage(asking: ServicePipeline) -> None:
    asking.waits()
    execution = asking.push("Second")
    asking.behind("Prod", execution)
    assert f"waits {asking.head[:12]} Second (execution {execution})" in words(asking.penstock("status").out)


def watch(pipeline: ServicePipeline, *, terminal: bool) -> tuple[subprocess.Popen[str], int]:
    """`penstock status --watch` that runs, and what its stderr is read from."""
    reading, writing = pty.openpty() if terminal else os.pipe()
    environment = {**pipeline.emulator.environment(), "PYTHONPATH": str(SOURCES), "TERM": "xterm"}
    command = [sys.executable, "-m", "generator.cli", "status", "--watch", "--service", pipeline.service]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=writing, stdin=subprocess.DEVNULL, text=True, env=environment
    )
    os.close(writing)
    return running, reading


def heard(reading: int, text: str = "") -> str:
    """What comes until this text does; without one, until the end."""
    output = b""
    while not text or text.encode() not in output:
        try:
            chunk = os.read(reading, 65536)
        except OSError:  # how a terminal says that its other side was closed
            chunk = b""
        if not chunk:
            break
        output += chunk
    return output.decode()


def test_watching_says_each_change_on_stderr_and_how_it_stands_at_the_end(asking: ServicePipeline) -> None:
    asking.waits()
    running, reading = watch(asking, terminal=False)
    first = heard(reading, "Approve")
    asking.answer("Prod", "Approve", "Approved")
    rest = heard(reading)
    out, _ = running.communicate(timeout=120)
    os.close(reading)
    assert running.returncode == 0
    assert [" ".join(line.split()[1:4]) for line in first.splitlines()] == ["Prod Approve waiting"]
    assert [line.split()[1:4] for line in rest.splitlines()] == [["Prod", "Approve", "succeeded"]]
    assert words(out)[0] == f"{asking.pipeline}: green (succeeded)"


def test_watching_on_a_terminal_renews_a_picture_and_leaves_the_result(asking: ServicePipeline) -> None:
    asking.waits()
    running, reading = watch(asking, terminal=True)
    heard(reading, "Prod/Approve waits for an approval")
    asking.answer("Prod", "Approve", "Rejected")
    rest = heard(reading)
    out, _ = running.communicate(timeout=120)
    os.close(reading)
    assert running.returncode == 1
    assert "\x1b[" in rest
    assert words(out)[0] == f"{asking.pipeline}: red (failed)"
    assert "\x1b" not in out


def test_watching_can_be_left(asking: ServicePipeline) -> None:
    asking.waits()
    running, reading = watch(asking, terminal=False)
    heard(reading, "Approve")
    running.send_signal(signal.SIGINT)
    rest = heard(reading)
    out, _ = running.communicate(timeout=120)
    os.close(reading)
    assert (running.returncode, out) == (130, "")
    assert rest.endswith("\ninterrupted\n")
    assert "Traceback" not in rest
    asking.waits()


def test_watching_what_does_not_run_ends_at_once(red: ServicePipeline) -> None:
    ran = red.penstock("status", "--watch")
    assert (ran.code, ran.err) == (1, "")
    assert words(ran.out)[0] == "scarlet-pipeline: red (failed)"


def test_a_pipeline_that_is_not_there_is_said_with_advice(cloud: Cloud, tmp_path: Path) -> None:
    ran = cloud.penstock("status", "--service", "nobody", cwd=tmp_path)
    assert (ran.code, ran.out) == (4, "")
    assert "nobody-pipeline" in ran.err
    assert "penstock launch" in ran.err


def test_a_commit_message_cannot_act_on_the_terminal(asking: ServicePipeline) -> None:
    asking.waits()
    execution = asking.push("Second \x1b[31mred\x1b[0m")
    asking.behind("Prod", execution)
    ran = asking.penstock("status")
    assert "Second red" in ran.out
    assert "\x1b" not in ran.out
