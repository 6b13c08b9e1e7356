"""describe_changes: what it tells of a change set, in the room that there is."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from test_runner_lambda import describe_changes
from tests.test_runner_lambda.change_sets import (
    ASKED,
    CHANGE_SET_ID,
    DIRECT,
    FUNCTION,
    LINK,
    STACK_ID,
    TABLE,
    change,
    described,
    has_changes,
    has_commit,
    has_runs,
)
from tests.test_runner_lambda.doubles import KEYS, Aws, Context, job_event


def test_commit_counts_changes_and_link_stand_in_this_order() -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        has_changes(aws, [change("Add", FUNCTION, "Clock"), change("Modify", FUNCTION, "Api", "False")])
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        details = aws.success()
    counts = "Modify 1, Add 1"
    assert details["outputVariables"].keys() == {"Text"}
    assert details["outputVariables"]["Text"].splitlines() == [
        "0123456789ab Tell the time in UTC",
        counts,
        "Modify AWS::Lambda::Function Api",
        "Add AWS::Lambda::Function Clock",
        LINK,
    ]
    assert details["executionDetails"] == {"summary": counts}


ANSWERS = [
    ({"outputVariables": {"Summary": "3 of 3"}, "executionResult": {"externalExecutionSummary": "x"}}, "3 of 3"),
    ({"executionResult": {"externalExecutionSummary": "all fine"}}, "all fine"),
    ({"outputVariables": {"Other": "x"}}, "succeeded, without a summary"),
    ({}, "succeeded, without a summary"),
]


@pytest.mark.parametrize(("output", "words"), ANSWERS)
def test_the_approver_reads_what_the_tests_of_the_stage_before_said(output: dict[str, Any], words: str) -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        has_changes(aws, [change("Add", FUNCTION, "Clock")])
        has_runs(aws, ("Gamma", "Deploy", {}), ("Gamma", "Test", output), ("Beta", "Test", {}))
        aws.takes("success")
        describe_changes.handler(job_event({**ASKED, "tested": "Gamma"}), Context())
        text = aws.success()["outputVariables"]["Text"]
    assert text.splitlines()[-2:] == [f"Tests in Gamma: {words}", LINK]


def test_tests_that_did_not_run_in_this_execution_are_told_as_such() -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        has_runs(aws, ("Beta", "Test", {}))
        aws.takes("success")
        describe_changes.handler(job_event({**DIRECT, "tested": "Gamma"}), Context())
        assert "Tests in Gamma: not run in this execution" in aws.success()["outputVariables"]["Text"]


def test_a_change_set_that_is_gone_is_told_and_fails_nothing() -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        aws.stubs["cloudformation"].add_client_error("describe_change_set", "ChangeSetNotFound")
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        assert "the change set c-1 is gone" in aws.success()["outputVariables"]["Text"]


def test_an_execution_without_a_revision_is_told_and_fails_nothing() -> None:
    with Aws(describe_changes.client) as aws:
        execution = {"pipelineName": "s-pipeline", "pipelineExecutionId": "e-1"}
        aws.stubs["codepipeline"].add_response("get_pipeline_execution", {"pipelineExecution": execution})
        has_changes(aws, [change("Add", FUNCTION, "Clock")])
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        assert aws.success()["outputVariables"]["Text"].startswith("the commit is not known\nAdd 1")


def test_all_pages_of_a_change_set_are_read() -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        pages = [[change("Add", FUNCTION, f"Clock{page}{number}") for number in range(3)] for page in range(3)]
        has_changes(aws, *pages)
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        assert aws.success()["executionDetails"]["summary"] == "Add 9"


@pytest.mark.parametrize(
    ("action", "replacement", "verb"),
    [
        ("Add", None, "Add"),
        ("Modify", "False", "Modify"),
        ("Modify", None, "Modify"),
        ("Dynamic", None, "Dynamic"),
        ("Import", None, "Import"),
        ("Modify", "True", "Replace"),
        ("Modify", "Conditional", "Replace?"),
        ("Remove", None, "Remove"),
    ],
)
def test_each_kind_of_change_has_its_verb_and_its_count(action: str, replacement: str | None, verb: str) -> None:
    lines = described(*[change(action, FUNCTION, f"Clock{number}", replacement) for number in range(3)])
    assert lines[1:3] == [f"{verb} 3", f"{verb} {FUNCTION} Clock2"]


@pytest.mark.parametrize(
    ("action", "replacement", "line"),
    [
        ("Modify", "True", "WARNING: Replace AWS::DynamoDB::Table Orders"),
        ("Modify", "Conditional", "WARNING: Replace? AWS::DynamoDB::Table Orders"),
        ("Remove", None, "WARNING: Remove AWS::DynamoDB::Table Orders"),
        ("Modify", "False", "Modify AWS::DynamoDB::Table Orders"),
        ("Add", None, "Add AWS::DynamoDB::Table Orders"),
    ],
)
def test_data_is_warned_of_when_it_may_be_lost(action: str, replacement: str | None, line: str) -> None:
    assert described(change(action, TABLE, "Orders", replacement))[2] == line


@pytest.mark.parametrize("action", ["Add", "Modify", "Import"])
def test_what_is_neither_removed_nor_replaced_is_not_warned_of_whatever_its_type(action: str) -> None:
    kind = "AWS::Rekognition::Stream"  # begins like a verb, ends like what holds data
    assert described(change(action, kind, "Faces"))[2] == f"{action} {kind} Faces"


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::DynamoDB::GlobalTable",
        "AWS::S3::Bucket",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBCluster",
        "AWS::Neptune::DBCluster",
        "AWS::Cognito::UserPool",
        "AWS::KMS::Key",
        "AWS::EFS::FileSystem",
        "AWS::OpenSearchService::Domain",
        "AWS::Elasticsearch::Domain",
        "AWS::Logs::LogGroup",
        "AWS::SQS::Queue",
        "AWS::Kinesis::Stream",
        "AWS::SecretsManager::Secret",
        "AWS::CloudFormation::Stack",
        "Custom::Table",  # the unknown is warned of
    ],
)
def test_these_types_hold_data(kind: str) -> None:
    assert described(change("Remove", kind, "Kept"))[2] == f"WARNING: Remove {kind} Kept"


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::Lambda::Function",
        "AWS::S3::BucketPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::UserPoolDomain",
        "AWS::ApiGateway::ApiKey",
        "AWS::EC2::RouteTable",
        "AWS::ECS::Cluster",
        "AWS::RDS::DBSubnetGroup",
    ],
)
def test_these_types_hold_none_of_their_own(kind: str) -> None:
    assert described(change("Remove", kind, "Gone"))[2] == f"Remove {kind} Gone"


@pytest.mark.parametrize("kind", [TABLE, FUNCTION])
def test_changes_and_counts_stand_by_their_gravity(kind: str) -> None:
    changes = [change("Add", kind, "A"), change("Modify", kind, "B", "False"), change("Remove", kind, "C")]
    changes += [change("Modify", kind, "D", "True"), change("Modify", kind, "E", "Conditional")]
    lines = described(*changes)
    assert lines[1] == "Replace? 1, Replace 1, Remove 1, Modify 1, Add 1"
    assert [line[-1] for line in lines[2:-1]] == ["E", "D", "C", "B", "A"]


def test_a_warning_comes_before_graver_changes_of_what_holds_no_data() -> None:
    lines = described(change("Modify", FUNCTION, "Api", "True"), change("Remove", TABLE, "Orders"))
    assert lines[2:4] == [f"WARNING: Remove {TABLE} Orders", f"Replace {FUNCTION} Api"]


def test_a_long_list_is_cut_with_its_count_and_the_link_stays() -> None:
    lines = described(*[change("Add", FUNCTION, f"Clock{number:02}") for number in range(40)])
    shown = len(lines) - 4
    assert 3 < shown < 40
    assert lines[:2] == ["0123456789ab Tell the time in UTC", "Add 40"]
    assert lines[-2:] == [f"... and {40 - shown} more", LINK]


def test_as_many_changes_are_told_as_the_limit_leaves_room_for() -> None:
    changes = [change("Add", FUNCTION, f"Clock{number}") for number in range(8)]
    whole = described(*changes, limit=1000)
    assert len(whole) == 3 + 8
    room = len("\n".join(whole))
    assert described(*changes, limit=room) == whole
    assert described(*changes, limit=room - 1) == [*whole[:-2], "... and 1 more", LINK]


def test_warnings_are_kept_and_plain_lines_give_way() -> None:
    tables = [change("Modify", TABLE, f"Orders{number}", "True") for number in range(5)]
    lines = described(*[change("Add", FUNCTION, f"A{number}") for number in range(9)], *tables)
    assert lines[2:7] == [f"WARNING: Replace {TABLE} Orders{number}" for number in (4, 3, 2, 1, 0)]
    assert lines[-2:] == [f"... and {14 - len(lines[2:-2])} more", LINK]


def test_more_warnings_than_fit_are_counted() -> None:
    lines = described(*[change("Remove", TABLE, f"Orders{number:02}") for number in range(30)])
    warnings = [line for line in lines if line.startswith("WARNING: Remove ")]
    assert len(warnings) > 3
    assert lines[-2:] == [f"... and {30 - len(warnings)} more", LINK]


@pytest.mark.parametrize("spare", [0, 1, 20])
def test_when_nearly_nothing_fits_the_link_is_still_whole(spare: int) -> None:
    lines = described(*[change("Remove", TABLE, "Orders")] * 9, limit=len(LINK) + spare)
    assert lines[-1] == LINK


def test_with_the_longest_names_the_link_is_still_whole() -> None:
    long_id = STACK_ID.format("aws-us-gov", "us-gov-east-1").replace("s-prod", "s" * 128)
    long_set = CHANGE_SET_ID.format("aws-us-gov", "us-gov-east-1").replace("c-1", "c" * 128)
    with Aws(describe_changes.client) as aws:
        has_commit(aws, "t" * 500)
        change_set = {"Status": "CREATE_COMPLETE", "StackId": long_id, "ChangeSetId": long_set}
        response = {**change_set, "Changes": [change("Remove", TABLE, "O" * 255)] * 500}
        aws.stubs["cloudformation"].add_response("describe_change_set", response)
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        text = aws.success()["outputVariables"]["Text"]
    assert len(text) <= 700
    assert text.startswith("0123456789ab t")
    assert text.endswith(f"\nRemove 500\n... and 500 more\n{text.splitlines()[-1]}")
    assert text.endswith(f"stackId={long_id}&changeSetId={long_set}")


@given(
    limit=st.integers(-1000, 2000),
    message=st.text(min_size=1, max_size=90),
    names=st.lists(st.text("abcXYZ019", min_size=1, max_size=60), max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_limit_the_job_is_answered_and_the_limit_kept(limit: int, message: str, names: list[str]) -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws, message)
        has_changes(aws, [change("Add", FUNCTION, name) for name in names])
        aws.takes("success")
        describe_changes.handler(job_event({**ASKED, "limit": limit}), Context())
        text = aws.success()["outputVariables"]["Text"]
    if limit > 0:
        assert len(text) <= limit
    if limit >= len(LINK):
        assert text.endswith(LINK)


def test_the_change_sets_of_several_services_are_told_together_with_what_waits() -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        has_changes(aws, [change("Modify", FUNCTION, "Api", "False")], stack="s-api-prod")
        has_changes(aws, [change("Modify", TABLE, "Items", "True")], stack="old")
        has_changes(aws, [], stack="s-jobs-prod")
        aws.takes("success")
        stacks = "s-*-prod api database=old jobs web<api+database"
        describe_changes.handler(job_event({**ASKED, "stack": stacks}), Context())
        details = aws.success()
    assert details["outputVariables"]["Text"].splitlines() == [
        "0123456789ab Tell the time in UTC",
        "api: Modify 1; database: Replace 1; jobs: changes nothing",
        "web waits for outputs of api, database: it is deployed after your answer, what changes is not known",
        "WARNING: Replace AWS::DynamoDB::Table Items in database",
        "Modify AWS::Lambda::Function Api in api",
        LINK,
    ]


def test_the_change_set_of_a_stack_in_another_account_is_read_there_with_its_role() -> None:
    role = "arn:aws:iam::444455556666:role/s-ReadRole-production"
    there = describe_changes.session_client(
        "cloudformation",
        region_name="eu-west-1",
        aws_access_key_id=KEYS["AccessKeyId"],
        aws_secret_access_key=KEYS["SecretAccessKey"],
        aws_session_token=KEYS["SessionToken"],
    )
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        aws.elsewhere(there, role)
        has_changes(aws, [change("Add", FUNCTION, "Api")])
        aws.takes("success")
        describe_changes.handler(job_event({**ASKED, "role": role, "region": "eu-west-1"}), Context())
        details = aws.success()
    assert "Add AWS::Lambda::Function Api" in details["outputVariables"]["Text"]
