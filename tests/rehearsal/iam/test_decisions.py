"""Who must allow, and what a Deny does: the cases of AWS's page on the evaluation logic."""

from __future__ import annotations

from typing import Any

import pytest

from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.question import (
    BOUNDARY,
    IDENTITY,
    RESOURCE,
    Answer,
    Place,
    Question,
)
from generator.rehearsal.iam.question import SESSION as SESSION_POLICY
from tests.rehearsal.iam.books import (
    ACCOUNT,
    ROLE,
    ROOT,
    SESSION,
    USER,
    Books,
    allow,
    deny,
    document,
)

TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/shop"
READ = Question(SESSION, "dynamodb:GetItem", TABLE)


def ask(books: Books, question: Question = READ) -> Answer:
    return Authority(books).ask(question)


def named(*arns: str, **more: Any) -> dict[str, Any]:
    return allow("dynamodb:*", Principal={"AWS": list(arns)}, **more)


YES = document(allow("dynamodb:Get*", TABLE, Sid="Read"))
NO = document(allow("s3:*"))


@pytest.mark.parametrize(
    ("books", "refused_by"),
    [
        (Books(), IDENTITY),
        (Books({"a": NO}), IDENTITY),
        (Books({"a": YES}), ""),
        (Books({"a": NO, "b": YES}), ""),
        (Books({"a": YES, "b": document(deny("*"))}), IDENTITY),
        (Books({"a": document(allow("DynamoDB:getitem"))}), ""),
        (Books({"a": document({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"})}), ""),
        (Books({"a": document({"Effect": "Allow", "NotAction": "dynamodb:*", "Resource": "*"})}), IDENTITY),
        (Books({"a": document({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::*"})}), ""),
        (Books({"a": document({"Effect": "Allow", "Action": "*", "NotResource": TABLE})}), IDENTITY),
        (Books({"a": YES}, boundary=YES), ""),
        (Books({"a": YES}, boundary=NO), BOUNDARY),
        (Books({"a": NO}, boundary=YES), IDENTITY),
        (Books({"a": YES}, boundary=document(allow("*"), deny("dynamodb:*"))), BOUNDARY),
        (Books({"a": YES}, session=NO), SESSION_POLICY),
        (Books({"a": YES}, boundary=YES, session=YES), ""),
    ],
)
def test_a_principal_needs_its_own_policies_and_every_limit(books: Books, refused_by: str) -> None:
    answer = ask(books)
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


@pytest.mark.parametrize(
    ("books", "refused_by"),
    [
        (Books(own_policy=document(named(SESSION))), ""),
        (Books(own_policy=document(named(ROLE))), ""),
        (Books(own_policy=document(allow("*", Principal="*"))), ""),
        (Books(own_policy=document(named(ACCOUNT))), IDENTITY),
        (Books(own_policy=document(named(ROOT))), IDENTITY),
        (Books(own_policy=document(named(USER))), IDENTITY),
        (Books({"a": YES}, own_policy=document(named(USER))), ""),
        (Books({"a": YES}, own_policy=document(deny("*", Principal="*"))), RESOURCE),
        (Books({"a": YES}, own_policy=document(deny("*", NotPrincipal={"AWS": [ROLE, SESSION, ROOT]}))), ""),
        (Books({"a": YES}, own_policy=document(deny("*", NotPrincipal={"AWS": [ROLE]}))), RESOURCE),
        # A limit narrows what a resource gives a role, and not what it gives a session or a user by name.
        (Books(boundary=NO, own_policy=document(named(ROLE))), IDENTITY),
        (Books(boundary=NO, own_policy=document(named(SESSION))), ""),
        (Books(session=NO, own_policy=document(named(SESSION))), ""),
    ],
)
def test_within_an_account_the_resource_may_allow_by_itself(books: Books, refused_by: str) -> None:
    answer = ask(books)
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


@pytest.mark.parametrize(
    ("books", "refused_by"),
    [
        (Books({"a": YES}, own_policy=document(named(USER)), required=True), RESOURCE),
        (Books({"a": YES}, own_policy=document(named(ROOT)), required=True), ""),
        (Books({"a": NO}, own_policy=document(named(ROOT)), required=True), IDENTITY),
        (Books({"a": NO}, own_policy=document(named(ROLE)), required=True), ""),
    ],
)
def test_a_key_policy_must_allow_or_leave_it_to_the_account(books: Books, refused_by: str) -> None:
    answer = ask(books)
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


@pytest.mark.parametrize(
    ("books", "refused_by"),
    [
        (Books({"a": YES}, owner="444455556666", own_policy=document(named(ROLE))), ""),
        (Books({"a": NO}, owner="444455556666", own_policy=document(named(ROLE))), IDENTITY),
        (Books({"a": YES}, owner="444455556666", own_policy=document(named(USER))), RESOURCE),
    ],
)
def test_between_accounts_both_must_allow(books: Books, refused_by: str) -> None:
    answer = ask(books)
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


def test_a_service_is_judged_by_the_resource_alone() -> None:
    rule = f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/tick"
    lets = allow(
        "lambda:InvokeFunction",
        Principal={"Service": "events.amazonaws.com"},
        Condition={"ArnLike": {"AWS:SourceArn": rule}},
    )
    books = Books({"a": document(allow("*"))}, own_policy=document(lets))
    called = Question("events.amazonaws.com", "lambda:InvokeFunction", "arn:aws:lambda:::f", {"aws:SourceArn": rule})
    assert ask(books, called).allowed
    from_elsewhere = Question("events.amazonaws.com", "lambda:InvokeFunction", "f", {"aws:SourceArn": rule + "2"})
    assert ask(books, from_elsewhere).policy_type == RESOURCE
    assert ask(Books({"a": document(allow("*"))}), called).policy_type == RESOURCE


def test_the_root_of_an_account_needs_no_policy_and_meets_every_deny_of_a_resource() -> None:
    assert ask(Books(), Question(ROOT, "s3:GetObject", "arn:aws:s3:::b/k")).allowed
    closed = Books(own_policy=document(deny("s3:*", Principal="*")))
    assert not ask(closed, Question(ROOT, "s3:GetObject", "arn:aws:s3:::b/k")).allowed


def test_a_role_reaches_what_its_tag_names() -> None:
    scoped = document(allow("lambda:*", f"arn:aws:lambda:*:{ACCOUNT}:function:${{aws:PrincipalTag/stack}}-*"))
    books = Books({"a": scoped}, tags={"stack": "shop-beta"})
    mine = Question(SESSION, "lambda:UpdateFunctionCode", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-beta-Api")
    theirs = Question(SESSION, "lambda:UpdateFunctionCode", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-prod-A")
    assert ask(books, mine).allowed
    assert not ask(books, theirs).allowed
    assert ask(Books({"a": scoped}), mine).unknown == ("${aws:PrincipalTag/stack} has no single value in this request",)


def test_a_policy_of_the_old_version_knows_no_variables() -> None:
    own = document(allow("s3:*", "arn:aws:s3:::b/${aws:username}/*"), version="2008-10-17")
    assert not ask(Books({"a": own}), Question(USER, "s3:GetObject", "arn:aws:s3:::b/jo/x")).allowed
    assert ask(Books({"a": own}), Question(USER, "s3:GetObject", "arn:aws:s3:::b/${aws:username}/x")).allowed


def test_an_answer_names_every_statement_that_allowed() -> None:
    books = Books({"a": YES, "b": document(allow("s3:*"), allow("dynamodb:*"))})
    assert ask(books).decided_by == (Place(ROLE, "a", 0, "Read"), Place(ROLE, "b", 1))
    assert ask(books).why == "allowed by a/Read, b/statement 2"


def test_a_refusal_is_worded_as_by_aws() -> None:
    start = f"User: {SESSION} is not authorized to perform: dynamodb:GetItem on resource: {TABLE} "
    assert ask(Books()).why == start + "because no identity-based policy allows the dynamodb:GetItem action"
    refused = ask(Books({"a": YES, "b": document(deny("*", Sid="Never"))}))
    assert refused.why == start + "with an explicit deny in an identity-based policy"
    assert (refused.explicit, refused.decided_by) == (True, (Place(ROLE, "b", 0, "Never"),))


def test_a_refusal_says_which_condition_failed() -> None:
    passing = allow("iam:PassRole", Sid="Pass", Condition={"StringEquals": {"iam:PassedToService": "a.amazonaws.com"}})
    books = Books({"p": document(passing)})
    answer = ask(books, Question(SESSION, "iam:PassRole", ROLE, {"iam:PassedToService": "b.amazonaws.com"}))
    asked = "p/Pass asks for StringEquals iam:PassedToService [a.amazonaws.com], and the request "
    assert answer.nearly == (asked + "carries b.amazonaws.com",)
    assert ask(books, Question(SESSION, "iam:PassRole", ROLE, {"iam:PassedToService": None})).nearly == (
        asked + "does not carry that key",
    )


FROM_OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
LIST = Question(SESSION, "sqs:ListQueues")


def test_a_yes_that_hangs_on_a_key_nobody_here_knows_is_undecided() -> None:
    answer = ask(Books({"p": document(allow("sqs:*", Condition=FROM_OFFICE))}), LIST)
    assert (answer.allowed, answer.undecided) == (True, True)
    assert answer.unknown == ("condition key aws:SourceIp of sqs:ListQueues",)


def test_a_no_that_hangs_on_a_key_nobody_here_knows_is_undecided() -> None:
    answer = ask(Books({"p": document(allow("sqs:*"), deny("sqs:*", Condition=FROM_OFFICE))}), LIST)
    assert (answer.allowed, answer.undecided) == (True, True)


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals"])
def test_a_key_that_nobody_documents_is_met_by_no_operator(operator: str) -> None:
    typo = {operator: {"iam:PassedToServce": "lambda.amazonaws.com"}}
    answer = ask(
        Books({"p": document(allow("iam:PassRole", Condition=typo))}),
        Question(SESSION, "iam:PassRole", ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
    )
    assert answer.undecided
    assert answer.unknown == ("condition key iam:PassedToServce of iam:PassRole",)


def test_what_cannot_be_judged_and_decides_nothing_leaves_the_answer_alone() -> None:
    allowed_anyway = Books({"p": document(allow("sqs:*", Condition=FROM_OFFICE), allow("sqs:ListQueues"))})
    refused_anyway = Books({"p": document(allow("sqs:*", Condition=FROM_OFFICE), deny("sqs:*"))})
    assert [ask(books, LIST).undecided for books in (allowed_anyway, refused_anyway)] == [False, False]
    assert [ask(books, LIST).allowed for books in (allowed_anyway, refused_anyway)] == [True, False]


def test_a_key_the_action_does_not_take_is_not_there_on_aws_either() -> None:
    other = allow("sqs:*", Condition={"StringEquals": {"dynamodb:LeadingKeys": "me"}})
    answer = ask(Books({"p": document(other)}), LIST)
    assert (answer.allowed, answer.undecided) == (False, False)


def test_a_variable_nobody_here_knows_decides_nothing_in_silence() -> None:
    of_the_organisation = "arn:aws:sqs:eu-west-1:111122223333:${aws:PrincipalOrgID}-*"
    question = Question(SESSION, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:o-1-orders")
    assert ask(Books({"p": document(allow("sqs:*", of_the_organisation))}), question).undecided
    assert ask(Books({"p": document(allow("*"), deny("sqs:*", of_the_organisation))}), question).undecided
    assert not ask(Books({"p": document(allow("sqs:*", "*"))}), question).undecided
