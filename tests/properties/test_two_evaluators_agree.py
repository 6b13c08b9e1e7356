"""Our evaluator and ministack's, written apart from each other, answer alike wherever both are defined."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ministack.core import iam_evaluator

from generator.rehearsal.iam.evaluation import decide
from generator.rehearsal.iam.inputs import Inputs
from generator.rehearsal.iam.policies import PrincipalPolicies, ResourcePolicy
from generator.rehearsal.iam.policy import read
from generator.rehearsal.iam.principals import Names
from generator.rehearsal.iam.question import Question

ACCOUNT = "111122223333"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"

_ACTIONS = ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]
_PATTERNS = [*_ACTIONS, "s3:*", "*", "S3:get*", "sqs:?endMessage"]
_RESOURCES = ["arn:aws:s3:::b/k", "arn:aws:s3:::b", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"]
_NAMES = [*_RESOURCES, "*", "arn:aws:s3:::b/*", "arn:aws:sqs:*:*:?", "arn:aws:*"]
# Left out: variables and the ARN operators by segment, which ministack lacks, and negated operators with a
# quantifier for keys that are not there, which it answers otherwise than AWS's page.
_OPERATORS = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "Bool"]
_SETS = ["ForAllValues:StringEquals", "ForAnyValue:StringLike"]
_VALUES = ["a", "b", "true", "A"]


def _some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


_CONDITION = st.dictionaries(
    st.sampled_from([*_OPERATORS, "StringEqualsIfExists", "StringNotEqualsIfExists", "Null", *_SETS]),
    st.dictionaries(
        st.sampled_from(["aws:RequestTag/One", "AWS:RequestTag/other"]),
        _some([*_VALUES, "*", "a*"]),
        min_size=1,
        max_size=2,
    ),
    max_size=2,
)


@st.composite
def _statements(draw: st.DrawFn, *, of_a_resource: bool = False) -> dict[str, Any]:
    action, resource = (
        draw(st.sampled_from(["Action", "NotAction"])),
        draw(st.sampled_from(["Resource", "NotResource"])),
    )
    statement: dict[str, Any] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        action: draw(_some(_PATTERNS)),
        resource: draw(_some(_NAMES)),
        "Condition": draw(_CONDITION),
    }
    if of_a_resource:
        statement["Principal"] = {"AWS": draw(_some([SESSION, ROLE, ACCOUNT, "*", "444455556666"]))}
    return statement


def _documents(*, of_a_resource: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    statements = st.lists(_statements(of_a_resource=of_a_resource), min_size=1, max_size=3)
    return st.fixed_dictionaries({"Version": st.just("2012-10-17"), "Statement": statements})


_context = st.fixed_dictionaries(
    {}, optional={"aws:requesttag/one": st.sampled_from(_VALUES), "aws:requesttag/other": st.just("a")}
)


@settings(max_examples=300, deadline=None)
@given(
    policies=st.lists(_documents(), max_size=3),
    boundary=st.none() | _documents(),
    own=st.none() | _documents(of_a_resource=True),
    asked=st.tuples(st.sampled_from(_ACTIONS), st.sampled_from(_RESOURCES), _context),
    required=st.booleans(),
)
def test_both_allow_and_refuse_the_same(
    *,
    policies: list[dict[str, Any]],
    boundary: dict[str, Any] | None,
    own: dict[str, Any] | None,
    asked: tuple[str, str, dict[str, str]],
    required: bool,
) -> None:
    action, resource, context = asked
    held = PrincipalPolicies(
        Names(SESSION, ROLE, ACCOUNT),
        tuple(read(document, ROLE, str(index)) for index, document in enumerate(policies)),
        boundary=None if boundary is None else (read(boundary, ROLE, "boundary"),),
    )
    its = None if own is None else ResourcePolicy((read(own, resource, "own"),), ACCOUNT, required)
    ours = decide(Question(SESSION, action, resource, context), Inputs(held, its, context))
    theirs = _of_ministack(policies, boundary, (own, required), asked)
    assert ours.allowed == (theirs == "Allow")


def _of_ministack(
    policies: list[dict[str, Any]],
    boundary: dict[str, Any] | None,
    own: tuple[dict[str, Any] | None, bool],
    asked: tuple[str, str, dict[str, str]],
) -> str:
    action, resource, keys = asked
    context = iam_evaluator.EvalContext(SESSION, "AssumedRole", ACCOUNT, action, resource, "eu-west-1")
    context.service_context = keys
    limits = [] if boundary is None else [[iam_evaluator.parse_policy_document(boundary)]]
    read_so = [iam_evaluator.parse_policy_document(document) for document in policies]
    identity = iam_evaluator.evaluate(context, read_so, *limits)
    if own[0] is None:
        return str(identity.decision)
    policy = iam_evaluator.combine_resource_policy(identity, context, own[0], ACCOUNT, own[1], tuple(limits))
    return str(policy.decision)
