"""`penstock diff` against the local AWS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.aws import local
from tests.aws.local import Cloud
from tests.cli.command_line import Ran

SOURCE = "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"


@pytest.fixture(scope="module")
def launched(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose pipeline is launched; tests change its pipeline file."""
    root = local.repository(tmp_path_factory.mktemp("launched"))
    assert cloud.penstock("launch", "--yes", cwd=root).code == 0
    return root


def diff(cloud: Cloud, root: Path, text: str, *options: str) -> Ran:
    (root / "pipeline.yaml").write_text(text)
    return cloud.penstock("diff", *options, cwd=root)


def test_what_was_launched_does_not_differ(cloud: Cloud, launched: Path) -> None:
    ran = diff(cloud, launched, SOURCE)
    assert (ran.code, ran.out) == (0, "time-service-pipeline in us-east-1 is what the pipeline file says\n")


def test_differences_are_shown_by_resource_and_property(cloud: Cloud, launched: Path) -> None:
    ran = diff(cloud, launched, f"{SOURCE}execution: queued\nnotifications: {{email: [a@example.com]}}\n")
    assert ran.code == 1
    assert "~ Pipeline (AWS::CodePipeline::Pipeline)\n" in ran.out
    assert '    ~ ExecutionMode: "SUPERSEDED" -> "QUEUED"\n' in ran.out
    assert "+ NotificationTopic (AWS::SNS::Topic)\n" in ran.out


def test_stages_are_told_apart_by_their_names(cloud: Cloud, launched: Path) -> None:
    ran = diff(cloud, launched, f"{SOURCE}stages: [beta, prod]\n")
    assert "    - Stages[Gamma]: " in ran.out
    assert "Stages[Prod].Actions[Approve]" in ran.out
    assert "Stages[Beta]" not in ran.out


def test_the_same_as_data(cloud: Cloud, launched: Path) -> None:
    ran = diff(cloud, launched, f"{SOURCE}execution: queued\n", "--output", "json")
    parsed = json.loads(ran.out)
    assert ran.code == 1
    assert {
        "section": "Resources",
        "name": "Pipeline",
        "type": "AWS::CodePipeline::Pipeline",
        "at": "ExecutionMode",
        "kind": "changed",
        "was": "SUPERSEDED",
        "now": "QUEUED",
    } in parsed["differences"]


def test_a_parameter_that_was_given_at_launch_is_told(cloud: Cloud, tmp_path: Path) -> None:
    root = local.repository(tmp_path, SOURCE.replace("time-service", "given"))
    template = cloud.penstock("generate", cwd=root).out
    client = cloud.client("cloudformation")
    client.create_stack(
        StackName="given-pipeline",
        TemplateURL=cloud.uploaded(template),
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": "BranchName", "ParameterValue": "trunk"}],
    )
    ran = cloud.penstock("diff", cwd=root)
    assert ran.code == 1
    assert '~ parameter BranchName\n    ~ launched with: "trunk" -> "main"\n' in ran.out


def test_nothing_launched_leads_to_launch(cloud: Cloud, tmp_path: Path) -> None:
    ran = cloud.penstock("diff", cwd=local.repository(tmp_path, SOURCE.replace("time-service", "never")))
    assert ran.code == 4
    assert "`penstock launch`" in ran.err
