"""The source: what is there, what is missing, and what only comes with the stack."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws.doctor import source
from generator.aws.doctor.check import Finding
from tests.aws.doctor_parts import ARN, GITHUB, findings_of, only, sourced, stands, wants
from tests.aws.stubbed import Stubbed, stubbed

CONNECTION = "AWS::CodeConnections::Connection"


def connection(asked: Stubbed, status: str, service: str = "codeconnections") -> None:
    answer = {"ConnectionName": "clock", "ConnectionArn": ARN, "ConnectionStatus": status}
    asked.answers(service, "get_connection", {"Connection": answer})


def verdicts(findings: list[Finding]) -> dict[str, str]:
    return {finding.subject: finding.verdict for finding in findings}


def test_what_the_stack_makes_is_there_later() -> None:
    with stubbed() as asked:
        assert verdicts(findings_of(source.look, asked.door, wants())) == {"repository": "later"}
        assert verdicts(findings_of(source.look, asked.door, wants("s3: {}"))) == {"bucket": "later"}
        connected = findings_of(source.look, asked.door, wants(GITHUB))
        assert verdicts(connected) == {"connection": "later", "repository": "later"}


@pytest.mark.parametrize(("status", "verdict"), [("AVAILABLE", "good"), ("PENDING", "wrong"), ("ERROR", "wrong")])
def test_only_an_available_connection_is_good(status: str, verdict: str) -> None:
    with stubbed() as asked:
        connection(asked, status)
        result = sourced("CodeStarSourceConnection", ConnectionArn=ARN, FullRepositoryId="a/c", BranchName="main")
        finding = findings_of(source.look, asked.door, result)[0]
    assert (finding.verdict, finding.subject) == (verdict, "connection")
    assert status in finding.message
    assert ("Update pending connection" in finding.advice) is (verdict == "wrong")


def test_a_connection_is_looked_for_at_the_service_its_arn_names() -> None:
    old = ARN.replace("codeconnections", "codestar-connections")
    with stubbed() as asked:
        connection(asked, "AVAILABLE", "codestar-connections")
        result = sourced("CodeStarSourceConnection", ConnectionArn=old)
        assert findings_of(source.look, asked.door, result)[0].verdict == "good"


def test_a_connection_that_is_gone_is_said() -> None:
    with stubbed() as asked:
        asked.refuses("codeconnections", "get_connection", "ResourceNotFoundException")
        finding = findings_of(source.look, asked.door, sourced("CodeStarSourceConnection", ConnectionArn=ARN))[0]
    assert finding.message == f"there is no connection {ARN}"


def test_the_connection_of_a_launched_stack_is_looked_at() -> None:
    with stubbed() as asked:
        asked.refuses("codepipeline", "get_pipeline", "PipelineNotFoundException")
        connection(asked, "PENDING")
        asked.refuses("codepipeline", "get_pipeline_state", "PipelineNotFoundException")
        finding = findings_of(source.look, asked.door, wants(GITHUB), stands((CONNECTION, ARN)))[0]
    assert (finding.subject, finding.verdict) == ("connection", "wrong")


@pytest.mark.parametrize(
    ("run", "verdict", "message"),
    [
        ({}, "later", "the first run will show whether main of acme/clock is there"),
        ({"latestExecution": {"status": "Succeeded"}}, "good", "the pipeline has read main of acme/clock"),
        (
            {"latestExecution": {"status": "Failed", "errorDetails": {"message": "No Branch [main]"}}},
            "wrong",
            "the pipeline could not read main of acme/clock: No Branch [main]",
        ),
    ],
)
def test_what_only_the_pipeline_can_read_is_judged_by_its_last_run(
    run: dict[str, Any], verdict: str, message: str
) -> None:
    state = {"stageStates": [{"stageName": "Source", "actionStates": [{"actionName": "Source", **run}]}]}
    with stubbed() as asked:
        asked.refuses("codepipeline", "get_pipeline", "PipelineNotFoundException")
        connection(asked, "AVAILABLE")
        asked.answers("codepipeline", "get_pipeline_state", state, name="clock-pipeline")
        finding = findings_of(source.look, asked.door, wants(GITHUB), stands((CONNECTION, ARN)))[1]
    assert (finding.subject, finding.verdict) == ("repository", verdict)
    assert finding.message.startswith(message)


def test_a_repository_that_should_be_there_is_looked_for() -> None:
    with stubbed() as asked:
        asked.refuses("codecommit", "get_repository", "RepositoryDoesNotExistException")
        finding = only(findings_of(source.look, asked.door, wants("codecommit: {repository: clock, create: false}")))
    assert (finding.verdict, finding.message) == ("wrong", "there is no repository clock")


def test_a_repository_somebody_deleted_is_made_again() -> None:
    with stubbed() as asked:
        asked.refuses("codepipeline", "get_pipeline", "PipelineNotFoundException")
        asked.refuses("codecommit", "get_repository", "RepositoryDoesNotExistException")
        requirements = wants("codecommit: {repository: clock, create: false}")
        finding = only(findings_of(source.look, asked.door, requirements, stands()))
    assert finding.message == "there is no repository clock any more"
    assert finding.advice == "aws codecommit create-repository --repository-name clock --region us-east-1"


@pytest.mark.parametrize("pushed", [True, False])
def test_a_branch_nobody_pushed_gets_the_command_that_pushes_it(pushed: bool) -> None:
    metadata = {"repositoryMetadata": {"repositoryName": "clock", "cloneUrlHttp": "https://git/clock"}}
    with stubbed() as asked:
        asked.answers("codecommit", "get_repository", metadata, repositoryName="clock")
        if pushed:
            answer = {"branch": {"branchName": "main", "commitId": "a" * 40}}
            asked.answers("codecommit", "get_branch", answer, repositoryName="clock", branchName="main")
        else:
            asked.refuses("codecommit", "get_branch", "BranchDoesNotExistException")
        branch = findings_of(source.look, asked.door, wants("codecommit: {repository: clock, create: false}"))[1]
    assert branch.verdict == ("good" if pushed else "wrong")
    assert branch.advice == ("" if pushed else "git push https://git/clock HEAD:main")


@pytest.mark.parametrize(
    ("versioning", "notifications", "there", "wrong"),
    [
        ("Enabled", {"EventBridgeConfiguration": {}}, True, set()),
        ("Suspended", {"EventBridgeConfiguration": {}}, True, {"bucket versioning"}),
        ("", {}, True, {"bucket versioning", "bucket events"}),
        ("Enabled", {"EventBridgeConfiguration": {}}, False, {"object"}),
    ],
)
def test_a_bucket_is_versioned_sends_events_and_holds_the_object(
    versioning: str, notifications: dict[str, object], there: bool, wrong: set[str]
) -> None:
    with stubbed() as asked:
        asked.answers("s3", "head_bucket", {}, Bucket="inbox")
        asked.answers("s3", "get_bucket_versioning", {"Status": versioning} if versioning else {}, Bucket="inbox")
        asked.answers("s3", "get_bucket_notification_configuration", notifications, Bucket="inbox")
        if there:
            asked.answers("s3", "head_object", {}, Bucket="inbox", Key="source.zip")
        else:
            asked.refuses("s3", "head_object", "404")
        findings = findings_of(source.look, asked.door, wants("s3: {bucket: inbox, create: false}"))
    assert {finding.subject for finding in findings if finding.verdict == "wrong"} == wrong
    assert all(finding.advice for finding in findings if finding.verdict == "wrong")


def test_a_bucket_that_is_not_there_ends_the_look() -> None:
    with stubbed() as asked:
        asked.refuses("s3", "head_bucket", "404")
        finding = only(findings_of(source.look, asked.door, wants("s3: {bucket: inbox, create: false}")))
    assert (finding.verdict, finding.message) == ("wrong", "there is no bucket inbox")
