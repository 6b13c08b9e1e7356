"""Macros a template needs and does not name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., list[str]]

_SAM = "Resources:\n  T: {Type: AWS::SNS::Topic}\n  F: {Type: AWS::Serverless::SimpleTable}\n"
_LOOP = "Resources:\n  Fn::ForEach::Topics: [Name, [A], {'T${Name}': {Type: AWS::SNS::Topic}}]\n"


def test_sams_types_need_sams_transform(check: Check) -> None:
    assert check(_SAM) == [
        (
            "app-sam.yaml:3:13: AWS::Serverless::SimpleTable needs SAM's transform, which the template does not name"
            " | add `Transform: AWS::Serverless-2016-10-31` at the top"
        )
    ]


@pytest.mark.parametrize(
    "head",
    [
        "Transform: AWS::Serverless-2016-10-31\n",
        "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n",
        "Fn::Transform: {Name: AWS::Serverless-2016-10-31}\n",
    ],
)
def test_sams_transform_may_be_named_in_any_way(check: Check, head: str) -> None:
    assert check(head + _SAM) == []


def test_loops_need_the_language_extensions(check: Check) -> None:
    assert check(_LOOP) == [
        (
            "app-sam.yaml:2:3: Fn::ForEach needs the transform AWS::LanguageExtensions, which the template does not"
            " name | add AWS::LanguageExtensions to `Transform`, before AWS::Serverless-2016-10-31"
        )
    ]
    assert check("Transform: AWS::LanguageExtensions\n" + _LOOP) == []


def test_plain_cloudformation_needs_none(check: Check) -> None:
    assert check("Resources:\n  T: {Type: AWS::SNS::Topic}\n") == []


@pytest.mark.parametrize("stated", ["OurMacro", "[AWS::Serverless-2016-10-31, OurMacro]", "[{Name: OurMacro}]"])
def test_a_macro_that_is_somebodys_own_is_named(check: Check, stated: str) -> None:
    [line] = check(f"Transform: {stated}\n")
    assert line.startswith("app-sam.yaml:1:12: warning: the macro 'OurMacro' must exist where the stack is deployed")


@pytest.mark.parametrize("stated", ["AWS::LanguageExtensions", "AWS::SecretsManager-2024-09-16"])
def test_a_macro_of_awss_is_nobodys_to_deploy(check: Check, stated: str) -> None:
    assert check(f"Transform: {stated}\n") == []
