"""`penstock rehearse`: what it shows, what it exits with, and that nothing is left behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.rehearsals import Machine, events
from tests.rehearsal.driver.small import Small
from tests.rehearsal.emulator.repositories import commit, git

JAVA = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  TestFunction:
    Type: AWS::Serverless::Function
    Properties: {Runtime: java21, Handler: com.acme.Tests, CodeUri: s3://BUCKET/Packaged/tests.jar}
Outputs:
  TestFunction: {Value: !Ref TestFunction}
"""
OWN_KEY = "AKIAUSERSOWNKEY"  # recognisable, and nobody's


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "repository"


def test_an_assumption_is_turned_round_and_told(machine: Machine, folder: Path) -> None:
    small = Small("assumed", source="bitbucket: {repository: acme/assumed}").commit(folder)
    turned = "connection-completed=no"
    ran = machine.rehearse(small, "--approve", "yes", "--assume", turned, "--output", "json")
    result = events(ran)[-1]
    assert (ran.code, result["status"], result["stage"]) == (1, "Failed", "Source")
    assert "its status is PENDING" in result["reason"]
    (assumption,) = result["assumptions"]
    assert (assumption["assumption"], assumption["value"]) == ("connection-completed", "no")
    assert assumption["why"].startswith("https://docs.aws.amazon.com/")


# What is refused before anything is done.


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ([], "nobody can be asked for approvals: this is not a terminal", "--approve yes, or --approve no"),
        (["--approve", "ask"], "nobody can be asked for approvals", "--approve yes"),
        (["--approve", "yes", "--commit", "HEAD", "--worktree"], "exclude each other", "a commit, or the files"),
        (["--approve", "yes", "--commit", "v9"], "'v9' names no commit", "git log"),
        (["--approve", "yes", "--until", "gama"], "no stage 'gama'", "did you mean 'Gamma'? stages: Source, Build"),
        (["--approve", "yes", "--permissions", "--until", "beta"], "through all stages", "leave --until out"),
        (["--approve", "no", "--permissions"], "--permissions takes commits through all stages", "and approve"),
        (["--approve", "maybe"], "'maybe' is not one of", ""),
        (["--approve", "yes", "--assume", "luck=yes"], "luck=yes: there is no such assumption", "alarm-stays=yes|no"),
    ],
)
def test_wrong_input_exits_2_with_a_hint(
    arguments: list[str], message: str, hint: str, machine: Machine, folder: Path
) -> None:
    ran = machine.rehearse(Small().commit(folder), *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert hint in ran.err
    assert machine.left_over() == []


def test_a_pipeline_file_that_is_not_there_exits_2(machine: Machine) -> None:
    ran = machine.rehearse("none/pipeline.yaml", "--approve", "yes")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no none/pipeline.yaml" in ran.err


def test_a_pipeline_file_that_is_not_committed_exits_2(machine: Machine, folder: Path) -> None:
    file = Small().commit(folder)
    git(folder, "rm", "--quiet", "--cached", file.name)
    git(folder, "commit", "--quiet", "--message", "without")
    ran = machine.rehearse(file, "--approve", "yes")
    assert ran.code == 2
    assert "there is no pipeline.yaml in commit " in ran.err
    assert "--worktree" in ran.err


def test_problems_of_the_application_exit_1_before_anything_is_started(machine: Machine, folder: Path) -> None:
    file = Small(url="ApiUrl").commit(folder)
    ran = machine.rehearse(file, "--approve", "yes", "--output", "json")
    assert ran.code == 1
    assert "ApiUrl" in ran.err
    *_, last = events(ran)
    assert last["type"] == "result"
    assert (last["status"], last["reason"]) == ("Failed", "the application has problems: nothing was started")
    assert machine.left_over() == []


# What is shown.


def test_a_commit_goes_to_prod_and_nothing_is_left(machine: Machine, folder: Path) -> None:
    file = Small().commit(folder)
    ran = machine.rehearse(file, "--approve", "yes")
    assert (ran.code, ran.complaints) == (0, [])
    lines = ran.out.splitlines()
    assert re.search(r" s  rehearsing commit [0-9a-f]{12} \(first\)$", lines[0])
    assert any(
        re.search(r"Beta +Test +succeeded in \d+\.\d s  1 passed, 0 failed: beta is fine", line) for line in lines
    )
    assert "            Tests in Gamma: gamma is fine" in lines
    assert "Gamma        1 passed, 0 failed: gamma is fine" in lines
    assert "             https://greetings.example.com/small-gamma-Greeting" in lines
    assert any(re.fullmatch(r"ran +python3.13 on Python 3\.\d+\.\d+", line) for line in lines)
    assert re.fullmatch(r"green: the commit went through every stage, in \d+\.\d s", lines[-1])
    assert machine.left_over() == []


def test_json_is_one_event_a_line_and_the_result_the_last_where_a_rejected_approval_exits_1(
    machine: Machine, folder: Path
) -> None:
    small = Small(stages="[beta, {prod: {deploy: direct, approval: {}}}]")
    ran = machine.rehearse(small.commit(folder), "--approve", "no", "--output", "json")
    published = events(ran)
    assert ran.code == 1
    assert [event["type"] for event in published[:3]] == ["Begun", "Launched", "Remarked"]
    assert published[3]["type"] == "ExecutionStarted"
    assert {"StageStarted", "ActionStarted", "ActionEnded", "StageEnded"} <= {event["type"] for event in published}
    result = published[-1]
    assert (result["type"], result["status"], result["stage"], result["action"]) == (
        "result",
        "Failed",
        "Prod",
        "Approve",
    )
    tested = next(stage for stage in result["stages"] if stage["name"] == "Beta")
    assert tested["tests"] == ["1 passed, 0 failed: beta is fine"]


def test_a_crash_of_the_tests_shows_the_functions_log(machine: Machine, folder: Path) -> None:
    ran = machine.rehearse(Small(test='raise RuntimeError("boom")').commit(folder), "--approve", "yes")
    assert ran.code == 1
    assert "| [ERROR] RuntimeError: boom" in ran.out
    assert '|     raise RuntimeError("boom")' in ran.out
    assert re.search(r"^red at Beta/Test, in \d+\.\d s: .*RuntimeError: boom", ran.out, re.MULTILINE)


def test_what_cannot_be_rehearsed_exits_5(machine: Machine, folder: Path) -> None:
    jar = "python -m zipfile -c tests.jar tests.yaml && aws s3 cp tests.jar s3://$BUILD_OUTPUT_BUCKET/Packaged/"
    small = Small(
        "java", files={"tests.yaml": JAVA}, build=f'{jar} && sed -i "s/BUCKET/$BUILD_OUTPUT_BUCKET/" tests.yaml'
    )
    ran = machine.rehearse(small.commit(folder), "--approve", "yes")
    assert ran.code == 5, ran
    assert "not rehearsed at Beta/Test" in ran.out
    assert "java21" in ran.out


@pytest.mark.parametrize(
    ("framework", "options", "reason"),
    [
        ("serverless", (), "Serverless Framework 4 downloads itself and asks Serverless Inc."),
        ("commands, commands: [make]", ("--permissions",), "here the build makes that template"),
    ],
)
def test_a_build_that_cannot_be_rehearsed_so_exits_5(
    framework: str, options: tuple[str, ...], reason: str, machine: Machine, folder: Path
) -> None:
    small = Small(
        "licensed",
        files={
            "serverless.yml": "service: licensed\n",
            "package.json": '{"devDependencies": {"serverless": "4.43.0"}}',
            "pipeline.yaml": f"""\
service: licensed
source: {{codecommit: {{repository: licensed}}}}
app: {{template: serverless.yml}}
build: {{framework: {framework}, secrets: {{SERVERLESS_ACCESS_KEY: {{secretsmanager: key}}}}}}
tests: none
""",
        },
    )
    ran = machine.rehearse(small.commit(folder), "--approve", "yes", *options)
    assert ran.code == 5, ran
    assert reason in ran.out


# Whose files, whose credentials.


def test_the_users_credentials_reach_no_build_and_its_lines_are_shown(machine: Machine, folder: Path) -> None:
    aws = machine.folder / "home" / ".aws"
    aws.mkdir()
    (aws / "credentials").write_text(f"[users-own]\naws_access_key_id = {OWN_KEY}\naws_secret_access_key = {OWN_KEY}\n")
    machine.variables = {
        "AWS_ACCESS_KEY_ID": OWN_KEY,
        "AWS_SECRET_ACCESS_KEY": OWN_KEY,
        "AWS_SESSION_TOKEN": OWN_KEY,
        "AWS_PROFILE": "users-own",
        "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/users-own",
        "GITHUB_TOKEN": "users-own",
    }
    build = "env | grep -e ^AWS -e users -e USERS; exit 7"
    ran = machine.rehearse(Small(build=build).commit(folder), "--approve", "yes")
    assert ran.code == 1
    assert "AWS_ENDPOINT_URL" not in ran.out
    assert re.search(r"\| AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127\.0\.0\.1:\d+/", ran.out)
    assert "| AWS_SHARED_CREDENTIALS_FILE=/dev/null" in ran.out
    assert OWN_KEY not in ran.out
    assert "users-own" not in ran.out.replace(build, "")
    assert "exit status 7" in ran.out


def test_the_worktree_is_rehearsed_only_when_asked_for(machine: Machine, folder: Path) -> None:
    file = Small().commit(folder)
    Small(build="exit 9").write(folder)
    whole, stop = file.read_text(), ("--approve", "yes", "--until", "BUILD")
    file.write_text("service: [")
    assert "pipeline.yaml" in machine.rehearse(file, *stop, "--worktree").err
    ran = machine.rehearse(file, *stop, "--output", "json")
    result = events(ran)[-1]
    assert (ran.code, result["status"], result["stage"], result["action"]) == (0, "Stopped", "Build", "")
    assert "note: 2 uncommitted changes: --worktree takes the files as they are" in ran.err
    file.write_text(whole)
    ran = machine.rehearse(file, *stop, "--worktree")
    assert ran.code == 1
    assert "exit status 9" in ran.out


def test_below_the_root_of_a_repository_the_folder_is_rehearsed_as_it_is(machine: Machine, folder: Path) -> None:
    file = Small(build="exit 9").write(folder / "services" / "small")
    git(folder, "init", "--quiet")
    commit(folder, "below")
    Small().write(file.parent)
    ran = machine.rehearse(file, "--approve", "yes", "--until", "build")
    assert ran.code == 0
    assert "rehearsing the files of " in ran.out
