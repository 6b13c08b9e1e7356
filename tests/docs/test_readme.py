"""What README shows is what happens: commands, their output, exit codes, the capability a launch needs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from generator.cli.main import penstock, run
from generator.errors import AwsRefusedError, InvalidInputError, NotRehearsedError, RefusedError
from generator.repository import assets

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
STARTER = "blueprints/time-service-python/pipeline.yaml"


def blocks(language: str) -> list[str]:
    matches = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return [text for spoken, text in matches if spoken == language]


MAIN_JOB, ALL_TESTS = (block.strip() for block in blocks("sh")[:2])


def without_numbers(text: str) -> str:
    """Sizes, seconds and generated ids change with every version or run; the rest is stable."""
    return re.sub(r"\s*\d[\d.,]*", " N", re.sub(r"//[0-9a-z]{8}\.", "//ID.", text))


@pytest.mark.parametrize("command", [MAIN_JOB, ALL_TESTS])
def test_each_of_the_two_commands_is_one_line_that_sets_everything_up(command: str) -> None:
    assert "\n" not in command
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")


def test_what_every_change_passes_is_the_readmes_second_command() -> None:
    script = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == ALL_TESTS
    assert "\nset -euo pipefail\n" in script
    assert (CHECKOUT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.slow
def test_the_first_command_rehearses_the_starter_to_prod_as_is_shown() -> None:
    asked = MAIN_JOB.rpartition(".venv/bin/penstock ")[2].split()
    assert asked == ["rehearse", STARTER, "--approve", "yes"]
    ran = subprocess.run(
        [sys.executable, "-m", "generator.cli", *asked], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    printed = [without_numbers(line) for line in ran.stdout.splitlines()]
    assert [
        line for line in map(without_numbers, blocks("")[1].splitlines()) if line not in (*printed, "...", "   ...")
    ] == []


def test_checking_the_starter_prints_what_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT / "blueprints" / "time-service-python")
    shown = next(block for block in blocks("") if block.startswith("$ penstock check\n"))
    assert run(["check"]) == 0
    assert without_numbers("$ penstock check\n" + capsys.readouterr().out) == without_numbers(shown)


def test_starting_a_pipeline_prints_what_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(assets.folder("blueprints") / "time-service-python", tmp_path / "time-service")
    monkeypatch.chdir(tmp_path / "time-service")
    Path("pipeline.yaml").unlink()
    subprocess.run(["git", "init", "--initial-branch=main"], check=True, capture_output=True)
    assert run(["init"]) == 0
    assert capsys.readouterr().out == next(block for block in blocks("") if block.startswith("wrote "))


def test_every_command_stands_in_the_table() -> None:
    shown = re.findall(r"^\| `penstock (\w+)` \|", README, re.MULTILINE)
    assert sorted(shown) == penstock.list_commands(click.Context(penstock))


def test_every_exit_code_of_this_version_stands_in_the_table() -> None:
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    errors = (RefusedError, InvalidInputError, AwsRefusedError, NotRehearsedError)
    assert shown == {0, 3, 130, *(error.exit_code for error in errors)}


def test_a_launch_needs_no_more_than_the_capability_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    assert run(["generate", str(CHECKOUT / STARTER), "--format", "json"]) == 0
    template = json.loads(capsys.readouterr().out)
    resources = [resource for resource in template["Resources"].values() if resource["Type"].startswith("AWS::IAM::")]
    names = {"GroupName", "InstanceProfileName", "ManagedPolicyName", "RoleName", "UserName"}
    assert resources
    assert [resource for resource in resources if names & resource["Properties"].keys()] == []
    assert "Transform" not in template
    assert re.findall(r"--capabilities (.*)$", README, re.MULTILINE) == ["CAPABILITY_IAM"]


@pytest.mark.parametrize(
    ("output", "source"),
    [
        ("ConnectionToFinish", "github: {repository: acme/time-service}"),
        ("SourceBucketToPrepare", "s3: {bucket: acme-deliveries, create: false}"),
    ],
)
def test_an_output_that_is_named_exists(
    output: str, source: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "pipeline.yaml").write_text(f"service: a\nsource:\n  {source}\n", encoding="utf-8")
    run(["generate", str(tmp_path / "pipeline.yaml"), "--format", "json"])
    assert output in json.loads(capsys.readouterr().out)["Outputs"]
    assert f"`{output}`" in README
