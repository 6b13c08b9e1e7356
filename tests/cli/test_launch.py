"""`penstock launch` against the local AWS, and at the door where that cannot be provoked."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.aws_rules import limits
from tests.aws import local
from tests.aws.local import Cloud
from tests.cli.command_line import SOURCES, Ran

SOURCE = "service: {service}\nsource:\n  codecommit: {{repository: {service}}}\n"
CONNECTED = "service: {service}\nsource:\n  github: {{repository: acme/{service}}}\n"


class Service:
    """A service's repository, and its stack in the account."""

    def __init__(self, cloud: Cloud, folder: Path, name: str, text: str = SOURCE) -> None:
        self.cloud = cloud
        self.name = name
        self.stack = f"{name}-pipeline"
        self.root = local.repository(folder, text.format(service=name))

    def says(self, more: str, text: str = SOURCE) -> None:
        (self.root / "pipeline.yaml").write_text(text.format(service=self.name) + more)

    def launch(self, *options: str) -> Ran:
        return self.cloud.penstock("launch", *options, cwd=self.root)

    def is_there(self) -> None:
        """Launch it as somebody without this tool would."""
        client = self.cloud.client("cloudformation")
        template = self.cloud.penstock("generate", cwd=self.root).out
        where = self.cloud.uploaded(template)
        client.create_stack(StackName=self.stack, TemplateURL=where, Capabilities=["CAPABILITY_IAM"])
        client.get_waiter("stack_create_complete").wait(StackName=self.stack, WaiterConfig={"Delay": 0.1})

    def status(self) -> str:
        stacks = self.cloud.client("cloudformation").describe_stacks()["Stacks"]
        return next((str(stack["StackStatus"]) for stack in stacks if stack["StackName"] == self.stack), "")

    def change_sets(self) -> list[str]:
        summaries = self.cloud.client("cloudformation").list_change_sets(StackName=self.stack)["Summaries"]
        return [summary["ChangeSetName"] for summary in summaries if summary["ExecutionStatus"] == "AVAILABLE"]


def test_a_pipeline_is_launched_changed_and_then_left_alone(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "changing")
    first = service.launch("--yes")
    assert first.code == 0, first.err
    assert "  + Pipeline (AWS::CodePipeline::Pipeline)\n" in first.out
    assert "changing-pipeline is created" in first.out
    assert "git push aws HEAD:main" in first.out
    assert "CREATE_COMPLETE      Pipeline" in first.err
    service.says("execution: queued\n")
    second = service.launch("--yes", "--output", "json")
    parsed = json.loads(second.out)
    assert (second.code, parsed["result"]) == (0, "updated")
    assert {"Pipeline": ["ExecutionMode"]}.items() <= {
        c["logical_id"]: c["properties"] for c in parsed["changes"]
    }.items()
    assert cloud.client("codepipeline").get_pipeline(name=service.stack)["pipeline"]["executionMode"] == "QUEUED"
    third = service.launch("--yes", "--output", "json")
    assert (third.code, json.loads(third.out)["result"]) == (0, "unchanged")


def test_a_dry_run_shows_the_changes_and_leaves_nothing(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "dry")
    ran = service.launch("--dry-run")
    assert ran.code == 0
    assert "+ ArtifactBucket (AWS::S3::Bucket)" in ran.out
    assert "nothing was changed" in ran.out
    assert service.status() == ""


def test_a_dry_run_of_an_update_leaves_no_change_set(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "dry-update")
    service.is_there()
    service.says("execution: queued\n")
    ran = service.launch("--dry-run")
    assert "~ Pipeline (AWS::CodePipeline::Pipeline): ExecutionMode" in ran.out
    assert service.change_sets() == []
    assert cloud.client("codepipeline").get_pipeline(name=service.stack)["pipeline"]["executionMode"] == "SUPERSEDED"


def test_nobody_to_ask_is_a_usage_error_before_aws_is_asked(cloud: Cloud, tmp_path: Path) -> None:
    ran = Service(cloud, tmp_path, "nobody").launch()
    assert ran.code == 2
    assert "--yes" in ran.err
    assert "asking CloudFormation" not in ran.err


def interrupt(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C until it is heard: one that comes just before the answer is read is seen with the next only."""
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)


@pytest.mark.parametrize(("answer", "code", "status"), [("n", 1, ""), ("", 130, ""), ("y", 0, "CREATE_COMPLETE")])
def test_the_person_at_the_terminal_decides(cloud: Cloud, tmp_path: Path, answer: str, code: int, status: str) -> None:
    service = Service(cloud, tmp_path, f"asked{answer}")
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "generator.cli", "launch"],
        cwd=service.root,
        env={**cloud.emulator.environment(), "PYTHONPATH": str(SOURCES)},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    text = ""
    while "[y/N]" not in text:
        text += process.stdout.read(1)
    if answer:
        os.write(main, f"{answer}\n".encode())
    else:
        interrupt(process)
    rest = process.stdout.read()
    assert (process.wait(60), service.status()) == (code, status), text + rest
    process.stdout.close()
    os.close(main)
    os.close(terminal)


def test_a_failed_first_launch_says_why_and_the_next_one_begins_anew(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "failing")
    codecommit = cloud.client("codecommit")
    codecommit.create_repository(repositoryName="failing")
    failed = service.launch("--yes", "--output", "json")
    assert failed.code == 1
    assert json.loads(failed.out)["result"] == "failed"
    assert [failure["logical_id"] for failure in json.loads(failed.out)["failed"]] == ["Repository"]
    assert "Repository named failing already exists" in failed.err
    assert service.status() == "ROLLBACK_COMPLETE"
    shown = service.launch("--dry-run")
    assert "would be deleted" in shown.out
    assert service.status() == "ROLLBACK_COMPLETE"
    codecommit.delete_repository(repositoryName="failing")
    again = service.launch("--yes")
    assert again.code == 0, again.err
    assert "deleting what an earlier launch left unfinished" in again.err
    assert service.status() == "CREATE_COMPLETE"


def test_a_change_set_somebody_left_under_review_is_no_obstacle(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "reviewed")
    cloud.client("cloudformation").create_change_set(
        StackName=service.stack,
        ChangeSetName="old",
        ChangeSetType="CREATE",
        TemplateBody='{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}',
    )
    assert service.status() == "REVIEW_IN_PROGRESS"
    assert service.launch("--yes").code == 0
    assert service.status() == "CREATE_COMPLETE"


def test_a_rolled_back_update_is_not_called_done(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "undone", CONNECTED)
    service.is_there()
    cloud.client("codecommit").create_repository(repositoryName="undone")
    service.says("")
    ran = service.launch("--yes", "--replace", "--output", "json")
    assert (ran.code, json.loads(ran.out)["result"]) == (1, "rolled back")
    assert "the pipeline is as before" in ran.err


def test_a_changed_service_name_is_refused(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "before")
    service.is_there()
    (service.root / "pipeline.yaml").write_text(SOURCE.format(service="after"))
    ran = service.launch("--yes", "--stack-name", "before-pipeline")
    assert ran.code == 1
    assert "is the pipeline of before, not after" in ran.err


def test_a_stack_that_is_no_pipeline_is_left_alone(cloud: Cloud, tmp_path: Path) -> None:
    template = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
    cloud.client("cloudformation").create_stack(StackName="foreign-pipeline", TemplateBody=template)
    ran = Service(cloud, tmp_path, "foreign").launch("--yes")
    assert ran.code == 1
    assert "already exists and is not a pipeline" in ran.err


def test_giving_up_a_repository_is_asked_about_even_with_yes(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "leaving")
    service.is_there()
    service.says("", CONNECTED)
    ran = service.launch("--yes")
    assert ran.code == 2
    assert "! Repository (AWS::CodeCommit::Repository): leaves the stack" in ran.out
    assert "--replace" in ran.err
    assert service.change_sets() == []


def test_a_large_template_goes_through_a_bucket_that_is_gone_afterwards(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "large")
    stages = "".join(f"  - stage{number}\n" for number in range(12))
    service.says(f"stages:\n{stages}")
    assert len(cloud.penstock("generate", cwd=service.root).out.encode()) > limits.TEMPLATE_INLINE_BYTES
    first = service.launch("--yes")
    assert first.code == 0
    assert "bytes: CloudFormation reads it from the bucket penstock-launch-" in first.err
    s3 = cloud.client("s3")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if bucket["Name"].startswith("penstock-")] == []
    service.says(f"stages:\n{stages}execution: queued\n")
    updated = json.loads(service.launch("--yes", "--output", "json").out)
    assert updated["result"] == "updated"
    bucket = updated["outputs"]["ArtifactBucketName"]
    assert s3.list_object_versions(Bucket=bucket, Prefix="Launch/").get("Versions", []) == []


def test_an_update_says_which_executions_it_stops(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "stopping")
    service.is_there()
    codepipeline = cloud.client("codepipeline")
    codepipeline.disable_stage_transition(
        pipelineName=service.stack, stageName="Build", transitionType="Inbound", reason="held"
    )
    cloud.emulator.push("stopping", service.root)
    running = ""
    deadline = time.monotonic() + 120
    while not running and time.monotonic() < deadline:
        summaries = codepipeline.list_pipeline_executions(pipelineName=service.stack)["pipelineExecutionSummaries"]
        running = next(
            (summary["pipelineExecutionId"] for summary in summaries if summary["status"] == "InProgress"), ""
        )
    service.says("execution: queued\n")
    ran = service.launch("--dry-run")
    assert running
    assert f"stops what runs in it: execution {running}" in ran.err


def test_a_pending_connection_is_told_of_and_nothing_is_started(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "pending", CONNECTED)
    ran = service.launch("--yes", "--no-wait", "--output", "json")
    parsed = json.loads(ran.out)
    assert ran.code == 0
    assert [connection["status"] for connection in parsed["connections"]] == ["PENDING"]
    assert parsed["started"] == ""
    assert "us-east-1.console.aws.amazon.com/codesuite/settings/connections" in ran.err
    assert "finish the connection pending in the console" in parsed["next"]


def test_the_console_s_link_needs_no_credentials(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "linked")
    ran = service.launch("--region", "eu-west-1", "--link", "https://b.s3.amazonaws.com/t.yaml")
    assert ran.out == (
        "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/create/review"
        "?templateURL=https%3A%2F%2Fb.s3.amazonaws.com%2Ft.yaml&stackName=linked-pipeline\n"
    )
    assert service.launch("--link", "t.yaml").code == 2


def test_problems_of_the_application_end_it_before_aws_is_asked(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "unbuilt")
    (service.root / "app-sam.yaml").unlink()
    ran = service.launch("--yes")
    assert ran.code == 1
    assert "AWS was not asked" in ran.err
    assert service.status() == ""


def test_a_broken_pipeline_file_is_wrong_input(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "wrong")
    service.says("sources: {}\n")
    assert service.launch("--yes").code == 2


def test_an_exact_role_keeps_what_was_launched_until_it_is_pruned(cloud: Cloud, tmp_path: Path) -> None:
    service = Service(cloud, tmp_path, "keeping")
    service.says("deploy_role: exact\n")
    app = service.root / "app-sam.yaml"
    small = app.read_text()
    app.write_text(small.replace("\nResources:\n", "\nResources:\n  Jobs: {Type: 'AWS::SQS::Queue'}\n", 1))
    assert app.read_text() != small
    service.is_there()
    app.write_text(small)
    text = "keeps permissions for AWS::SQS::Queue, no longer used: --prune removes them"
    kept = service.launch("--dry-run")
    assert text in kept.err
    assert "DeployPolicy1" not in kept.out
    different = cloud.penstock("diff", cwd=service.root)
    assert text in different.err
    assert "DeployPolicy" not in different.out
    pruned = service.launch("--dry-run", "--prune")
    assert "keeps rights" not in pruned.err
    assert "~ DeployPolicy1 (AWS::IAM::ManagedPolicy)" in pruned.out
