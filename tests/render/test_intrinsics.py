"""Texts become the shortest intrinsic that says the same."""

from __future__ import annotations

from typing import Any

import pytest

from generator.model.text import literal
from generator.render.intrinsics import intrinsic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("${ServiceName}", {"Ref": "ServiceName"}),
        ("${AWS::Region}", {"Ref": "AWS::Region"}),
        ("${Bucket.Arn}", {"Fn::GetAtt": ["Bucket", "Arn"]}),
        ("${Bucket.Arn}/*", {"Fn::Sub": "${Bucket.Arn}/*"}),
        ("a-${B}", {"Fn::Sub": "a-${B}"}),
        (literal("echo ${HOME}"), "echo ${HOME}"),
        (literal("${HOME}") + "${A}", {"Fn::Sub": "${!HOME}${A}"}),
        (["${A}", 1, True], [{"Ref": "A"}, 1, True]),
        ({"Key": {"Inner": "${A}"}}, {"Key": {"Inner": {"Ref": "A"}}}),
        ({"Ref": "A"}, {"Ref": "A"}),
        ({"Fn::If": ["C", "${A}", "b"]}, {"Fn::If": ["C", {"Ref": "A"}, "b"]}),
        ({"Fn::Sub": ["${x}y", {"x": "${A.B}"}]}, {"Fn::Sub": ["${x}y", {"x": {"Fn::GetAtt": ["A", "B"]}}]}),
    ],
)
def test_a_text_becomes_an_intrinsic(text: Any, expected: Any) -> None:
    assert intrinsic(text) == expected
