"""describe_changes: the commit, the link, and what it says where there is no change set."""

import json
from typing import Any

import pytest

from test_runner_lambda import describe_changes
from tests.test_runner_lambda.change_sets import (
    ASKED,
    CHANGE_SET_ID,
    DIRECT,
    PLACE,
    STACK_ID,
    described,
    has_changes,
    has_commit,
)
from tests.test_runner_lambda.doubles import Aws, Context, job_event


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "eu-west-1", "console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"),
    ],
)
def test_the_link_leads_to_the_console_of_the_partition(partition: str, region: str, host: str) -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        has_changes(aws, [], partition=partition, region=region)
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        link = aws.success()["outputVariables"]["Text"].splitlines()[-1]
    ids = [template.format(partition, region) for template in (STACK_ID, CHANGE_SET_ID)]
    assert link == f"https://{host}/{PLACE.format(region, *ids)}"


@pytest.mark.parametrize(
    ("message", "title"),
    [
        (json.dumps({"ProviderType": "GitHub", "CommitMessage": 'Say "hi"\n\nbody'}), 'Say "hi"'),
        ("Plain words of CodeCommit\nand a body", "Plain words of CodeCommit"),
        ("blanks at its end  \nbody", "blanks at its end"),
        ("Amazon S3 version id: 3/L4kqtJ", "Amazon S3 version id: 3/L4kqtJ"),
        ('{"version": 3}', '{"version": 3}'),
        ("[1]", "[1]"),
        ("[" * 2000, "[" * 72),
        ("12", "12"),
        ("bell\x07 and\x1b[31m red\x7f and\x9b31m more", "bell and[31m red and31m more"),
        ('{"CommitMessage": "lone \\ud800surrogate"}', "lone surrogate"),
        ("t" * 100, "t" * 72),
    ],
)
def test_the_title_is_the_first_line_of_the_message_wherever_it_comes_from(message: str, title: str) -> None:
    assert described(message=message)[0] == f"0123456789ab {title}"


@pytest.mark.parametrize("message", [None, " \n "])
def test_without_a_message_the_commit_stands_alone(message: str | None) -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws, message)
        has_changes(aws, [])
        aws.takes("success")
        describe_changes.handler(job_event(ASKED), Context())
        assert aws.success()["outputVariables"]["Text"].startswith("0123456789ab\n")


@pytest.mark.parametrize("change_set", [{}, {"change_set": None}, {"change_set": ""}])
def test_a_stage_that_deploys_directly_says_that_its_changes_are_not_known(change_set: dict[str, Any]) -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        aws.takes("success")
        describe_changes.handler(job_event({**DIRECT, **change_set}), Context())
        assert aws.called("DescribeChangeSet") == []
        details = aws.success()
    words = "deployed directly: what changes is not known"
    assert details["outputVariables"]["Text"] == f"0123456789ab Tell the time in UTC\n{words}"
    assert details["executionDetails"]["summary"] == words


def test_of_a_stage_that_commands_deploy_nothing_is_promised() -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        aws.takes("success")
        describe_changes.handler(job_event({key: value for key, value in DIRECT.items() if key != "stack"}), Context())
        details = aws.success()
    words = "deployed by commands: what changes is not known, there is no change set and no rollback"
    assert details["outputVariables"]["Text"] == f"0123456789ab Tell the time in UTC\n{words}"
