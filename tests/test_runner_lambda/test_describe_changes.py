"""describe_changes: what it tells of a change set, in the room that there is."""

import pytest

from test_runner_lambda import describe_changes
from tests.test_runner_lambda.change_sets import (
    ASKED,
    CHANGE_SET_ID,
    FUNCTION,
    LINK,
    STACK_ID,
    TABLE,
    change,
    described,
    has_changes,
    has_commit,
)
from tests.test_runner_lambda.doubles import Aws, Context, job_event


def test_commit_counts_changes_and_link_stand_in_this_order() -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        has_changes(aws, [change("Add", FUNCTION, "Clock"), change("Modify", FUNCTION, "Api", "False")])
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        details = aws.success()
    counts = "1 added, 1 changed, 0 replaced, 0 removed"
    assert details["outputVariables"].keys() == {"Text"}
    assert details["outputVariables"]["Text"].splitlines() == [
        "0123456789ab Tell the time in UTC",
        counts,
        "changes AWS::Lambda::Function Api",
        "adds AWS::Lambda::Function Clock",
        LINK,
    ]
    assert details["executionDetails"] == {"summary": counts}


def test_all_pages_of_a_change_set_are_read() -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        pages = [[change("Add", FUNCTION, f"Clock{page}{number}") for number in range(3)] for page in range(3)]
        has_changes(aws, *pages)
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        assert aws.success()["executionDetails"]["summary"] == "9 added, 0 changed, 0 replaced, 0 removed"


@pytest.mark.parametrize(
    ("action", "replacement", "verb", "counts"),
    [
        ("Add", None, "adds", "1 added, 0 changed, 0 replaced, 0 removed"),
        ("Modify", "False", "changes", "0 added, 1 changed, 0 replaced, 0 removed"),
        ("Modify", None, "changes", "0 added, 1 changed, 0 replaced, 0 removed"),
        ("Dynamic", None, "changes", "0 added, 1 changed, 0 replaced, 0 removed"),
        ("Import", None, "changes", "0 added, 1 changed, 0 replaced, 0 removed"),
        ("Modify", "True", "replaces", "0 added, 0 changed, 1 replaced, 0 removed"),
        ("Remove", None, "removes", "0 added, 0 changed, 0 replaced, 1 removed"),
        ("Modify", "Conditional", "may replace", "0 added, 0 changed, 0 replaced, 0 removed, 1 maybe replaced"),
    ],
)
def test_each_kind_of_change_has_its_verb_and_its_count(
    action: str, replacement: str | None, verb: str, counts: str
) -> None:
    lines = described(change(action, FUNCTION, "Clock", replacement))
    assert lines[1:3] == [counts, f"{verb} {FUNCTION} Clock"]


@pytest.mark.parametrize(
    ("action", "replacement", "warning"),
    [
        ("Modify", "True", "REPLACES DATA: AWS::DynamoDB::Table Orders"),
        ("Modify", "Conditional", "MAY REPLACE DATA: AWS::DynamoDB::Table Orders"),
        ("Remove", None, "REMOVES DATA: AWS::DynamoDB::Table Orders"),
        ("Modify", "False", "changes AWS::DynamoDB::Table Orders"),
        ("Add", None, "adds AWS::DynamoDB::Table Orders"),
    ],
)
def test_data_is_warned_of_when_it_may_be_lost(action: str, replacement: str | None, warning: str) -> None:
    assert described(change(action, TABLE, "Orders", replacement))[2] == warning


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
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::ServerlessCache",
        "AWS::MemoryDB::Cluster",
        "AWS::Redshift::Cluster",
        "AWS::Logs::LogGroup",
        "AWS::SQS::Queue",
        "AWS::Kinesis::Stream",
        "AWS::SecretsManager::Secret",
        "AWS::ECR::Repository",
        "AWS::CodeCommit::Repository",
        "AWS::EC2::Volume",
        "AWS::CloudFormation::Stack",
    ],
)
def test_these_types_hold_data(kind: str) -> None:
    assert described(change("Remove", kind, "Kept"))[2] == f"REMOVES DATA: {kind} Kept"


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
        "AWS::Amplify::Domain",
        "Custom::Table",
    ],
)
def test_these_types_hold_none_of_their_own(kind: str) -> None:
    expected = f"{'REMOVES DATA:' if kind == 'Custom::Table' else 'removes'} {kind} Gone"  # the unknown is warned of
    assert described(change("Remove", kind, "Gone"))[2] == expected


@pytest.mark.parametrize(
    ("kind", "verbs"),
    [
        (TABLE, ["REPLACES DATA:", "REMOVES DATA:", "MAY REPLACE DATA:", "changes", "adds"]),
        (FUNCTION, ["replaces", "removes", "may replace", "changes", "adds"]),
    ],
)
def test_changes_are_told_by_their_gravity(kind: str, verbs: list[str]) -> None:
    changes = [change("Add", kind, "A"), change("Modify", kind, "B", "False"), change("Remove", kind, "C")]
    changes += [change("Modify", kind, "D", "True"), change("Modify", kind, "E", "Conditional")]
    assert [line.split(" AWS::")[0] for line in described(*changes)[2:-1]] == verbs


def test_a_warning_comes_before_graver_changes_of_what_holds_no_data() -> None:
    lines = described(change("Modify", FUNCTION, "Api", "True"), change("Modify", TABLE, "Orders", "Conditional"))
    assert lines[2:4] == [f"MAY REPLACE DATA: {TABLE} Orders", f"replaces {FUNCTION} Api"]


def test_a_long_list_is_cut_with_its_count_and_the_link_stays() -> None:
    lines = described(*[change("Add", FUNCTION, f"Clock{number:02}") for number in range(40)])
    shown = len(lines) - 4
    assert 3 < shown < 40
    assert lines[0] == "0123456789ab Tell the time in UTC"
    assert lines[-2:] == [f"... and {40 - shown} more", LINK]


def test_a_warning_is_kept_before_plain_lines_and_before_the_title() -> None:
    title = "t" * 72
    tables = [change("Modify", TABLE, f"Orders{number}", "True") for number in range(6)]
    lines = described(*[change("Add", FUNCTION, f"A{number}") for number in range(9)], *tables, message=title)
    assert lines[0] == "0123456789ab"
    assert [line for line in lines if "DATA" in line] == [
        f"REPLACES DATA: {TABLE} Orders{number}" for number in (5, 4, 3, 2, 1, 0)
    ]
    assert lines[-2:] == ["... and 8 more", LINK]


def test_more_warnings_than_fit_are_counted() -> None:
    lines = described(*[change("Remove", TABLE, f"Orders{number:02}") for number in range(30)])
    warnings = [line for line in lines if line.startswith("REMOVES DATA:")]
    assert len(warnings) > 3
    assert lines[-2:] == [f"... and {30 - len(warnings)} more", LINK]


def test_with_the_longest_names_the_link_is_still_whole() -> None:
    long_id = STACK_ID.format("aws-us-gov", "us-gov-east-1").replace("s-prod", "s" * 128)
    long_set = CHANGE_SET_ID.format("aws-us-gov", "us-gov-east-1").replace("c-1", "c" * 128)
    with Aws(describe_changes.client) as aws:
        has_commit(aws, "t" * 500)
        found = {"Status": "CREATE_COMPLETE", "StackId": long_id, "ChangeSetId": long_set}
        response = {**found, "Changes": [change("Remove", TABLE, "O" * 255)] * 500}
        aws.stubs["cloudformation"].add_response("describe_change_set", response)
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        text = aws.success()["outputVariables"]["Text"]
    assert len(text) <= 700
    assert text.startswith("0123456789ab\n")
    assert text.endswith(f"stackId={long_id}&changeSetId={long_set}")
