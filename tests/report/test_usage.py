"""What a pipeline uses follows from its own actions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.model.action import Action
from generator.model.pipeline import PlannedStage
from generator.report.usage import MINUTES, Assumptions, action_times, compute, of_a_commit, of_a_month
from tests.report.conftest import Pipelines


def test_every_action_of_the_plan_is_there_in_the_order_it_runs(pipeline: Pipelines) -> None:
    times = action_times(pipeline(), Assumptions())
    assert [(time.stage, time.action, time.kind) for time in times] == [
        ("Source", "Source", "source"),
        ("Build", "Build", "build"),
        ("DeployTests", "DeployTests", "deploy"),
        ("Beta", "Deploy", "deploy"),
        ("Beta", "Test", "tests"),
        ("Gamma", "Deploy", "deploy"),
        ("Gamma", "Test", "tests"),
        ("Prod", "CreateChangeSet", "change-set"),
        ("Prod", "DescribeChanges", "describe"),
        ("Prod", "Approve", "approval"),
        ("Prod", "ExecuteChangeSet", "execute"),
        ("Prod", "Test", "tests"),
    ]


def test_only_a_manual_approval_takes_no_minutes(pipeline: Pipelines) -> None:
    free = [time.action for time in action_times(pipeline(), Assumptions()) if not time.minutes]
    assert free == ["Approve"]


def test_codepipelines_minutes_are_the_sum_of_the_actions(pipeline: Pipelines) -> None:
    declaration = pipeline()
    assert of_a_commit(declaration, Assumptions())["codepipeline.v2.minutes"] == 27
    longer = Assumptions(minutes={**MINUTES, "build": 10})
    assert of_a_commit(declaration, longer)["codepipeline.v2.minutes"] == 33


def test_a_pipeline_with_fewer_stages_uses_less(pipeline: Pipelines) -> None:
    used = of_a_commit(pipeline("tests: none\nstages: [{prod: {deploy: direct, approval: false}}]\n"), Assumptions())
    assert used["codepipeline.v2.minutes"] == 1 + 4 + 3
    assert not {"lambda.requests", "lambda.gb-seconds", "sns.emails"} & used.keys()


@pytest.mark.parametrize(
    ("size", "item"),
    [
        ("small", "general1.small"),
        ("2xlarge", "general1.2xlarge"),
        ("{type: medium, architecture: arm64}", "arm1.medium"),
    ],
)
def test_the_build_is_counted_by_its_compute_type(size: str, item: str, pipeline: Pipelines) -> None:
    declaration = pipeline(f"build: {{compute: {size}}}\n")
    assert compute(declaration.build.machine) == item
    assert of_a_commit(declaration, Assumptions())[f"codebuild.{item}.minutes"] == MINUTES["build"]


def test_commands_are_builds_of_the_smallest_kind(pipeline: Pipelines) -> None:
    stages = "stages: [{beta: {before: [./migrate.sh], after: [./upload.sh]}}]\n"
    used = of_a_commit(pipeline("build: {compute: large}\n" + stages), Assumptions())
    assert used["codebuild.general1.large.minutes"] == MINUTES["build"]
    assert used["codebuild.general1.small.minutes"] == 2 * MINUTES["commands"]
    together = of_a_commit(pipeline(stages), Assumptions())
    assert together["codebuild.general1.small.minutes"] == MINUTES["build"] + 2 * MINUTES["commands"]


@pytest.mark.parametrize(
    ("written", "item"),
    [("lambda", "lambda.x86.2gb"), ("{type: lambda, architecture: arm64, memory: 1GB}", "lambda.arm.1gb")],
)
def test_lambda_compute_is_counted_by_the_second(written: str, item: str, pipeline: Pipelines) -> None:
    used = of_a_commit(pipeline(f"build: {{compute: {written}}}\n"), Assumptions())
    assert used[f"codebuild.{item}.seconds"] == 60 * MINUTES["build"]


def test_each_test_action_holds_start_tests_and_every_test_function(pipeline: Pipelines) -> None:
    first, second = (of_a_commit(pipeline(text), Assumptions()) for text in ("", "tests: {function: [A, B]}\n"))
    # Three tested stages; describe_changes is asked once.
    assert first["lambda.requests"] == 3 * 2 + 1
    assert second["lambda.requests"] == 3 * 3 + 1
    assert first["lambda.gb-seconds"] == (3 * 2 * 3 + 1) * 60 * Decimal("0.25")


def test_mails_go_to_the_approvers_and_to_all_who_are_told(pipeline: Pipelines) -> None:
    stages = "stages: [{prod: {approval: {notify: [a@example.com, b@example.com]}}}]\n"
    assert of_a_commit(pipeline(stages), Assumptions())["sns.emails"] == 2
    everybody = stages + "notifications: {email: [team@example.com]}\n"
    assert of_a_commit(pipeline(everybody), Assumptions())["sns.emails"] == 3


def test_a_key_of_its_own_is_used_by_kms_encryption_only(pipeline: Pipelines) -> None:
    plain, encrypted = pipeline(), pipeline("encryption: kms\n")
    assert "kms.keys" not in of_a_month(plain, Assumptions())
    assert of_a_month(encrypted, Assumptions())["kms.keys"] == 1
    assert "kms.requests" not in of_a_commit(plain, Assumptions())
    used = of_a_commit(encrypted, Assumptions())
    assert used["kms.requests"] == used["s3.puts"] + used["s3.gets"]


def test_storage_grows_with_expiry_but_not_beyond_the_year_looked_at(pipeline: Pipelines) -> None:
    assumed = Assumptions(commits_per_day=Decimal(1), artifact_mb=Decimal(1))
    stored = [of_a_month(pipeline(f"artifacts: {{expire: {n} days}}\n"), assumed)["s3.gb-months"] for n in (90, 900)]
    assert stored == [Decimal("0.545"), Decimal("1.095")]


def test_images_are_stored_where_functions_run_them(pipeline: Pipelines) -> None:
    assumed = Assumptions(commits_per_day=Decimal(2), image_mb=Decimal(100))
    zips = pipeline()
    images = zips._replace(build=zips.build._replace(images=True))
    assert "ecr.gb-months" not in of_a_month(zips, assumed)
    assert of_a_month(images, assumed)["ecr.gb-months"] == 73


def test_an_action_without_a_purpose_takes_a_minute(pipeline: Pipelines) -> None:
    stage = PlannedStage("Notify", (Action("A", "Invoke", "StepFunctions", {}),))
    (time,) = action_times(pipeline()._replace(plan=(stage,)), Assumptions())
    assert (time.kind, time.minutes) == ("other", 1)


def test_no_commits_use_nothing_but_what_is_there(pipeline: Pipelines) -> None:
    assert of_a_month(pipeline("encryption: kms\n"), Assumptions(commits_per_day=Decimal(0))) == {"kms.keys": 1}


def test_tests_that_are_commands_run_on_the_builds_machine_and_on_no_function(pipeline: Pipelines) -> None:
    text = "build: {compute: {architecture: arm64}}\ntests: {commands: [pytest]}\nstages: [beta, gamma]\n"
    used = of_a_commit(pipeline(text), Assumptions())
    assert used["codebuild.arm1.small.minutes"] == MINUTES["build"] + 2 * MINUTES["tests"]
    assert "lambda.requests" not in used
