"""What the build knows about the launched deploy roles."""

from __future__ import annotations

import pytest

from generator.application.reader import parse
from generator.application.template import Template
from generator.compiler.build_coverage import variables
from generator.model.iam import DeployRights
from generator.permissions import coverage
from generator.permissions.corrections import BASELINE, SAM

FUNCTION = ("AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Events::Rule")


def covered_by(types: tuple[str, ...], text: str = "Resources: {}\n") -> tuple[str, str]:
    result = variables([DeployRights("DeployPolicy", (), (), types)], [template(text), None])
    return result["COVERED_TYPES"], result.get("UNCOVERED_WORDS", "")


def template(text: str) -> Template:
    return parse(text, "template.yaml")


def stopped(word: str, build_variables: tuple[str, str]) -> bool:
    """Whether a build with these variables stops a word, as its two greps do."""
    names, uncovered = build_variables
    is_type = "::" in word and not word.endswith(":")
    return not coverage.covers(names.split(), word) if is_type else word in uncovered.split()


def test_the_baseline_is_told_by_the_names_of_its_types_and_of_sams() -> None:
    assert covered_by(BASELINE) == (coverage.named((*BASELINE, *SAM)), "Route53:")


def test_of_an_existing_role_nothing_is_told() -> None:
    assert variables([], []) == {}


@pytest.mark.parametrize("word", ["AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"])
def test_what_takes_no_right_goes_on(word: str) -> None:
    assert not stopped(word, covered_by(FUNCTION))


@pytest.mark.parametrize("word", ["AWS::Serverless::Function", "AWS::Lambda::Function", "Schedule", "AlexaSkill"])
def test_what_exact_types_suffice_for_goes_on(word: str) -> None:
    assert not stopped(word, covered_by(FUNCTION))


@pytest.mark.parametrize(
    "word", ["AWS::Serverless::Api", "AWS::SQS::Queue", "SQS", "Api", "AutoPublishAlias:", "Custom::A"]
)
def test_what_exact_types_do_not_suffice_for_is_stopped(word: str) -> None:
    assert stopped(word, covered_by(FUNCTION))


def test_what_the_launched_templates_have_never_stops_a_build() -> None:
    text = """\
Globals: {Function: {AutoPublishAlias: live}}
Resources:
  Job:
    Type: AWS::Serverless::Function
    Properties: {DeadLetterQueue: {Type: SQS, TargetArn: a}}
  Own: {Type: AWS::Serverless::GraphQLApi}
"""
    launched = covered_by(FUNCTION, text)
    for word in ("AutoPublishAlias:", "SQS", "AWS::Serverless::GraphQLApi"):
        assert not stopped(word, launched)
    assert stopped("SNS", launched)


def test_what_is_granted_beyond_the_baseline_is_told_with_it() -> None:
    more = covered_by((*BASELINE, "AWS::Pipes::Pipe", "AWS::Route53::RecordSetGroup"))
    assert not stopped("AWS::Pipes::Pipe", more)
    assert not stopped("Route53:", more)
    assert stopped("AWS::Kinesis::Stream", more)
