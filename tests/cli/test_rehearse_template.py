"""`penstock rehearse --template`: a template that is not ours, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import penstock
from tests.cli.rehearsals import Machine
from tests.rehearsal.driver.pipeline_templates import action, pipeline, template

SOURCE = action("Code", "Source/AWS/CodeCommit", {"RepositoryName": "theirs", "BranchName": "main"}, outputs="Code")
DEPLOY = action("Roll", "Deploy/AWS/ECS", {"ClusterName": "c", "ServiceName": {"Ref": "Service"}}, inputs="Code")
PARAMETERS = {"Service": {"Type": "String", "Description": "what is deployed"}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "theirs.json"
    file.write_text(template({"P": pipeline({"Source": [SOURCE], "Deploy": [DEPLOY]})}, Parameters=PARAMETERS))
    return file


def test_the_list_shows_what_runs_what_does_not_and_what_is_missing(file: Path, tmp_path: Path) -> None:
    ran = penstock("rehearse", "--template", file, "--list", cwd=tmp_path)
    assert ran.code == 0
    rows = [line.split(maxsplit=2) for line in ran.out.splitlines() if "/" in line and str(file) not in line]
    ends = "checked, not run: exit code 5, or --stub ECS=succeed"
    assert rows == [
        ["Source/Code", "Source/AWS/CodeCommit", "runs"],
        ["Deploy/Roll", "Deploy/AWS/ECS", ends],
    ]
    assert "  --source Code=DIR\n" in ran.out
    assert "  --parameter Service=VALUE  # what is deployed\n" in ran.out


def test_the_list_is_data_for_programs(file: Path, tmp_path: Path) -> None:
    listed = json.loads(penstock("rehearse", "--template", file, "--list", "--output", "json", cwd=tmp_path).out)
    assert listed["missing"] == [{"name": "Service", "description": "what is deployed"}]
    assert [action["runs"] for action in listed["pipelines"][0]["actions"]] == [True, False]


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--pipeline", "Nowhere", "the template makes no pipeline 'Nowhere'"),
        ("--stub", "=fail", "is not PROVIDER=succeed or PROVIDER=fail"),
        ("--source", "Source=nowhere", "there is no folder 'nowhere'"),
    ],
)
def test_the_list_refuses_what_the_rehearsal_would(
    option: str, value: str, message: str, file: Path, tmp_path: Path
) -> None:
    ran = penstock("rehearse", "--template", str(file), "--list", option, value, cwd=tmp_path)
    assert (ran.code, message in ran.err) == (2, True)


def test_all_that_is_wrong_is_reported_at_once_before_anything_starts(file: Path, tmp_path: Path) -> None:
    options = ("--approve", "yes", "--parameter", "Sevice=x", "--source", "Code", "--source", "Code=absent")
    ran = penstock("rehearse", "--template", file, *options, "--stub", "ECS=maybe", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    for message in (
        "parameter Service has no value and no default (what is deployed)",
        "the template has no parameter 'Sevice'\n  hint: did you mean Service?",
        "--source: 'Code' is not ACTION=DIR",
        "--source: there is no folder 'absent'",
        "--stub: 'ECS=maybe' is not PROVIDER=succeed or PROVIDER=fail",
    ):
        assert message in ran.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--parameter", "A=b", "--list"), "--parameter is about a template that is not ours"),
        (("--template", "t", "--faults", "--approve", "yes"), "--faults and --template exclude each other so far"),
        (("--template", ".", "--list"), "--template: . is a folder"),
        (("--template", "absent.yml", "--list"), "absent.yml"),
        (("--template", "t", "--approve", "yes", "--accept-stubs"), "--accept-stubs accepts what --stub names"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: tuple[str, ...], message: str, tmp_path: Path) -> None:
    ran = penstock("rehearse", *options, cwd=tmp_path)
    assert (ran.code, message in ran.err) == (2, True), ran.err


def test_a_source_or_a_stub_that_no_action_has_is_refused_with_those_there_are(file: Path, tmp_path: Path) -> None:
    options = ("--approve", "yes", "--parameter", "Service=x", "--source", f"Kode={tmp_path}", "--stub", "EKS=fail")
    ran = penstock("rehearse", "--template", file, *options, cwd=tmp_path)
    assert (ran.code, "'Kode'\n  hint: source actions: Code" in ran.err) == (2, True), ran.err
    assert "'EKS'\n  hint: providers: CodeCommit, ECS" in ran.err


@pytest.mark.slow
@pytest.mark.parametrize(("accept", "code"), [((), 5), (("--accept-stubs",), 0)], ids=["by itself", "accepted"])
def test_a_template_that_is_not_ours_is_rehearsed_to_the_end_and_stubs_are_green_only_if_accepted(
    accept: tuple[str, ...], code: int, file: Path, tmp_path: Path
) -> None:
    source = tmp_path / "application"
    source.mkdir()
    (source / "index.html").write_text("hello")
    machine = Machine(tmp_path / "machine")
    options = ("--parameter", "Service=x", "--source", f"Code={source}", "--approve", "yes")
    ran = machine.rehearse("--template", file, *options, "--stub", "ECS=succeed", *accept)
    assert ran.code == code, ran.out + ran.err
    assert "stubbed      Deploy/Roll (ECS): nothing was done\n" in ran.out
    assert "green, with 1 action stubbed, in " in ran.out.splitlines()[-1]
    assert ("--accept-stubs takes it as green" in ran.out) == (code == 5)
