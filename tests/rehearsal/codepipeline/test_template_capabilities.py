"""Which capabilities a template needs."""

from __future__ import annotations

import pytest

from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.codepipeline.template import (
    missing_capabilities,
    parameters,
    parse,
)

IAM, NAMED, EXPAND = "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"
SAM = "Transform: AWS::Serverless-2016-10-31\n"
FUNCTION = "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13}}}\n"
GIVEN_ROLE = "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Role: !ImportValue role, Runtime: x}}}\n"
NAMED_ROLE = "Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub '${A}-x'}}}\n"
PLAIN_ROLE = "Resources: {R: {Type: AWS::IAM::Role}}\n"
INCLUDE = """
Resources:
  Q:
    Type: AWS::SQS::Queue
    Properties:
      Tags: [!Transform {Name: AWS::Include, Parameters: {Location: x}}]
"""
QUEUE = "Resources: {Q: {Type: AWS::SQS::Queue}}\n"


@pytest.mark.parametrize(
    ("text", "settings", "missing"),
    [
        (QUEUE, [], []),
        (PLAIN_ROLE, [], [IAM]),
        (PLAIN_ROLE, [IAM], []),
        (PLAIN_ROLE, [NAMED], []),
        (NAMED_ROLE, [], [NAMED]),
        (NAMED_ROLE, [IAM], [NAMED]),
        (NAMED_ROLE, [NAMED], []),
        (SAM + QUEUE, [], [EXPAND]),
        (SAM + FUNCTION, [], [EXPAND, IAM]),
        (SAM + FUNCTION, [IAM, EXPAND], []),
        (SAM + GIVEN_ROLE, [EXPAND], []),
        (SAM + "Globals: {Function: {Role: arn}}\n" + FUNCTION, [EXPAND], []),
        (INCLUDE, [], [EXPAND]),
        (INCLUDE.replace("[!Transform {", "[{Fn::Transform: {").replace("}}]", "}}}]"), [], [EXPAND]),
        ("Resources: {Q: {Type: AWS::SQS::Queue, Properties: {Transform: x}}}", [], []),
        ("Resources: {C: {Type: AWS::Serverless::Connector}}", [], [IAM]),
        ("Resources: {P: {Type: AWS::IAM::Policy, Properties: {PolicyName: x}}}", [], [IAM]),
    ],
)
def test_what_is_missing(text: str, settings: list[str], missing: list[str]) -> None:
    assert missing_capabilities(parse(text), frozenset(settings)) == missing


def test_a_change_set_needs_no_leave_to_expand_macros() -> None:
    assert missing_capabilities(parse(SAM + QUEUE), frozenset(), expand=False) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"Parameters": {"A": {"Type": "String"}}, "Resources": {}}',
        "Parameters:\n  A: {Type: String, Default: 2026-01-02}\nResources: {}\n",
        "Parameters: {A: {Type: String}}\nResources: {}\nOutputs: {O: {Value: !If [C, !GetAtt A.B, !Ref X]}}\n",
        '{"Resources": {},\n\t"Parameters": {"A": {}}}',
    ],
)
def test_json_and_yaml_with_short_forms_are_templates(text: str) -> None:
    assert parameters(parse(text)) == {"A"}


@pytest.mark.parametrize(
    "text",
    ["", "a: [b", "[]", "Resources: []", "a\n\tb: c", "{" * 500, pytest.param("[" * 6_000, marks=pytest.mark.slow)],
)
def test_other_texts_are_not(text: str) -> None:
    with pytest.raises(TemplateError, match="Template format error"):
        parse(text)
