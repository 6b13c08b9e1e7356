"""A build stops a name that the launched deploy role does not reach, before anything is deployed."""

from __future__ import annotations

import json

import pytest
from names import NAMES, uncovered
from names import written as as_the_build_writes

from generator.application.reader import parse
from generator.application.template import Template
from generator.compiler.build_coverage import variables, written
from generator.model.iam import DeployRights
from generator.model.text import resolved
from generator.permissions import coverage
from generator.permissions.resource_names import NAMED
from tests.buildspecs.builds import Build, run
from tests.buildspecs.conftest import Repository

HEAD = "Parameters: {Stage: {Type: String}}\nResources:\n  Jobs: {Type: AWS::SQS::Queue}\n"


def with_queue(name: str) -> str:
    return f"{HEAD}  It: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {name}}}}}\n"


def launched(text: str, *, wide: bool = False) -> str:
    """What the build is told once this template was launched; empty: nothing."""
    rights = [DeployRights("DeployPolicy", (), (), (), wide)]
    templates: list[Template | None] = [parse(text, "template.yaml"), None]
    return resolved(variables(rights, templates).get(coverage.NAMES_VARIABLE, ""), "shop")


def stopped(text: str, before: str = HEAD) -> list[str]:
    return [name for _, name in uncovered(text, launched(before).split())]


def test_a_new_name_is_stopped_and_one_that_was_launched_is_not() -> None:
    template = with_queue("!Sub '${Stage}-orders'")
    assert stopped(template) == ["QueueName=${Stage}-orders"]
    assert stopped(template, template) == []


@pytest.mark.parametrize(
    "name",
    [
        "orders",
        "!Ref Stage",
        "{Ref: Stage}",
        "!Sub '${Stage}-a b'",
        "!Join ['-', [!Ref Stage, orders, 3]]",
        "!If [On, !Ref Stage, !Ref 'AWS::NoValue']",
        "{'Fn::FindInMap': [Names, !Ref Stage, Queue]}",
    ],
)
def test_any_way_to_write_a_name_is_known_again(name: str) -> None:
    assert len(stopped(with_queue(name))) == 1
    assert stopped(with_queue(name), with_queue(name)) == []


@pytest.mark.parametrize(
    "resource",
    [
        "{Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${AWS::StackName}-orders'}}",
        "{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${AWS::StackName}-fn'}}",
        "{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Jobs}'}}",
        "{Type: AWS::SSM::Parameter, Properties: {Name: !Sub '/${AWS::StackName}/level'}}",
        "{Type: AWS::SQS::Queue}",
        "{Type: AWS::Serverless::HttpApi, Properties: {Name: shop}}",
    ],
)
def test_what_the_stack_s_name_begins_is_never_stopped(resource: str) -> None:
    assert stopped(f"{HEAD}  It: {resource}\n") == []


@pytest.mark.parametrize(
    "resource",
    [
        "{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Stage}'}}",
        "{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/${AWS::StackName}/app'}}",
        "{Type: AWS::Serverless::Function, Properties: {FunctionName: !Sub '${Stage}-fn'}}",
    ],
)
def test_what_only_looks_like_it_is_stopped(resource: str) -> None:
    assert len(stopped(f"{HEAD}  It: {resource}\n")) == 1


def test_a_dashboard_without_a_name_is_called_unlike_its_stack() -> None:
    template = f"{HEAD}  It: {{Type: AWS::CloudWatch::Dashboard, Properties: {{DashboardBody: x}}}}\n"
    assert stopped(template) == ["DashboardName="]
    assert stopped(template, template) == []


def test_roles_that_reach_any_name_stop_none() -> None:
    assert launched(with_queue("orders"), wide=True) == ""


def test_the_build_knows_the_types_that_have_names() -> None:
    sam = {"AWS::Serverless::Function": "FunctionName", "AWS::Serverless::SimpleTable": "TableName"}
    assert {kind: naming.name for kind, naming in NAMED.items()} | sam == NAMES


def test_both_sides_write_a_name_alike() -> None:
    value = {"Fn::Join": ["", [{"Ref": "Stage"}, "x"]]}
    assert written(json.loads(json.dumps(value))) == as_the_build_writes(value)


def test_the_build_fails_and_says_what_helps(repository: Repository) -> None:
    environment = {coverage.NAMES_VARIABLE: launched(HEAD)}
    done = run(Build(environment), repository({"app-sam.yaml": with_queue("!Sub '${Stage}-orders'")}))
    assert done.status != 0
    assert "app-sam.yaml: the launched deploy role does not reach QueueName ${Stage}-orders of It\n" in done.log
    assert "penstock launch, with this commit" in done.log
    assert not done.of("aws")


def test_names_of_nested_stacks_are_looked_at_in_their_own_files(repository: Repository) -> None:
    stack = "Resources: {Store: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/store.yaml}}}\n"
    files = {"app-sam.yaml": stack, "nested/store.yaml": with_queue("orders")}
    done = run(Build({coverage.NAMES_VARIABLE: launched(HEAD)}), repository(files))
    assert done.status != 0
    assert "nested/store.yaml: the launched deploy role does not reach QueueName orders of It\n" in done.log
