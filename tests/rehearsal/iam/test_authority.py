"""What the judge knows beside the question, and what it offers after a refusal."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.denial import remedy
from generator.rehearsal.iam.policy import PolicyError, read
from generator.rehearsal.iam.question import Question
from tests.rehearsal.iam.fake_directory import ROLE, SESSION, FakeDirectory, allow, deny, document

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"
SEND = Question(SESSION, "sqs:SendMessage", QUEUE)
READ = Question(SESSION, "s3:GetObject", "arn:aws:s3:::b/k")


def test_the_time_of_the_question_and_the_keys_of_the_resource_are_known() -> None:
    timely = allow("*", Condition={"DateLessThan": {"aws:CurrentTime": "2026-11-22T00:00:00Z"}})
    tagged = deny("*", Condition={"StringEquals": {"aws:ResourceTag/stage": "prod"}})
    directory = FakeDirectory({"p": document(timely, tagged)})
    assert Authority(directory, lambda: datetime(2026, 11, 21, tzinfo=UTC)).ask(SEND).allowed
    assert not Authority(directory, lambda: datetime(2026, 11, 23, tzinfo=UTC)).ask(SEND).allowed
    directory.resource_keys = {"aws:ResourceTag/stage": "prod"}
    assert not Authority(directory, lambda: datetime(2026, 11, 21, tzinfo=UTC)).ask(SEND).allowed


def test_a_key_of_the_question_wins_over_what_is_known_in_general() -> None:
    closed = deny("*", Condition={"Bool": {"AWS:securetransport": "false"}})
    authority = Authority(FakeDirectory({"p": document(allow("*"), closed)}))
    assert authority.ask(SEND).allowed
    assert not authority.ask(Question(SESSION, "sqs:SendMessage", QUEUE, {"aws:SecureTransport": "false"})).allowed


def test_a_refusal_offers_the_statement_that_would_allow_it() -> None:
    passed = Question(SESSION, "iam:PassRole", ROLE, {"iam:PassedToService": "codebuild.amazonaws.com"})
    directory = FakeDirectory()
    statement = json.loads(remedy(passed, Authority(directory).ask(passed)))
    assert statement == {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": ROLE,
        "Condition": {"StringEquals": {"iam:PassedToService": "codebuild.amazonaws.com"}},
    }
    directory.inline = {"p": document(statement)}
    assert Authority(directory).ask(passed).allowed


def test_a_refused_service_is_offered_a_statement_for_the_resource() -> None:
    called = Question("events.amazonaws.com", "sns:Publish", "arn:aws:sns:::t", {"aws:SourceArn": "arn:aws:events:::r"})
    directory = FakeDirectory()
    statement = json.loads(remedy(called, Authority(directory).ask(called)))
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    directory.own_policy = document(statement)
    assert Authority(directory).ask(called).allowed


def test_no_statement_is_offered_against_a_deny() -> None:
    answer = Authority(FakeDirectory({"p": document(allow("*"), deny("sqs:*"))})).ask(SEND)
    assert remedy(SEND, answer) == ""


@pytest.mark.parametrize("text", ["{", "[]", '{"Statement": ["Allow"]}'])
def test_what_is_no_policy_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(PolicyError, match="policy p of arn:x"):
        read(text, "arn:x", "p")
