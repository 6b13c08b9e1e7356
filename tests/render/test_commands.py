"""What a stage's commands find when they run: the outputs of its stack, whatever these are called and hold."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.compiler.pipeline import compile_file
from generator.render.template_text import to_yaml
from generator.repository.files import Repository
from tests.properties.templates import load, resolve

_APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")
_SHOW = 'printf \'%s|\' "$OUTPUT_ApiUrl" "$OUTPUT_Text" "$OUTPUT_PATH" "${PATH:+there}"'


def template(folder: Path, stage: str, more: str = "") -> dict[str, Any]:
    file = folder / "pipeline.yaml"
    head = f"service: clock\nsource:\n  codecommit: {{repository: clock}}\n{more}"
    file.write_text(f"{head}stages:\n  - beta: {stage}\n")
    return load(to_yaml(compile_file(file, "pipeline.yaml", _APPLICATION).pipeline, "pipeline.yaml", "0"))


def spec(pipeline_template: dict[str, Any], project: str) -> list[str]:
    """The commands of a project's buildspec, as CodeBuild reads them."""
    text = resolve(pipeline_template["Resources"][project]["Properties"], pipeline_template)["Source"]["BuildSpec"]
    commands: list[str] = yaml.safe_load(text)["phases"]["build"]["commands"]
    return commands


def run(folder: Path, aws: str, *commands: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The commands in one shell, as CodeBuild runs those of a phase, with a program `aws` that does as told."""
    program = folder / "bin" / "aws"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{aws}\n")
    program.chmod(0o755)
    shell = shutil.which("sh")
    assert shell
    environment = {"PATH": f"{program.parent}:/usr/bin:/bin", "STACK": "clock-beta", **variables}
    return subprocess.run(
        [shell, "-c", "\n".join(commands)], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_outputs_of_the_stack_are_variables_that_hide_no_other(tmp_path: Path) -> None:
    buildspec = spec(template(tmp_path, "{after: [x]}"), "BetaAfter")
    text = r"""printf 'ApiUrl\thttps://x/y?z=$HOME\nText\ttwo `words` "here"\nPATH\t/nowhere\n'"""
    result = run(tmp_path, text, buildspec[0], _SHOW)
    assert result.stdout == 'https://x/y?z=$HOME|two `words` "here"|/nowhere|there|'
    assert result.returncode == 0


_SERVICES = """\
services:
  api: {path: services/api, parameters: {TableName: x}, stages: {beta: {stack: api}}}
  data-base: {path: services/database}
  worker: {path: services/worker}
"""


def test_the_outputs_of_several_services_are_variables_by_their_names(tmp_path: Path) -> None:
    document = template(tmp_path, "{after: [x]}", _SERVICES)
    buildspec = spec(document, "BetaAfter")
    project = resolve(document["Resources"]["BetaAfter"]["Properties"], document)
    variables = {each["Name"]: each["Value"] for each in project["Environment"]["EnvironmentVariables"]}
    assert variables["STACKS"] == "clock-*-beta api=api data-base worker"
    aws = r"""case "$4" in
      clock-worker-beta) echo "Stack with id $4 does not exist" >&2; exit 254 ;;
      *) printf 'Name\t%s of it\n' "$4" ;;
    esac"""
    show = 'printf \'%s|\' "$OUTPUT_api_Name" "$OUTPUT_data_base_Name" "${OUTPUT_worker_Name-none}"'
    result = run(tmp_path, aws, buildspec[0], show, STACKS=variables["STACKS"])
    assert (result.returncode, result.stdout) == (0, "api of it|clock-data-base-beta of it|none|")


def test_commands_that_test_several_services_have_the_url_of_one(tmp_path: Path) -> None:
    more = f"{_SERVICES}app: {{url: '${{data-base.Url}}'}}\ntests: {{commands: ['curl $API_URL']}}\n"
    assert spec(template(tmp_path, "{}", more), "TestProject")[-2:] == [
        'export API_URL="${OUTPUT_data_base_Url:?there is no such output}"',
        "curl $API_URL",
    ]


def test_a_stack_that_is_not_there_yet_has_no_outputs(tmp_path: Path) -> None:
    buildspec = spec(template(tmp_path, "{before: [x]}"), "BetaBefore")
    result = run(tmp_path, "echo 'Stack with id clock-beta does not exist' >&2; exit 254", buildspec[0], _SHOW)
    assert (result.returncode, result.stdout) == (0, "|||there|")


def test_another_refusal_is_shown_and_fails(tmp_path: Path) -> None:
    buildspec = spec(template(tmp_path, "{before: [x]}"), "BetaBefore")
    result = run(tmp_path, "echo AccessDenied >&2; exit 254", buildspec[0], "echo on")
    assert (result.returncode, result.stdout, result.stderr) == (1, "", "AccessDenied\n")


@pytest.mark.parametrize("command", ["echo ${HOME}", "echo \"a: b\" # 'c'", "é 😀 \\n", "- x", "!Sub y"])
def test_commands_arrive_as_they_are_written(tmp_path: Path, command: str) -> None:
    text = yaml.safe_dump({"after": [command]}, default_flow_style=True, allow_unicode=True, width=10_000).strip()
    assert spec(template(tmp_path, text), "BetaAfter")[1:] == [command]


def test_commands_may_do_what_the_file_gives_and_no_more(tmp_path: Path) -> None:
    stage = '{after: {commands: [x], statements: [{actions: ["s3:PutObject"], resources: ["arn:aws:s3:::a/${b}"]}]}}'
    document = template(tmp_path, stage)
    role = resolve(document["Resources"]["BetaAfterRole"]["Properties"], document)
    actions_by_sid = {
        statement["Sid"]: statement["Action"] for statement in role["Policies"][0]["PolicyDocument"]["Statement"]
    }
    assert actions_by_sid == {
        "WriteLogs": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "ReadArtifacts": ["s3:GetObject", "s3:GetObjectVersion"],
        "FindBucket": ["s3:GetBucketAcl", "s3:GetBucketLocation"],
        "ReadOutputs": "cloudformation:DescribeStacks",
        "Given1": "s3:PutObject",
    }
    assert role["Policies"][0]["PolicyDocument"]["Statement"][-1]["Resource"] == "arn:aws:s3:::a/${b}"
    assert "ManagedPolicyArns" not in role


@pytest.mark.parametrize(
    ("approval", "deploy", "order"),
    [
        ("false", "direct", ["Before", "Deploy", "After", "Test"]),
        ("false", "changeset", ["CreateChangeSet", "Before", "ExecuteChangeSet", "After", "Test"]),
        ("true", "direct", ["DescribeChanges", "Approve", "Before", "Deploy", "After", "Test"]),
    ],
)
def test_commands_run_around_what_changes_the_stack(
    tmp_path: Path, approval: str, deploy: str, order: list[str]
) -> None:
    document = template(tmp_path, f"{{approval: {approval}, deploy: {deploy}, before: [x], after: [y]}}")
    (stage,) = [stage for stage in document["Resources"]["Pipeline"]["Properties"]["Stages"] if stage["Name"] == "Beta"]
    assert [action["Name"] for action in stage["Actions"]] == order
    assert [action["RunOrder"] for action in stage["Actions"]] == list(range(1, len(order) + 1))
