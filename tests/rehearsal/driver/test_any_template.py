"""Templates that are not ours, launched and driven to their end in the emulator that all share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.execution import ExecutionStarted
from generator.rehearsal.driver.delivery import ActionSources
from generator.rehearsal.driver.execution_watch import Wishes
from generator.rehearsal.driver.launch import Stack
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.rehearsal import Rehearsal
from generator.rehearsal.driver.source import Source, SourceChoice, take
from generator.rehearsal.driver.steps import Logged, Remarked, Step
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.pipeline_templates import action, pipeline, template

APPROVAL = action("Agree", "Approval/AWS/Manual")


def source(folder: Path, name: str) -> Source:
    """A folder with one file, as a source."""
    (folder / name).mkdir()
    (folder / name / "index.html").write_text(name)
    return take(folder / name, SourceChoice(), folder / f"{name}-source", os.environ)


def rehearsed(
    emulator: Emulator, stack: Stack, sources: ActionSources, logical_id: str = ""
) -> tuple[Outcome, list[Step]]:
    """What a rehearsal of a template comes to, and its steps."""
    steps: list[Step] = []
    rehearsal = Rehearsal(emulator, steps.append, Wishes(lambda _event: True))
    return rehearsal.run_stacks((stack,), sources, logical_id), steps


def codecommit(name: str, repository: Mapping[str, str] | str) -> dict[str, Any]:
    """A source action that reads the branch main of a CodeCommit repository."""
    return action(
        name, "Source/AWS/CodeCommit", {"RepositoryName": repository, "BranchName": "main"}, outputs=f"{name}Files"
    )


def test_each_source_action_gets_its_own_folder_and_the_named_pipeline_runs(emulator: Emulator, tmp_path: Path) -> None:
    sources = [codecommit("Site", {"Fn::Sub": "${Team}-site"}), codecommit("Infra", "any-infra")]
    text = template(
        {
            "Main": pipeline({"Source": sources, "Gate": [APPROVAL]}),
            "Other": pipeline({"Source": [codecommit("Code", "any-other")], "Gate": [APPROVAL]}),
        },
        Parameters={"Team": {"Type": "String"}},
    )
    site, infra = source(tmp_path, "site"), source(tmp_path, "infra")
    stack = Stack("any-two-sources", text, parameters={"Team": "any"})
    outcome, _ = rehearsed(emulator, stack, ActionSources(site, {"Infra": infra}), "Main")
    assert (outcome.status, [stage.name for stage in outcome.stages]) == ("Succeeded", ["Source", "Gate"])
    codecommit_client = emulator.client("codecommit")
    heads = {
        name: codecommit_client.get_branch(repositoryName=name, branchName="main")["branch"]["commitId"]
        for name in ("any-site", "any-infra")
    }
    assert heads == {"any-site": site.commit, "any-infra": infra.commit}


@pytest.mark.parametrize("polls", [None, "true"], ids=["by default", "when it says so"])
def test_a_source_in_s3_that_is_polled_starts_as_the_next_look_would(
    polls: str | None, emulator: Emulator, tmp_path: Path
) -> None:
    switch = {"PollForSourceChanges": polls} if polls else {}
    bucket = f"any-polled-{polls or 'default'}"
    polled = action("Zip", "Source/AWS/S3", {"S3Bucket": bucket, "S3ObjectKey": "a.zip", **switch}, outputs="Zip")
    text = template({"P": pipeline({"Source": [polled], "Gate": [APPROVAL]})})
    outcome, steps = rehearsed(emulator, Stack(bucket, text), ActionSources(source(tmp_path, "zip")))
    remarks = [step.message for step in steps if isinstance(step, Remarked)]
    assert (outcome.status, any("polls this source" in remark for remark in remarks)) == ("Succeeded", True), outcome


def test_a_source_on_github_starts_by_its_webhook_and_its_files_are_deployed_to_s3(
    emulator: Emulator, tmp_path: Path
) -> None:
    settings = {"Owner": "acme", "Repo": "any-site", "Branch": "main", "OAuthToken": "t", "PollForSourceChanges": False}
    code = action("Code", "Source/ThirdParty/GitHub", settings, outputs="Code")
    site = {"BucketName": {"Ref": "Site"}}
    unpacked = action("Unpack", "Deploy/AWS/S3", {**site, "Extract": "true", "ObjectKey": "web"}, inputs="Code")
    packed = action("Pack", "Deploy/AWS/S3", {**site, "Extract": "false", "ObjectKey": "all.zip"}, inputs="Code")
    webhook = {
        "Authentication": "GITHUB_HMAC",
        "AuthenticationConfiguration": {"SecretToken": "t"},
        "Filters": [{"JsonPath": "$.ref", "MatchEquals": "refs/heads/{Branch}"}],
        "TargetPipeline": {"Ref": "P"},
        "TargetAction": "Code",
        "TargetPipelineVersion": {"Fn::GetAtt": ["P", "Version"]},
        "RegisterWithThirdParty": True,
    }
    text = template(
        {
            "Site": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "any-github-site"}},
            "P": pipeline({"Source": [code], "Deploy": [unpacked, packed]}),
            "Hook": {"Type": "AWS::CodePipeline::Webhook", "Properties": webhook},
        }
    )
    outcome, steps = rehearsed(emulator, Stack("any-github", text), ActionSources(source(tmp_path, "github")))
    assert outcome.status == "Succeeded", steps
    assert [step.trigger for step in steps if isinstance(step, ExecutionStarted)] == ["Webhook"]
    listed = emulator.client("s3").list_objects_v2(Bucket="any-github-site")["Contents"]
    assert [object_["Key"] for object_ in listed] == ["all.zip", "web/index.html"]
    page = emulator.client("s3").get_object(Bucket="any-github-site", Key="web/index.html")
    assert (page["Body"].read(), page["ContentType"]) == (b"github", "text/html")


def test_a_nested_template_of_somebody_else_s_bucket_is_not_red(emulator: Emulator, tmp_path: Path) -> None:
    nested = {"TemplateURL": "https://s3.amazonaws.com/somebody-else/template.yml"}
    text = template(
        {
            "P": pipeline({"Source": [codecommit("Code", "any-nested")], "Gate": [APPROVAL]}),
            "Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": nested},
        }
    )
    stack = Stack("any-nested", text, places={"Nested": "theirs.yml:9:3"})
    outcome, steps = rehearsed(emulator, stack, ActionSources(source(tmp_path, "nested")))
    assert outcome.status == "NotRehearsed", steps


def test_a_resource_that_fails_is_reported_with_its_place_in_the_users_file(emulator: Emulator, tmp_path: Path) -> None:
    broken = pipeline({"Source": [codecommit("Code", "any-broken")], "Source2": []})
    stack = Stack("any-broken", template({"P": broken}), places={"P": "theirs.yml:7:3"})
    outcome, steps = rehearsed(emulator, stack, ActionSources(source(tmp_path, "broken")))
    (logged,) = [step for step in steps if isinstance(step, Logged)]
    assert outcome.status == "Failed"
    assert any(line.startswith("theirs.yml:7:3: CREATE_FAILED P ") for line in logged.lines), logged
