"""Wildcards and variables in the texts of a policy."""

from __future__ import annotations

import pytest

from generator.rehearsal.iam.pattern import Scene, expand, literal, matches, matches_resource

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:shop-beta-Api"


def names(pattern: str, arn: str, **context: str) -> bool:
    pieces = expand(pattern, Scene({**context}))
    return pieces is not None and matches_resource(pieces, arn)


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("*", FUNCTION, True),
        ("*", "*", True),
        ("arn:aws:lambda:*:*:function:shop-*", FUNCTION, True),
        ("arn:aws:lambda:eu-west-?:111122223333:function:shop-beta-???", FUNCTION, True),
        ("arn:aws:lambda:eu-west-1:111122223333:function:SHOP-*", FUNCTION, False),
        ("arn:aws:lambda:*", FUNCTION, True),
        ("arn:aws:lambda:eu-*-1:111122223333:function:shop-*", FUNCTION, True),
        ("arn:aws:la*a:111122223333:function:shop-beta-Api", FUNCTION, False),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b:c.zip", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", False),
        ("arn:aws:s3:::bucket/a*c.zip", "arn:aws:s3:::bucket/a/b:c.zip", True),
        ("arn:aws:iam::111122223333:role/*", "*", False),
        (FUNCTION, "*", False),
    ],
)
def test_a_resource_is_named_by_its_segments(pattern: str, arn: str, *, expected: bool) -> None:
    assert names(pattern, arn) is expected


def test_the_value_of_a_variable_is_no_wildcard() -> None:
    pattern = "arn:aws:lambda:*:*:function:${aws:PrincipalTag/stack}-*"
    assert names(pattern, FUNCTION, **{"aws:principaltag/stack": "shop"})
    assert not names(pattern, FUNCTION, **{"aws:principaltag/stack": "*"})


def test_a_variable_without_a_value_takes_its_default() -> None:
    pattern = "arn:aws:lambda:*:*:function:${aws:PrincipalTag/stack, 'shop'}-*"
    assert names(pattern, FUNCTION)
    assert not names(pattern, FUNCTION, **{"aws:principaltag/stack": "other"})


def test_a_variable_without_a_value_matches_nothing_and_is_told() -> None:
    scene = Scene({})
    assert expand("${aws:username}/*", scene) is None
    assert scene.valueless == {"${aws:username} has no single value in this request"}


def test_a_key_of_several_values_is_no_variable() -> None:
    assert expand("${aws:TagKeys}", Scene({"aws:tagkeys": ("a", "b")})) is None


@pytest.mark.parametrize("character", ["*", "?", "$"])
def test_a_wildcard_can_be_meant_as_it_stands(character: str) -> None:
    pieces = expand(f"a${{{character}}}b", Scene({}))
    assert pieces is not None
    assert literal(pieces) == f"a{character}b"
    assert not matches(pieces, "axb")
