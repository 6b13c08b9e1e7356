"""What differs between two templates: value in, value out."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws.differences import Difference, differences


def rows(was: Any, now: Any) -> list[tuple[str, str, Any, Any]]:
    """The differences between two sets of properties of one resource."""
    both = ({"Resources": {"R": {"Type": "AWS::X", "Properties": resources}}} for resources in (was, now))
    return [(difference.at, difference.kind, difference.was, difference.now) for difference in differences(*both)]


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ({"A": 1}, {"A": 2}, [("A", "changed", 1, 2)]),
        ({"A": 1}, {"A": "1"}, []),
        ({"A": True}, {"A": "true"}, []),
        ({}, {"A": 1}, [("A", "added", None, 1)]),
        ({"A": {"B": 1, "C": 2}}, {"A": {"B": 1}}, [("A.C", "removed", 2, None)]),
        ({"A": [1, 2]}, {"A": [2, 1]}, [("A", "changed", [1, 2], [2, 1])]),
        ({"A": {"Ref": "X"}}, {"A": {"Ref": "Y"}}, [("A", "changed", {"Ref": "X"}, {"Ref": "Y"})]),
        ({"A": [{"Name": "x", "V": 1}]}, {"A": [{"Name": "x", "V": 2}]}, [("A[x].V", "changed", 1, 2)]),
        ({"A": [{"V": 1}]}, {"A": [{"V": 1}, {"V": 2}]}, [("A[1]", "added", None, {"V": 2})]),
        (
            {"A": [{"Name": "x"}, {"Name": "y"}]},
            {"A": [{"Name": "y"}, {"Name": "x"}]},
            [("A (order)", "changed", ["x", "y"], ["y", "x"])],
        ),
    ],
)
def test_a_difference_is_told_where_it_is(was: Any, now: Any, expected: list[tuple[str, str, Any, Any]]) -> None:
    assert rows(was, now) == expected


def test_whole_resources_come_and_go() -> None:
    was = {"Resources": {"Old": {"Type": "AWS::X"}}}
    now = {"Resources": {"New": {"Type": "AWS::Y"}}}
    assert [*differences(was, now)] == [
        Difference("Resources", "New", "AWS::Y", "", "added", None, {"Type": "AWS::Y"}),
        Difference("Resources", "Old", "AWS::X", "", "removed", {"Type": "AWS::X"}, None),
    ]


def test_what_stands_beside_the_sections_counts_too() -> None:
    assert [difference.section for difference in differences({"Description": "a"}, {"Description": "b"})] == [
        "Description"
    ]
