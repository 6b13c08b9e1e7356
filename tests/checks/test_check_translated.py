"""What can only be seen after SAM's transform."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.application.template import Template
from generator.application.translation import translate
from generator.checks.translated import check_translated
from generator.document import Document
from generator.model.pipeline import Pipeline

Pipelines = Callable[..., Pipeline]
Templates = Callable[..., Template]
Files = Callable[[str], Document]
Translated = Callable[..., list[str]]

_HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"


@pytest.fixture
def translated(pipeline: Pipelines, template: Templates, file: Files) -> Translated:
    """Checks the translated templates of these texts (empty: none), each problem as its first line and its hint."""

    def problems_of(app: str = "", *, testing: str = "", stages: str = "stages: [beta, prod]\n") -> list[str]:
        pair = (template(text, path) if text else None for text, path in ((app, "app.yaml"), (testing, "test.yaml")))
        both = [translate(read_back, {}) if read_back else None for read_back in pair]
        problems = check_translated(pipeline(file(stages)), both[0], both[1])
        return [f"{str(problem).splitlines()[0]} | {problem.hint}" for problem in problems]

    return problems_of


def _functions(count: int) -> str:
    function = "{Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.13, CodeUri: src}}"
    return _HEAD + "".join(f"  F{number}: {function}\n" for number in range(count))


def test_500_resources_are_fine(translated: Translated) -> None:
    assert translated(_functions(250)) == []


def test_more_than_500_resources_after_sam_are_refused(translated: Translated) -> None:
    assert translated(_functions(251)) == [
        (
            "app.yaml:2:1: the stack has 502 resources, 251 of them made by SAM; CloudFormation takes 500"
            " | move some to a nested stack (AWS::CloudFormation::Stack or AWS::Serverless::Application)"
        )
    ]


def test_the_tests_stack_is_counted_as_well(translated: Translated) -> None:
    topics = "Resources:\n" + "".join(f"  T{number}: {{Type: AWS::SNS::Topic}}\n" for number in range(501))
    [line] = translated(testing=topics)
    assert line.startswith("test.yaml:1:1: the stack has 501 resources; CloudFormation takes 500 | ")


def test_what_sam_refuses_is_a_problem(translated: Translated) -> None:
    assert translated(_HEAD + "  F: {Type: AWS::Serverless::Function}\n") == [
        (
            "app.yaml:3:3: SAM: Resource with id [F] is invalid."
            " Runtime and Handler needs to be present when PackageType is of type `Zip` | "
        )
    ]


_SCHEDULE = """  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      CodeUri: src
      Events:
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day), Name: NAME}}
"""


def test_a_fixed_name_of_what_sam_makes_collides_at_its_maker(translated: Translated) -> None:
    assert translated(_HEAD + _SCHEDULE.replace("NAME", "daily")) == [
        (
            "app.yaml:10:9: Name 'daily' of FDaily is the same in stages beta and prod | it is unique in a region of an"
            " account; let the name contain ${AWS::StackName}"
        )
    ]


_SCHEDULE_V2 = _SCHEDULE.replace("Schedule, Properties: {Schedule", "ScheduleV2, Properties: {ScheduleExpression")


def test_the_name_sam_itself_gives_to_a_schedule_collides(translated: Translated) -> None:
    assert translated(_HEAD + _SCHEDULE_V2.replace(", Name: NAME", "")) == [
        (
            "app.yaml:10:9: Name 'FDaily' of FDaily is the same in stages beta and prod | it is unique in its group of"
            " schedules; let the name contain ${AWS::StackName}, or say `OmitName: true`"
        )
    ]


@pytest.mark.parametrize(
    "rest",
    [", OmitName: true", ", Name: !Sub '${AWS::StackName}-daily'", ", GroupName: !Ref Group"],
)
def test_a_schedule_with_a_name_or_group_that_varies_is_fine(translated: Translated, rest: str) -> None:
    assert translated(_HEAD + _SCHEDULE_V2.replace(", Name: NAME", rest)) == []


def test_a_schedule_in_a_fixed_group_collides(translated: Translated) -> None:
    [line] = translated(_HEAD + _SCHEDULE_V2.replace(", Name: NAME", ", GroupName: nightly"))
    assert line.startswith("app.yaml:10:9: Name 'nightly/FDaily' of FDaily is the same in stages beta and prod | ")


@pytest.mark.parametrize("name", ["!Sub '${AWS::StackName}-daily'", "!Ref Unknown"])
def test_a_name_that_varies_is_fine(translated: Translated, name: str) -> None:
    assert translated(_HEAD + _SCHEDULE.replace("NAME", name)) == []


def test_a_name_the_template_spells_out_is_left_to_the_other_check(translated: Translated) -> None:
    app = _HEAD + "  T: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: times}}\n"
    assert translated(app) == []


def test_without_templates_there_is_nothing_to_say(translated: Translated) -> None:
    assert translated() == []
