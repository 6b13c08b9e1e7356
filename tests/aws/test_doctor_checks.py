"""The looks at the region, quotas, names, the trigger, transitions and subscriptions."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from generator.aws.doctor import name_conflicts, quotas, region, subscriptions, trigger
from generator.aws.doctor.check import Finding
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.requirements import Named, Requirements
from tests.aws.doctor_parts import GITHUB, findings_of, only, stands, wants
from tests.aws.stubbed import Stubbed, stubbed

RULE = "AWS::Events::Rule"
TOPIC = "AWS::SNS::Topic"
STANDS = stands((RULE, "clock-rule"))
BRANCH = {"RepositoryName": "clock", "BranchName": "main"}


# The region


@pytest.mark.parametrize(
    ("where", "source", "message"),
    [
        ("us-east-1", GITHUB, ""),
        ("mx-central-1", "codecommit: {repository: c}", "AWS::CodeBuild::Project"),
        ("eu-south-2", "codecommit: {repository: c, create: false}", "AWS::CodeCommit::Repository"),
        ("eu-south-2", GITHUB, "AWS::CodeConnections::Connection"),
        ("ap-southeast-3", "s3: {}", "no macros"),
    ],
)
def test_what_a_region_lacks_is_said(where: str, source: str, message: str) -> None:
    findings = findings_of(region.look, Stubbed(where).door, wants(source))
    assert [finding.verdict for finding in findings if message and message in finding.message] == (
        ["wrong"] if message else []
    )
    assert all(finding.verdict == ("wrong" if message else "good") for finding in findings)


# Quotas


def pipelines(asked: Stubbed, there: int, quota: float | None) -> None:
    asked.answers("codepipeline", "list_pipelines", {"pipelines": [{"name": f"p{n}"} for n in range(there)]})
    limits(asked, "Total pipelines", quota)


def limits(asked: Stubbed, name: str, value: float | None) -> None:
    quota = [] if value is None else [{"QuotaName": name, "Value": value, "QuotaCode": "L-1"}]
    asked.answers("service-quotas", "list_service_quotas", {"Quotas": [{"QuotaName": "Other", "Value": 0.0}, *quota]})


@pytest.mark.parametrize(
    ("there", "quota", "launched", "verdict"),
    [
        (3, 1000.0, Launched(), "good"),
        (3, 3.0, Launched(), "wrong"),
        (3, 3.0, STANDS, "good"),
        (3, None, Launched(), "unseen"),
    ],
)
def test_there_is_room_for_one_more_pipeline_or_the_quota_is_full(
    there: int, quota: float | None, launched: Launched, verdict: str
) -> None:
    with stubbed() as asked:
        pipelines(asked, there, quota)
        assert only(findings_of(quotas.pipelines, asked.door, wants(), launched)).verdict == verdict


@pytest.mark.parametrize(("value", "verdict"), [(0.0, "wrong"), (1.0, "good"), (60.0, "good"), (None, "unseen")])
def test_an_account_that_may_run_no_build_gets_the_command_that_asks_for_more(
    value: float | None, verdict: str
) -> None:
    with stubbed() as asked:
        limits(asked, "Concurrently running builds for Linux/Small environment", value)
        finding = only(findings_of(quotas.builds, asked.door, wants()))
    assert finding.verdict == verdict
    if verdict == "wrong":
        assert finding.advice == (
            "aws service-quotas request-service-quota-increase --service-code codebuild --quota-code L-1"
            " --desired-value 10 --region us-east-1"
        )


def test_the_quota_is_that_of_the_builds_own_size() -> None:
    with stubbed() as asked:
        limits(asked, "Concurrently running builds for Linux/Large environment", 5.0)
        requirements = wants(rest="build: {compute: large}\n")
        assert "Linux/Large" in only(findings_of(quotas.builds, asked.door, requirements)).message


# Names


def naming(kind: str, name: str) -> Requirements:
    return dataclasses.replace(wants(), named=(Named(kind, name),))


EXISTING: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("AWS::CodePipeline::Pipeline", "codepipeline", "get_pipeline", {}, "PipelineNotFoundException"),
    ("AWS::Lambda::Function", "lambda", "get_function", {"Configuration": {}}, "ResourceNotFoundException"),
    ("AWS::S3::Bucket", "s3", "head_bucket", {"BucketRegion": "us-east-1"}, "404"),
    (
        "AWS::CodeCommit::Repository",
        "codecommit",
        "get_repository",
        {"repositoryMetadata": {"repositoryId": "clock"}},
        "RepositoryDoesNotExistException",
    ),
]
LISTED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("AWS::CodeBuild::Project", "codebuild", "batch_get_projects", {"projects": [{"name": "clock"}]}),
    ("AWS::Logs::LogGroup", "logs", "describe_log_groups", {"logGroups": [{"logGroupName": "clock"}]}),
]


@pytest.mark.parametrize(("kind", "service", "operation", "_answer", "absent"), EXISTING)
def test_a_name_nobody_has_is_free(
    kind: str, service: str, operation: str, _answer: dict[str, Any], absent: str
) -> None:
    with stubbed() as asked:
        asked.refuses(service, operation, absent)
        finding = only(findings_of(name_conflicts.look, asked.door, naming(kind, "clock")))
    assert (finding.verdict, finding.message) == ("good", "the 1 names the stack gives are free")


@pytest.mark.parametrize(("kind", "service", "operation", "answer"), [row[:4] for row in EXISTING] + LISTED)
@pytest.mark.parametrize("owner", ["", "other-stack"])
def test_a_name_somebody_else_has_is_said_with_its_stack(
    kind: str, service: str, operation: str, answer: dict[str, Any], owner: str
) -> None:
    with stubbed() as asked:
        asked.answers(service, operation, answer)
        if owner:
            times = {"ResourceStatus": "X", "Timestamp": 0, "LogicalResourceId": "R", "ResourceType": "T"}
            asked.answers(
                "cloudformation", "describe_stack_resources", {"StackResources": [{"StackName": owner, **times}]}
            )
        else:
            asked.refuses("cloudformation", "describe_stack_resources", "ValidationError")
        finding = only(findings_of(name_conflicts.look, asked.door, naming(kind, "clock")))
    assert finding.verdict == "wrong"
    assert ("belongs to stack other-stack" if owner else "belongs to no stack") in finding.message
    assert finding.advice


@pytest.mark.parametrize(("kind", "service", "operation", "answer"), [row[:4] for row in EXISTING] + LISTED)
def test_a_name_of_the_launched_stack_is_its_own(
    kind: str, service: str, operation: str, answer: dict[str, Any]
) -> None:
    with stubbed() as asked:
        asked.answers(service, operation, answer)
        finding = only(findings_of(name_conflicts.look, asked.door, naming(kind, "clock"), stands((kind, "clock"))))
    assert (finding.verdict, finding.message) == ("good", "the 1 names the stack gives belong to this stack")


def test_a_log_group_whose_name_only_begins_the_same_is_another() -> None:
    with stubbed() as asked:
        asked.answers("logs", "describe_log_groups", {"logGroups": [{"logGroupName": "clockwork"}]})
        assert (
            only(findings_of(name_conflicts.look, asked.door, naming("AWS::Logs::LogGroup", "clock"))).verdict == "good"
        )


# The trigger


def declared(asked: Stubbed, provider: str, configuration: dict[str, str], triggers: Any = None) -> None:
    identity = {"category": "Source", "owner": "AWS", "provider": provider, "version": "1"}
    action = {"name": "Source", "actionTypeId": identity, "configuration": configuration}
    pipeline = {"name": "clock-pipeline", "roleArn": "arn:aws:iam::123456789012:role/r", "stages": []}
    stages = [{"name": "Source", "actions": [action]}]
    optional = {"triggers": triggers} if triggers else {}
    asked.answers("codepipeline", "get_pipeline", {"pipeline": pipeline | {"stages": stages} | optional})


def rule(asked: Stubbed, state: str, *, targets: str = "clock-pipeline", hears: bool | None = None) -> None:
    asked.answers("events", "describe_rule", {"State": state, "EventPattern": '{"source":["aws.codecommit"]}'})
    if state == "DISABLED":
        return
    arn = f"arn:aws:codepipeline:us-east-1:123456789012:{targets}"
    asked.answers("events", "list_targets_by_rule", {"Targets": [{"Id": "1", "Arn": arn}]})
    if hears is not None:
        asked.answers("sts", "get_caller_identity", {"Account": "123456789012", "Arn": "a" * 20, "UserId": "u"})
        asked.answers("events", "test_event_pattern", {"Result": hears})


def looked(asked: Stubbed, launched: Launched = STANDS, requirements: Requirements | None = None) -> Finding:
    return only(findings_of(trigger.look, asked.door, requirements or wants(), launched))


def test_before_launch_there_is_no_trigger_yet() -> None:
    assert looked(Stubbed(), Launched()).verdict == "later"


@pytest.mark.parametrize(
    ("state", "settings", "verdict", "message"),
    [
        ("ENABLED", {"hears": True}, "good", "hears a push and starts clock-pipeline"),
        ("ENABLED", {"hears": False}, "wrong", "does not match events of"),
        ("DISABLED", {}, "wrong", "is disabled"),
        ("ENABLED", {"targets": "watch-pipeline"}, "wrong", "does not start clock-pipeline"),
    ],
)
def test_a_rule_is_enabled_starts_this_pipeline_and_matches_a_push(
    state: str, settings: dict[str, Any], verdict: str, message: str
) -> None:
    with stubbed() as asked:
        declared(asked, "CodeCommit", BRANCH)
        rule(asked, state, **settings)
        finding = looked(asked)
    assert finding.verdict == verdict
    assert message in finding.message
    assert bool(finding.advice) is (verdict == "wrong")


def test_a_rule_or_a_pipeline_that_is_gone_is_said() -> None:
    messages = []
    with stubbed() as asked:
        asked.refuses("codepipeline", "get_pipeline", "PipelineNotFoundException")
        messages.append(looked(asked).message)
        declared(asked, "CodeCommit", BRANCH)
        messages.append(looked(asked, stands()).message)
        declared(asked, "CodeCommit", BRANCH)
        asked.refuses("events", "describe_rule", "ResourceNotFoundException")
        messages.append(looked(asked).message)
    assert messages == [
        "there is no pipeline clock-pipeline, though its stack is",
        "the stack has no event rule: a push starts nothing",
        "the event rule clock-rule is gone: a push starts nothing",
    ]


@pytest.mark.parametrize(
    ("detects", "triggers", "verdict"),
    [
        ("true", None, "good"),
        ("false", None, "wrong"),
        (
            "false",
            [{"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": "Source"}}],
            "good",
        ),
    ],
)
def test_a_connection_needs_a_trigger_or_to_detect_changes(detects: str, triggers: Any, verdict: str) -> None:
    with stubbed() as asked:
        declared(asked, "CodeStarSourceConnection", {"DetectChanges": detects}, triggers)
        assert looked(asked, requirements=wants(GITHUB)).verdict == verdict


@pytest.mark.parametrize("provider", ["CodeCommit", "S3"])
def test_the_event_that_is_tried_has_everything_event_bridge_demands(provider: str) -> None:
    configuration = {**BRANCH, "S3Bucket": "inbox", "S3ObjectKey": "a.zip"}
    with stubbed() as asked:
        asked.answers("sts", "get_caller_identity", {"Account": "123456789012", "Arn": "a" * 20, "UserId": "u"})
        action = {"actionTypeId": {"provider": provider}, "configuration": configuration}
        event = trigger._event(asked.door, action)
    # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
    assert {"id", "account", "source", "time", "region", "resources", "detail-type"} <= event.keys()
    assert json.dumps(event)


# Transitions


@pytest.mark.parametrize("enabled", [True, False])
def test_a_closed_stage_is_said_with_the_command_that_opens_it(enabled: bool) -> None:
    state = {"enabled": enabled} | ({} if enabled else {"disabledReason": "freeze"})
    stages = {"stageStates": [{"stageName": "Source"}, {"stageName": "Prod", "inboundTransitionState": state}]}
    with stubbed() as asked:
        asked.answers("codepipeline", "get_pipeline_state", stages)
        finding = only(findings_of(trigger.transitions, asked.door, wants(), STANDS))
    if enabled:
        assert finding.verdict == "good"
    else:
        assert finding.message == "nothing enters Prod: freeze"
        assert finding.advice.startswith("aws codepipeline enable-stage-transition --pipeline-name clock-pipeline")


def test_before_launch_no_stage_is_closed() -> None:
    assert findings_of(trigger.transitions, Stubbed().door, wants()) == []


# Subscriptions

NOTIFYING = wants(rest="notifications: {email: [a@example.com, b@example.com]}\n")


def subscribed(asked: Stubbed, *arns: str) -> None:
    subscriptions = [{"Endpoint": f"{n}@example.com", "SubscriptionArn": arn} for n, arn in enumerate(arns)]
    asked.answers("sns", "list_subscriptions_by_topic", {"Subscriptions": subscriptions}, TopicArn="topic")


def test_a_pipeline_that_tells_nobody_has_no_subscriptions() -> None:
    assert findings_of(subscriptions.look, Stubbed().door, wants()) == []


def test_before_launch_nobody_can_have_confirmed() -> None:
    assert only(findings_of(subscriptions.look, Stubbed().door, NOTIFYING)).verdict == "later"


@pytest.mark.parametrize(
    ("arns", "verdict", "message"),
    [
        (("arn:1", "arn:2"), "good", "2 confirmed"),
        (("arn:1", "PendingConfirmation"), "wrong", "not confirmed: 1@example.com"),
        ((), "wrong", "nobody is notified"),
    ],
)
def test_who_has_not_confirmed_is_named(arns: tuple[str, ...], verdict: str, message: str) -> None:
    with stubbed() as asked:
        subscribed(asked, *arns)
        finding = only(findings_of(subscriptions.look, asked.door, NOTIFYING, stands((TOPIC, "topic"))))
    assert finding.verdict == verdict
    assert message in finding.message


# Compute


@pytest.mark.parametrize(("where", "verdict"), [("eu-west-1", "good"), ("eu-north-1", "wrong")])
def test_a_region_without_lambda_compute_is_said(where: str, verdict: str) -> None:
    (finding,) = findings_of(region.look, Stubbed(where).door, wants(rest="build: {compute: lambda}\n"))
    assert finding.verdict == verdict
    assert ("has no Lambda compute" in finding.message) == (verdict == "wrong")


@pytest.mark.parametrize(
    ("compute", "name"),
    [
        ("{type: medium, architecture: arm64}", "ARM/Medium"),
        ("lambda", "Linux Lambda/2GB"),
        ("{type: lambda, architecture: arm64, memory: 10GB}", "ARM Lambda/10GB"),
    ],
)
def test_the_quota_is_that_of_the_builds_own_processor(compute: str, name: str) -> None:
    with stubbed() as asked:
        limits(asked, f"Concurrently running builds for {name} environment", 5.0)
        finding = only(findings_of(quotas.builds, asked.door, wants(rest=f"build: {{compute: {compute}}}\n")))
    assert (finding.verdict, finding.message) == ("good", f"Concurrently running builds for {name} environment: 5")
