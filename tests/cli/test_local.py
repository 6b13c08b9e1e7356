"""What is kept goes on: it can be called, pushed to, found again and stopped."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Credentials, connect
from tests.cli.rehearsals import Machine, events
from tests.rehearsal.driver.small import Small
from tests.rehearsal.emulator.repositories import commit, git

API = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: !Ref Stage, OpenApiVersion: 3.0.1}
  Greeter:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return {"statusCode": 200, "body": "hello from the %s commit"}
      Events:
        Greeting: {Type: Api, Properties: {RestApiId: !Ref Api, Method: GET, Path: /greeting}}
Outputs:
  ApiUrl: {Value: !Sub "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${Stage}"}
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine with notes of its own; whatever is kept on it is stopped."""
    result = Machine(tmp_path / "machine")
    result.own_notes()
    yield result
    result.penstock("local", "--stop")


def until(done: Any, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def fetched(url: str) -> str:
    with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310 - a URL of this machine
        return str(answer.read().decode())


class Aws:
    """AWS's APIs as the printed variables lead to them."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._endpoint = variables["AWS_ENDPOINT_URL"]
        self._keys = Credentials(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"])
        self._region = variables["AWS_REGION"]

    def __call__(self, service: str) -> Any:
        return connect(service, self._endpoint, self._keys, self._region)

    def executions(self) -> list[str]:
        """The status of each execution of the pipeline, the newest first."""
        answer = self("codepipeline").list_pipeline_executions(pipelineName="small-pipeline")
        return [execution["status"] for execution in answer["pipelineExecutionSummaries"]]


def test_what_is_kept_is_called_by_the_printed_lines_and_a_second_commit_updates_its_stacks(
    machine: Machine, tmp_path: Path
) -> None:
    folder = tmp_path / "repository"
    small = Small(url="ApiUrl", stages="[beta]", files={"app.yaml": API % "first"})
    ran = machine.rehearse(small.commit(folder), "--approve", "yes", "--keep")
    assert ran.code == 0, ran.out
    shown = in_a_shell([line.strip() for line in ran.out.splitlines() if line.startswith("  ")])
    assert shown.startswith("hello from the first commit")
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:" in shown

    (kept,) = json.loads(machine.penstock("local", "--output", "json").out)["kept"]
    commit(folder, "second", **{"app.yaml": API % "second"})
    (branch,) = kept["branches"]
    git(folder, "push", "--quiet", branch["directory"], f"HEAD:{branch['name']}")
    aws = Aws(kept["variables"])
    until(lambda: len(aws.executions()) == 3 and aws.executions()[0] != "InProgress")

    assert aws.executions()[0] == "Succeeded"
    (stack,) = aws("cloudformation").describe_stacks(StackName="small-beta")["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    (url,) = kept["urls"]["small-beta"]
    assert fetched(f"{url}/greeting") == "hello from the second commit"


def in_a_shell(lines: list[str]) -> str:
    """What a shell says to the printed exports and the call."""
    exports = "\n".join(line for line in lines if line.startswith("export "))
    (curl,) = [line for line in lines if line.startswith("curl ")]
    call = curl.replace("  #", "/greeting #").replace("curl", "curl -s")
    script = f"{exports}\n{call}\nenv | grep ^AWS_ENDPOINT_URL="
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout


def test_local_shows_what_is_kept_and_stops_it(machine: Machine, tmp_path: Path) -> None:
    file = Small().commit(tmp_path / "repository")
    ran = machine.rehearse(file, "--approve", "yes", "--until", "source", "--keep")
    assert ran.code == 0
    shown = machine.penstock("local")
    exports = [line for line in ran.out.splitlines() if line.startswith("  export ")]
    assert len(exports) >= 5
    assert set(exports) <= set(shown.out.splitlines())
    assert shown.out.startswith("small-pipeline in ")
    assert "  git push --force " in shown.out

    parsed = json.loads(machine.penstock("local", "--output", "json").out)
    assert [emulator["pipelines"] for emulator in parsed["kept"]] == [["small-pipeline"]]
    stopped = machine.penstock("local", "--stop")
    assert (stopped.code, stopped.out) == (0, "stopped small-pipeline\n")
    assert machine.nothing_left()
    assert machine.penstock("local").out == "nothing is kept running\n"


def test_nothing_is_kept_of_what_was_never_launched(machine: Machine, tmp_path: Path) -> None:
    ran = machine.rehearse(Small(url="Lost").commit(tmp_path / "repository"), "--approve", "yes", "--keep")
    assert ran.code == 1
    assert "nothing was started" in ran.out
    assert machine.left_over() == []


def test_nothing_kept_is_said(machine: Machine) -> None:
    ran = machine.penstock("local", "--stop")
    assert (ran.code, ran.out) == (0, "nothing is kept running\n")
    assert json.loads(machine.penstock("local", "--output", "json").out) == {"kept": []}


def test_a_pending_connection_is_shown_and_completed(machine: Machine, tmp_path: Path) -> None:
    small = Small("tied", source="bitbucket: {repository: acme/tied}").commit(tmp_path / "repository")
    ran = machine.rehearse(small, "--approve", "yes", "--until", "source", "--keep", "--output", "json")
    (name,) = events(ran)[-1]["kept"]["connections"]
    assert f"penstock local --connect {name}  # the connection is PENDING" in machine.penstock("local").out
    wrong = machine.penstock("local", "--connect", "nothing")
    assert wrong.code == 2
    assert "no connection is called 'nothing'" in wrong.err
    assert f"pending: {name}" in wrong.err
    completed = machine.penstock("local", "--connect", name, "--output", "json")
    assert (completed.code, json.loads(completed.out)["kept"][0]["connections"]) == (0, [])
    assert "PENDING" not in machine.penstock("local").out


def test_a_connection_of_nothing_kept_is_refused(machine: Machine) -> None:
    ran = machine.penstock("local", "--connect", "git")
    assert (ran.code, ran.out) == (2, "")
    assert "no connection is pending here" in ran.err


def note(folder: Path, **changes: Any) -> dict[str, Any]:
    """What a note of a kept emulator says; nothing answers at its ports."""
    sandbox = {"protection": "kernel", "reason": "", "unheld": ""}
    secrets = {"root": {"access_key": "AKIA", "secret_key": "s", "token": None}, "control": "c", "push": "p"}
    files = dict.fromkeys(("ca_file", "bundle_file", "node_file"), "/nowhere")
    doors = {"http_port": 1, "tls_port": 1, **files, "sandbox": sandbox, "secrets": secrets}
    doors |= changes.pop("doors", {})
    return {"folder": str(folder), "account": "123456789012", "region": "us-east-1", "doors": doors, **changes}


SPOILT = [
    "",
    "[]",
    "{}",
    json.dumps({"folder": 1}),
    json.dumps({"folder": "/", "doors": "none"}),
    "\x00\xff",
    "[" * 100_000,
]
CHANGED: list[dict[str, Any]] = [
    {},
    {"account": 7},
    {"region": "a\nb"},
    {"doors": {"http_port": 10**9}},
    {"doors": {"http_port": "x"}},
    {"doors": {"http_port": -1}},
    {"doors": {"secrets": {"root": {"access_key": "A", "secret_key": "s"}, "control": "a\r\nHost: b", "push": "p"}}},
    {"doors": {"secrets": None}},
]


def test_notes_that_somebody_spoilt_are_cleared(machine: Machine) -> None:
    notes = machine.folder / "cache" / "penstock" / "kept"
    notes.mkdir()
    (machine.folder / "penstock-note").mkdir()
    words = [*SPOILT, *(json.dumps(note(machine.folder / f"penstock-{i}", **each)) for i, each in enumerate(CHANGED))]
    for number, text in enumerate(words):
        (notes / f"penstock-{number}.json").write_text(text)
    (notes / "penstock-note.json").write_text(json.dumps(note(machine.folder / "penstock-note")))
    ran = machine.penstock("local")
    assert (ran.code, ran.out, ran.err) == (0, "nothing is kept running\n", "")
    assert list(notes.iterdir()) == []


class Another(BaseHTTPRequestHandler):
    """A program of somebody else's that listens where an emulator once did."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'["welcome"]' if self.path.endswith("ledger") else b"{}")

    def log_message(self, *_arguments: Any) -> None:
        """Nothing is worth a line."""


def test_another_program_at_a_port_is_not_taken_for_an_emulator(machine: Machine) -> None:
    folder = machine.folder / "penstock-old"
    folder.mkdir()
    kept = machine.folder / "cache" / "penstock" / "kept" / "penstock-old.json"
    kept.parent.mkdir()
    with HTTPServer(("127.0.0.1", 0), Another) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        kept.write_text(json.dumps(note(folder, doors={"http_port": server.server_port})))
        ran = machine.penstock("local", "--stop")
        server.shutdown()
    assert (ran.code, ran.out, ran.err) == (0, "nothing is kept running\n", "")
    assert folder.exists()


def test_an_emulator_whose_note_is_spoilt_is_said_and_can_be_ended(machine: Machine) -> None:
    emulator = Emulator(machine.environ)
    emulator.start()
    kept = emulator.keep()
    kept.note.write_text(kept.note.read_text()[:-40])
    ran = machine.penstock("local")
    assert (ran.code, ran.out) == (0, "nothing is kept running\n")
    assert ran.err == (
        f"note: nobody can reach what runs in {kept.folder}: its note cannot be read any more;"
        " penstock local --stop ends it\n"
    )
    ran = machine.penstock("local", "--stop")
    assert (ran.code, ran.err) == (0, f"note: ended what ran in {kept.folder}: its note cannot be read any more\n")
    assert machine.nothing_left()
    assert not kept.note.exists()


def test_an_emulator_that_knows_its_keys_no_more_is_stopped_all_the_same(machine: Machine) -> None:
    emulator = Emulator(machine.environ)
    emulator.start()
    kept = emulator.keep()
    record = json.loads(kept.note.read_text())
    record["doors"]["secrets"]["root"]["secret_key"] = "0" * 40
    kept.note.write_text(json.dumps(record))
    ran = machine.penstock("local")
    assert (ran.code, "does not know its own keys any more" in ran.err) == (1, True)
    ran = machine.penstock("local", "--stop")
    assert (ran.code, f"note: ended what ran in {kept.folder}: " in ran.err) == (0, True)
    assert not kept.folder.exists()
