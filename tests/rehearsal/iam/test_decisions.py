"""Who must allow, and what a Deny does: the cases of AWS's page on the evaluation logic."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.evaluation import decide
from generator.rehearsal.iam.inputs import Inputs
from generator.rehearsal.iam.question import (
    BOUNDARY,
    IDENTITY,
    RESOURCE,
    Answer,
    Place,
    Question,
)
from generator.rehearsal.iam.question import SESSION as SESSION_POLICY
from tests.rehearsal.iam.fake_directory import (
    ACCOUNT,
    ROLE,
    ROOT,
    SESSION,
    USER,
    FakeDirectory,
    allow,
    deny,
    document,
)

TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/shop"
READ = Question(SESSION, "dynamodb:GetItem", TABLE)


def ask(directory: FakeDirectory, question: Question = READ) -> Answer:
    return Authority(directory).ask(question)


def named(*arns: str, **more: Any) -> dict[str, Any]:
    return allow("dynamodb:*", Principal={"AWS": list(arns)}, **more)


YES = document(allow("dynamodb:Get*", TABLE, Sid="Read"))
NO = document(allow("s3:*"))


@pytest.mark.parametrize(
    ("directory", "refused_by"),
    [
        (FakeDirectory(), IDENTITY),
        (FakeDirectory({"a": NO}), IDENTITY),
        (FakeDirectory({"a": YES}), ""),
        (FakeDirectory({"a": NO, "b": YES}), ""),
        (FakeDirectory({"a": YES, "b": document(deny("*"))}), IDENTITY),
        (FakeDirectory({"a": document(allow("DynamoDB:getitem"))}), ""),
        (FakeDirectory({"a": document({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"})}), ""),
        (FakeDirectory({"a": document({"Effect": "Allow", "NotAction": "dynamodb:*", "Resource": "*"})}), IDENTITY),
        (FakeDirectory({"a": document({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::*"})}), ""),
        (FakeDirectory({"a": document({"Effect": "Allow", "Action": "*", "NotResource": TABLE})}), IDENTITY),
        (FakeDirectory({"a": YES}, boundary=YES), ""),
        (FakeDirectory({"a": YES}, boundary=NO), BOUNDARY),
        (FakeDirectory({"a": NO}, boundary=YES), IDENTITY),
        (FakeDirectory({"a": YES}, boundary=document(allow("*"), deny("dynamodb:*"))), BOUNDARY),
        (FakeDirectory({"a": YES}, session=NO), SESSION_POLICY),
        (FakeDirectory({"a": YES}, boundary=YES, session=YES), ""),
    ],
)
def test_a_principal_needs_its_own_policies_and_every_limit(directory: FakeDirectory, refused_by: str) -> None:
    answer = ask(directory)
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


@pytest.mark.parametrize(
    ("directory", "refused_by"),
    [
        (FakeDirectory(own_policy=document(named(SESSION))), ""),
        (FakeDirectory(own_policy=document(named(ROLE))), ""),
        (FakeDirectory(own_policy=document(allow("*", Principal="*"))), ""),
        (FakeDirectory(own_policy=document(named(ACCOUNT))), IDENTITY),
        (FakeDirectory(own_policy=document(named(ROOT))), IDENTITY),
        (FakeDirectory(own_policy=document(named(USER))), IDENTITY),
        (FakeDirectory({"a": YES}, own_policy=document(named(USER))), ""),
        (FakeDirectory({"a": YES}, own_policy=document(deny("*", Principal="*"))), RESOURCE),
        (FakeDirectory({"a": YES}, own_policy=document(deny("*", NotPrincipal={"AWS": [ROLE, SESSION, ROOT]}))), ""),
        (FakeDirectory({"a": YES}, own_policy=document(deny("*", NotPrincipal={"AWS": [ROLE]}))), RESOURCE),
        # A limit narrows what a resource gives a role, and not what it gives a session or a user by name.
        (FakeDirectory(boundary=NO, own_policy=document(named(ROLE))), IDENTITY),
        (FakeDirectory(boundary=NO, own_policy=document(named(SESSION))), ""),
        (FakeDirectory(session=NO, own_policy=document(named(SESSION))), ""),
    ],
)
def test_within_an_account_the_resource_may_allow_by_itself(directory: FakeDirectory, refused_by: str) -> None:
    answer = ask(directory)
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


@pytest.mark.parametrize(
    ("directory", "refused_by"),
    [
        (FakeDirectory({"a": YES}, own_policy=document(named(USER)), required=True), RESOURCE),
        (FakeDirectory({"a": YES}, own_policy=document(named(ROOT)), required=True), ""),
        (FakeDirectory({"a": NO}, own_policy=document(named(ROOT)), required=True), IDENTITY),
        (FakeDirectory({"a": NO}, own_policy=document(named(ROLE)), required=True), ""),
    ],
)
def test_a_key_policy_must_allow_or_leave_it_to_the_account(directory: FakeDirectory, refused_by: str) -> None:
    answer = ask(directory)
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


@pytest.mark.parametrize(
    ("directory", "refused_by"),
    [
        (FakeDirectory({"a": YES}, owner="444455556666", own_policy=document(named(ROLE))), ""),
        (FakeDirectory({"a": NO}, owner="444455556666", own_policy=document(named(ROLE))), IDENTITY),
        (FakeDirectory({"a": YES}, owner="444455556666", own_policy=document(named(USER))), RESOURCE),
    ],
)
def test_between_accounts_both_must_allow(directory: FakeDirectory, refused_by: str) -> None:
    answer = ask(directory)
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


def test_a_service_is_judged_by_the_resource_alone() -> None:
    rule = f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/tick"
    lets = allow(
        "lambda:InvokeFunction",
        Principal={"Service": "events.amazonaws.com"},
        Condition={"ArnLike": {"AWS:SourceArn": rule}},
    )
    directory = FakeDirectory({"a": document(allow("*"))}, own_policy=document(lets))
    called = Question("events.amazonaws.com", "lambda:InvokeFunction", "arn:aws:lambda:::f", {"aws:SourceArn": rule})
    assert ask(directory, called).allowed
    from_elsewhere = Question("events.amazonaws.com", "lambda:InvokeFunction", "f", {"aws:SourceArn": rule + "2"})
    assert ask(directory, from_elsewhere).policy_type == RESOURCE
    assert ask(FakeDirectory({"a": document(allow("*"))}), called).policy_type == RESOURCE


def test_the_root_of_an_account_needs_no_policy_and_meets_every_deny_of_a_resource() -> None:
    assert ask(FakeDirectory(), Question(ROOT, "s3:GetObject", "arn:aws:s3:::b/k")).allowed
    closed = FakeDirectory(own_policy=document(deny("s3:*", Principal="*")))
    assert not ask(closed, Question(ROOT, "s3:GetObject", "arn:aws:s3:::b/k")).allowed


def test_a_role_reaches_what_its_tag_names() -> None:
    scoped = document(allow("lambda:*", f"arn:aws:lambda:*:{ACCOUNT}:function:${{aws:PrincipalTag/stack}}-*"))
    directory = FakeDirectory({"a": scoped}, tags={"stack": "shop-beta"})
    mine = Question(SESSION, "lambda:UpdateFunctionCode", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-beta-Api")
    theirs = Question(SESSION, "lambda:UpdateFunctionCode", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-prod-A")
    assert ask(directory, mine).allowed
    assert not ask(directory, theirs).allowed
    assert ask(FakeDirectory({"a": scoped}), mine).unknown == (
        "${aws:PrincipalTag/stack} has no single value in this request",
    )


def test_a_policy_of_the_old_version_knows_no_variables() -> None:
    own = document(allow("s3:*", "arn:aws:s3:::b/${aws:username}/*"), version="2008-10-17")
    assert not ask(FakeDirectory({"a": own}), Question(USER, "s3:GetObject", "arn:aws:s3:::b/jo/x")).allowed
    assert ask(FakeDirectory({"a": own}), Question(USER, "s3:GetObject", "arn:aws:s3:::b/${aws:username}/x")).allowed


def test_an_answer_names_every_statement_that_allowed() -> None:
    directory = FakeDirectory({"a": YES, "b": document(allow("s3:*"), allow("dynamodb:*"))})
    assert ask(directory).decided_by == (Place(ROLE, "a", 0, "Read"), Place(ROLE, "b", 1))
    assert ask(directory).why == "allowed by a/Read, b/statement 2"


def test_a_refusal_is_worded_as_by_aws() -> None:
    start = f"User: {SESSION} is not authorized to perform: dynamodb:GetItem on resource: {TABLE} "
    assert ask(FakeDirectory()).why == start + "because no identity-based policy allows the dynamodb:GetItem action"
    refused = ask(FakeDirectory({"a": YES, "b": document(deny("*", Sid="Never"))}))
    assert refused.why == start + "with an explicit deny in an identity-based policy"
    assert (refused.explicit, refused.decided_by) == (True, (Place(ROLE, "b", 0, "Never"),))


def test_a_refusal_says_which_condition_failed() -> None:
    passing = allow("iam:PassRole", Sid="Pass", Condition={"StringEquals": {"iam:PassedToService": "a.amazonaws.com"}})
    directory = FakeDirectory({"p": document(passing)})
    answer = ask(directory, Question(SESSION, "iam:PassRole", ROLE, {"iam:PassedToService": "b.amazonaws.com"}))
    asked = "p/Pass asks for StringEquals iam:PassedToService [a.amazonaws.com], and the request "
    assert answer.nearly == (asked + "carries b.amazonaws.com",)
    assert ask(directory, Question(SESSION, "iam:PassRole", ROLE, {"iam:PassedToService": None})).nearly == (
        asked + "does not carry that key",
    )


FROM_OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
LIST = Question(SESSION, "sqs:ListQueues")


def test_a_yes_that_hangs_on_a_key_nobody_here_knows_is_undecided() -> None:
    answer = ask(FakeDirectory({"p": document(allow("sqs:*", Condition=FROM_OFFICE))}), LIST)
    assert (answer.allowed, answer.undecided) == (True, True)
    assert answer.unknown == ("condition key aws:SourceIp of sqs:ListQueues",)


def test_a_no_that_hangs_on_a_key_nobody_here_knows_is_undecided() -> None:
    answer = ask(FakeDirectory({"p": document(allow("sqs:*"), deny("sqs:*", Condition=FROM_OFFICE))}), LIST)
    assert (answer.allowed, answer.undecided) == (True, True)


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals"])
def test_a_key_that_nobody_documents_is_met_by_no_operator(operator: str) -> None:
    typo = {operator: {"iam:PassedToServce": "lambda.amazonaws.com"}}
    answer = ask(
        FakeDirectory({"p": document(allow("iam:PassRole", Condition=typo))}),
        Question(SESSION, "iam:PassRole", ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
    )
    assert answer.undecided
    assert answer.unknown == ("condition key iam:PassedToServce of iam:PassRole",)


def test_what_cannot_be_judged_and_decides_nothing_leaves_the_answer_alone() -> None:
    allowed_anyway = FakeDirectory({"p": document(allow("sqs:*", Condition=FROM_OFFICE), allow("sqs:ListQueues"))})
    refused_anyway = FakeDirectory({"p": document(allow("sqs:*", Condition=FROM_OFFICE), deny("sqs:*"))})
    assert [ask(directory, LIST).undecided for directory in (allowed_anyway, refused_anyway)] == [False, False]
    assert [ask(directory, LIST).allowed for directory in (allowed_anyway, refused_anyway)] == [True, False]


def test_a_key_the_action_does_not_take_is_not_there_on_aws_either() -> None:
    other = allow("sqs:*", Condition={"StringEquals": {"dynamodb:LeadingKeys": "me"}})
    answer = ask(FakeDirectory({"p": document(other)}), LIST)
    assert (answer.allowed, answer.undecided) == (False, False)


def test_a_variable_nobody_here_knows_decides_nothing_in_silence() -> None:
    of_the_organisation = "arn:aws:sqs:eu-west-1:111122223333:${aws:PrincipalOrgID}-*"
    question = Question(SESSION, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:o-1-orders")
    assert ask(FakeDirectory({"p": document(allow("sqs:*", of_the_organisation))}), question).undecided
    assert ask(FakeDirectory({"p": document(allow("*"), deny("sqs:*", of_the_organisation))}), question).undecided
    assert not ask(FakeDirectory({"p": document(allow("sqs:*", "*"))}), question).undecided


THEIRS = "444455556666"
THEIR_TABLE = TABLE.replace(ACCOUNT, THEIRS)
ALL = document(allow("*"))


@pytest.mark.parametrize(
    ("directory", "refused_by"),
    [
        # What has no policy of its own is its account's alone.
        (FakeDirectory({"a": ALL}, owner=THEIRS, own_policy=document()), RESOURCE),
        (FakeDirectory({"a": ALL}, owner=THEIRS, own_policy=document(named(ROOT))), ""),
        (FakeDirectory({"a": NO}, owner=THEIRS, own_policy=document(named(ROOT))), IDENTITY),
        # Between accounts the session that is named needs its own policies as well.
        (FakeDirectory({"a": NO}, owner=THEIRS, own_policy=document(named(SESSION))), IDENTITY),
        (FakeDirectory({"a": NO}, owner=THEIRS, own_policy=document(allow("*", Principal="*"))), IDENTITY),
        (FakeDirectory({"a": ALL}, owner=THEIRS, own_policy=document(allow("*", Principal="*"))), ""),
        (FakeDirectory({"a": ALL}, boundary=NO, owner=THEIRS, own_policy=document(named(ROLE))), BOUNDARY),
        (FakeDirectory({"a": ALL}, session=NO, owner=THEIRS, own_policy=document(named(ROLE))), SESSION_POLICY),
        (FakeDirectory({"a": ALL}, owner=THEIRS, own_policy=document(named(ROLE), deny("*", Principal="*"))), RESOURCE),
    ],
)
def test_a_resource_of_another_account_is_reached_only_if_both_accounts_allow(
    directory: FakeDirectory, refused_by: str
) -> None:
    answer = ask(directory, Question(SESSION, "dynamodb:GetItem", THEIR_TABLE))
    assert (answer.allowed, answer.policy_type) == (not refused_by, refused_by)


def test_the_root_of_an_account_is_let_in_by_another_account_like_anybody() -> None:
    call = Question(ROOT, "dynamodb:GetItem", THEIR_TABLE)
    assert ask(FakeDirectory(owner=THEIRS, own_policy=document()), call).policy_type == RESOURCE
    assert ask(FakeDirectory(owner=THEIRS, own_policy=document(named(ROOT))), call).allowed


def test_a_role_of_another_account_is_passed_to_nobody() -> None:
    role = f"arn:aws:iam::{THEIRS}:role/deploy"
    theirs = FakeDirectory({"a": ALL}, owner=THEIRS, own_policy=document())
    answer = ask(theirs, Question(SESSION, "iam:PassRole", role))
    assert (answer.allowed, answer.why) == (False, "Cross-account pass role is not allowed.")
    assert ask(FakeDirectory({"a": ALL}), Question(SESSION, "iam:PassRole", ROLE)).allowed


@given(st.data())
def test_between_accounts_every_statement_that_lets_somebody_in_is_needed(data: st.DataObject) -> None:
    """Whatever the principal and the condition: without the owner's statement, or without the caller's, it is a no."""
    named_as = data.draw(st.sampled_from([ROLE, SESSION, ROOT, ACCOUNT, "*"]))
    condition = data.draw(
        st.sampled_from(
            [
                {},
                {"ArnLike": {"aws:PrincipalArn": f"{ROLE[:-2]}*"}},
                {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
            ]
        )
    )
    own = allow("dynamodb:*", Principal={"AWS": named_as}, Condition=condition, Sid="Theirs")
    directory = FakeDirectory({"a": YES_THERE}, owner=THEIRS, own_policy=document(own))
    question = Question(SESSION, "dynamodb:GetItem", THEIR_TABLE)
    principal = directory.policies_of(SESSION)
    keys = {key.lower(): value for key, value in principal.keys.items()}
    inputs = Inputs(principal, directory.resource_policy(question), keys)
    assert decide(question, inputs).allowed
    for place, kind in ((Place(THEIR_TABLE, "own", 0, "Theirs"), RESOURCE), (Place(ROLE, "a", 0, "Read"), IDENTITY)):
        answer = decide(question, inputs.without(place))
        assert (answer.allowed, answer.policy_type) == (False, kind)
        assert answer.why.startswith(f"User: {SESSION} is not authorized to perform: dynamodb:GetItem on resource: arn")


YES_THERE = document(allow("dynamodb:Get*", THEIR_TABLE, Sid="Read"))
