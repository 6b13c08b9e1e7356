"""Stacks that are stuck, each with the command that frees it; and stacks of somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws.doctor import stuck_stack
from generator.aws.doctor.check import Finding
from tests.aws import answers
from tests.aws.answers import FIRST
from tests.aws.doctor_parts import STACK, findings_of, only, stands, wants
from tests.aws.stubbed import Stubbed, stubbed

REQUIREMENTS = wants(rest="stages: [beta]\ntests: none\n")
ROLE = "arn:aws:iam::123456789012:role/clock-pipeline-BetaDeployRole-ABC"
BETA = "aws cloudformation {} --stack-name clock-beta --region us-east-1"


def stack(asked: Stubbed, name: str, status: str, role: str = "") -> None:
    described: dict[str, Any] = {"StackName": name, "StackId": f"id-{name}", "StackStatus": status, "CreationTime": 0}
    asked.answers(
        "cloudformation",
        "describe_stacks",
        {"Stacks": [described | ({"RoleARN": role} if role else {})]},
        StackName=name,
    )


def none(asked: Stubbed) -> None:
    asked.refuses("cloudformation", "describe_stacks", "ValidationError", "Stack with id x does not exist")


def failed_resources(asked: Stubbed, *statuses: tuple[str, str]) -> None:
    summaries = [
        {"LogicalResourceId": name, "ResourceType": "T", "ResourceStatus": status, "LastUpdatedTimestamp": 0}
        for name, status in statuses
    ]
    asked.answers("cloudformation", "list_stack_resources", {"StackResourceSummaries": summaries})


def of_beta(status: str, *resources: tuple[str, str]) -> Finding:
    with stubbed() as asked:
        none(asked)
        stack(asked, "clock-beta", status)
        if resources:
            failed_resources(asked, *resources)
        return only(findings_of(stuck_stack.look, asked.door, REQUIREMENTS))


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_stack_that_can_be_updated_is_good(status: str) -> None:
    finding = of_beta(status)
    assert (finding.verdict, finding.message, finding.advice) == ("good", f"clock-beta: {status}", "")


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_FAILED", "CREATE_FAILED"])
def test_a_stack_that_was_never_there_is_deleted(status: str) -> None:
    finding = of_beta(status)
    assert finding.verdict == "wrong"
    assert finding.message.startswith(f"clock-beta: {status}, ")
    assert finding.advice.startswith(BETA.format("delete-stack"))


def test_a_failed_rollback_is_continued_without_what_could_not_be_changed() -> None:
    finding = of_beta("UPDATE_ROLLBACK_FAILED", ("Table", "UPDATE_FAILED"), ("Api", "UPDATE_COMPLETE"))
    assert finding.advice.startswith(BETA.format("continue-update-rollback") + " --resources-to-skip Table;")


def test_a_failed_update_is_rolled_back_and_a_failed_deletion_keeps_what_would_not_go() -> None:
    assert of_beta("UPDATE_FAILED").advice == BETA.format("rollback-stack")
    finding = of_beta("DELETE_FAILED", ("Bucket", "DELETE_FAILED"))
    assert finding.advice == BETA.format("delete-stack") + " --retain-resources Bucket"


def test_what_a_failed_launch_left_is_a_matter_of_the_next_launch() -> None:
    with stubbed() as asked:
        stack(asked, STACK, "ROLLBACK_COMPLETE")
        none(asked)
        finding = only(findings_of(stuck_stack.look, asked.door, REQUIREMENTS))
    assert (finding.verdict, finding.advice) == ("wrong", "penstock launch deletes it and tries again")


def test_a_first_change_set_that_no_approval_waits_for_is_stuck() -> None:
    with stubbed() as asked:
        none(asked)
        stack(asked, "clock-beta", "REVIEW_IN_PROGRESS")
        asked.refuses("codepipeline", "get_pipeline", "PipelineNotFoundException")
        finding = only(findings_of(stuck_stack.look, asked.door, REQUIREMENTS, stands()))
    assert (finding.verdict, finding.message.partition(",")[0]) == ("wrong", "clock-beta: REVIEW_IN_PROGRESS")


@pytest.mark.parametrize(
    ("prod", "verdict"),
    [
        ({"inboundExecutions": [{"pipelineExecutionId": FIRST, "status": "InProgress"}]}, "good"),
        ({"latestExecution": {"pipelineExecutionId": FIRST, "status": "InProgress"}}, "good"),
        ({"latestExecution": {"pipelineExecutionId": FIRST, "status": "Failed"}}, "wrong"),
    ],
)
def test_a_first_change_set_on_its_way_through_the_stage_that_deploys_is_not_stuck(
    prod: dict[str, Any], verdict: str
) -> None:
    deploy = {**answers.DEPLOY, "configuration": {"StackName": "clock-beta"}}
    with stubbed() as asked:
        none(asked)
        stack(asked, "clock-beta", "REVIEW_IN_PROGRESS")
        declared = answers.declared(("Source", [answers.SOURCE]), ("Beta", [deploy]))
        asked.answers("codepipeline", "get_pipeline", {"pipeline": declared})
        executions = [answers.summary(FIRST, "InProgress")]
        asked.answers("codepipeline", "list_pipeline_executions", {"pipelineExecutionSummaries": executions})
        asked.answers("codepipeline", "get_pipeline_state", answers.state(answers.stage_state("Beta", **prod)))
        if "latestExecution" in prod:
            asked.answers("codepipeline", "list_action_executions", {"actionExecutionDetails": []})
        finding = only(findings_of(stuck_stack.look, asked.door, REQUIREMENTS, stands()))
    assert finding.verdict == verdict


def test_without_any_stack_there_is_nothing_to_free() -> None:
    with stubbed() as asked:
        none(asked)
        none(asked)
        finding = only(findings_of(stuck_stack.look, asked.door, REQUIREMENTS))
    assert (finding.verdict, finding.message) == ("good", "none of the 2 stacks is there yet")


def deployed_with(asked: Stubbed, owner: str, *, role_is_there: bool = True) -> Finding:
    none(asked)
    stack(asked, "clock-beta", "CREATE_COMPLETE", ROLE)
    if owner:
        times = {"ResourceStatus": "CREATE_COMPLETE", "Timestamp": 0, "LogicalResourceId": "R", "ResourceType": "T"}
        resources = {"StackResources": [{"StackName": owner, **times}]}
        asked.answers("cloudformation", "describe_stack_resources", resources)
    else:
        asked.refuses("cloudformation", "describe_stack_resources", "ValidationError")
        if role_is_there:
            role = {"Path": "/", "RoleName": "r", "RoleId": "A" * 16, "Arn": ROLE, "CreateDate": 0}
            asked.answers("iam", "get_role", {"Role": role})
        else:
            asked.refuses("iam", "get_role", "NoSuchEntity")
    return only(findings_of(stuck_stack.look, asked.door, REQUIREMENTS))


def test_a_stack_of_another_pipeline_is_not_taken_over_silently() -> None:
    with stubbed() as asked:
        finding = deployed_with(asked, "watch-pipeline")
    assert finding.verdict == "wrong"
    assert "role of stack watch-pipeline" in finding.message


def test_a_stack_with_this_pipelines_own_role_is_good() -> None:
    with stubbed() as asked:
        none(asked)
        stack(asked, "clock-beta", "CREATE_COMPLETE", ROLE)
        role = {"Path": "/", "RoleName": "r", "RoleId": "A" * 16, "Arn": ROLE, "CreateDate": 0}
        asked.answers("iam", "get_role", {"Role": role})
        launched = stands(("AWS::IAM::Role", "clock-pipeline-BetaDeployRole-ABC"))
        assert only(findings_of(stuck_stack.look, asked.door, REQUIREMENTS, launched)).verdict == "good"


@pytest.mark.parametrize(("there", "verdict"), [(True, "good"), (False, "wrong")])
def test_a_stack_whose_role_is_gone_can_never_be_changed(there: bool, verdict: str) -> None:
    with stubbed() as asked:
        finding = deployed_with(asked, "", role_is_there=there)
    assert finding.verdict == verdict
    assert ("is gone" in finding.message) is not there
