"""Names that are too long, and names CloudFormation cuts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.application.template import Template
from generator.application.translation import translate
from generator.aws_rules.limits import NAME_LENGTHS
from generator.checks.physical_names import PHYSICAL_NAMES
from generator.checks.translated import check_translated
from generator.document import Document
from generator.model.pipeline import Pipeline
from generator.rehearsal.iam.cloudformation_calls.types import KINDS

Pipelines = Callable[..., Pipeline]
Templates = Callable[..., Template]
Files = Callable[[str], Document]

_HEAD = "Transform: AWS::Serverless-2016-10-31\nParameters: {P: {Default: x}}\nConditions: {C: !Equals [!Ref P, y]}\n"
_CODE = "Handler: a.b, Runtime: python3.13, CodeUri: src"


@pytest.fixture
def lengths(pipeline: Pipelines, template: Templates, file: Files) -> Callable[..., list[str]]:
    """Checks an application and tests of these resources, with the stacks of these stages, as first lines."""

    def problems_of(resources: str, *, testing: str = "", stages: str = "beta, prod", **changes: str) -> list[str]:
        texts = ((f"{_HEAD}Resources:\n  {text}\n" if text else "") for text in (resources, testing))
        app, tests = (translate(template(text), {}) if text else None for text in texts)
        problems = check_translated(pipeline(file(f"stages: [{stages}]\n"), **changes), app, tests)
        return [str(problem).splitlines()[0] for problem in problems]

    return problems_of


def role(name: str) -> str:
    return f"R: {{Type: AWS::IAM::Role, Properties: {{RoleName: {name}, AssumeRolePolicyDocument: {{}}}}}}"


def test_a_name_that_is_too_long_is_said_once(lengths: Callable[..., list[str]]) -> None:
    name = f"!Sub '${{AWS::StackName}}-{'x' * 50}'"
    assert lengths(role(name)) == [
        f"app-sam.yaml:5:52: RoleName 'time-service-beta-{'x' * 39}...' of R has 68 characters; AWS takes 64"
    ]


@pytest.mark.parametrize("length", [46, 45])
def test_a_name_of_just_the_limit_is_fine(lengths: Callable[..., list[str]], length: int) -> None:
    assert lengths(role(f"!Sub '${{AWS::StackName}}-{'x' * length}'")) == []


@pytest.mark.parametrize(("length", "count"), [(55, 0), (56, 1)])
def test_a_region_counts_with_its_shortest_name(lengths: Callable[..., list[str]], length: int, count: int) -> None:
    assert len(lengths(role(f"!Sub '{'x' * length}${{AWS::Region}}'"), stages="beta")) == count


def test_what_only_a_launch_can_tell_is_left_alone(lengths: Callable[..., list[str]]) -> None:
    assert lengths(role(f"!Sub '${{Unknown}}{'x' * 70}'")) == []


def test_a_resource_that_is_never_there_has_no_name(lengths: Callable[..., list[str]]) -> None:
    assert lengths(role("x" * 70).replace("Properties:", "Condition: C, Properties:")) == []


def test_a_name_that_sam_makes_is_said_at_the_event(lengths: Callable[..., list[str]]) -> None:
    events = f"Events: {{{'B' * 40}: {{Type: ScheduleV2, Properties: {{ScheduleExpression: rate(1 day)}}}}}}"
    lines = lengths(
        f"{'A' * 30}: {{Type: AWS::Serverless::Function, Properties: {{{_CODE}, {events}}}}}", stages="beta"
    )
    [line] = [line for line in lines if "characters; AWS takes" in line]
    assert f"of {'A' * 30}{'B' * 40} has 70 characters; AWS takes 64" in line
    assert line.startswith("app-sam.yaml:5:")


def function(name: str) -> str:
    return f"{name}: {{Type: AWS::Serverless::Function, Properties: {{{_CODE}}}}}"


LONG = "prod: {stack: a-stack-of-more-than-25-characters}"


def test_a_stack_name_that_may_be_cut_is_warned_of(lengths: Callable[..., list[str]]) -> None:
    assert lengths(function("GetAllOrders"), stages=LONG) == [
        (
            "app-sam.yaml:4:1: warning: CloudFormation may cut the name of stack a-stack-of-more-than-25-characters in"
            " the names it makes for GetAllOrdersRole, and the deploy role may touch only what begins with"
            " 'a-stack-of-more-than-25-characters-'"
        )
    ]


def test_many_names_that_may_be_cut_are_one_warning(lengths: Callable[..., list[str]]) -> None:
    many = "\n  ".join(function(f"GetAllOrders{number}") for number in range(5))
    [line] = lengths(many, stages=LONG)
    assert "GetAllOrders0Role, GetAllOrders1Role, GetAllOrders2Role and 2 more" in line


@pytest.mark.parametrize("stages", ["prod: {stack: a-stack-of-25-characters-}", "beta"])
def test_a_short_stack_name_stays_whole_whatever_the_logical_id(lengths: Callable[..., list[str]], stages: str) -> None:
    assert lengths(function("A" * 60), stages=stages) == []


def test_short_names_together_are_not_cut(lengths: Callable[..., list[str]]) -> None:
    assert lengths(function("Get"), stages=LONG) == []


def test_a_fixed_name_is_not_cut(lengths: Callable[..., list[str]]) -> None:
    assert lengths(role("mine").replace("R:", f"{'R' * 40}:"), stages=LONG) == []


def test_the_tests_stack_is_looked_at_as_well(lengths: Callable[..., list[str]]) -> None:
    [line] = lengths("", testing=function("A" * 40), service="a-service-of-20-char")
    assert line.startswith(
        "app-sam.yaml:4:1: warning: CloudFormation may cut the name of stack a-service-of-20-char-tests"
    )


def test_every_length_belongs_to_a_name_that_something_looks_at() -> None:
    named = {kind.type for kind in KINDS.values() if kind.named.by}
    assert NAME_LENGTHS.keys() <= {*PHYSICAL_NAMES, *named, "AWS::CodePipeline::Pipeline"}
