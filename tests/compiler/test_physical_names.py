"""Names that an application gives its resources: each stage's role reaches those of its own stack, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.application.reader import parse
from generator.compiler.physical_names import DeployedTemplate, names, own_names, resources_of
from generator.compiler.pipeline import compile_file
from generator.model.iam import Statement
from generator.permissions.deploy_role import NamedResource
from generator.repository.files import Repository
from tests.permissions.grants import ACCOUNT, REGION, Role

_TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{{}}-orders"
_PARAMETERS = "Parameters: {Stage: {Type: String, Default: dev}, Owner: {Type: String}}\n"


def named(resource: str, more: str = "", stage: str = "beta") -> list[str]:
    """The names of a template with one resource, in a stage."""
    template = parse(f"{_PARAMETERS}{more}Resources:\n  It: {resource}\n", "app-sam.yaml")
    deployment = DeployedTemplate(template, f"${{ServiceName}}-{stage}", {"Stage": stage})
    return [name.name for name in names(deployment, resources_of(deployment)).values()]


def queue(name: str) -> str:
    return f"{{Type: AWS::SQS::Queue, Properties: {{QueueName: {name}}}}}"


def roles(tmp_path: Path, template: str, permissions: str) -> dict[str, tuple[Statement, ...]]:
    """What the role of each stack may do."""
    (tmp_path / "app-sam.yaml").write_text(template)
    file = tmp_path / "pipeline.yaml"
    file.write_text(
        "service: shop\nsource: {codecommit: {repository: shop}}\ntests: none\n"
        f"deploy_role: {permissions}\nstages: [beta, prod]\n"
    )
    (rights,) = compile_file(file, "pipeline.yaml", Repository(tmp_path)).pipeline.deploy_rights
    return {role.stack: (*rights.statements, *role.statements) for role in rights.roles}


@pytest.mark.parametrize("permissions", ["baseline", "exact"])
def test_a_stage_s_role_reaches_the_names_of_its_own_stage_alone(tmp_path: Path, permissions: str) -> None:
    table = "{Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub '${Stage}-orders'}}"
    of = roles(tmp_path, f"{_PARAMETERS}Resources:\n  Orders: {table}\n", permissions)
    beta = Role(of["${ServiceName}-beta"])
    assert beta.allows("dynamodb:CreateTable", _TABLE.format("beta"))
    assert beta.allows("dynamodb:DeleteTable", _TABLE.format("beta"))
    assert not beta.allows("dynamodb:CreateTable", _TABLE.format("prod"))
    assert Role(of["${ServiceName}-prod"]).allows("dynamodb:CreateTable", _TABLE.format("prod"))


def test_a_function_s_name_reaches_its_event_sources_and_its_role_is_passed(tmp_path: Path) -> None:
    function = "{Type: AWS::Serverless::Function, Properties: {FunctionName: !Sub '${Stage}-fn', InlineCode: pass}}"
    transform = "Transform: AWS::Serverless-2016-10-31\n"
    of = roles(tmp_path, f"{transform}{_PARAMETERS}Resources:\n  It: {function}\n", "baseline")
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:beta-fn"
    beta, prod = Role(of["${ServiceName}-beta"]), Role(of["${ServiceName}-prod"])
    assert beta.allows("lambda:AddPermission", arn)
    assert beta.allows("lambda:CreateEventSourceMapping", "*", {"lambda:FunctionArn": arn})
    assert not prod.allows("lambda:CreateEventSourceMapping", "*", {"lambda:FunctionArn": arn})


def test_names_that_begin_as_the_stack_s_need_no_statement_of_their_own(tmp_path: Path) -> None:
    template = f"{_PARAMETERS}Resources:\n  It: {queue('!Sub {}'.format('${AWS::StackName}-orders'))}\n"
    of = roles(tmp_path, template, "baseline")
    assert of["${ServiceName}-beta"] == of["${ServiceName}-prod"]


@pytest.mark.parametrize(
    ("name", "resolved"),
    [
        ("orders", "orders"),
        ("!Ref Stage", "beta"),
        ("!Sub '${Stage}-${AWS::Region}'", "beta-${AWS::Region}"),
        ("!Sub ['${A}-b', {A: !Ref Stage}]", "beta-b"),
        ("!Join ['-', [!Ref Stage, orders]]", "beta-orders"),
        ("!If [IsProd, prod-orders, !Sub '${Stage}-orders']", "beta-orders"),
        ("!FindInMap [Names, !Ref Stage, Queue]", "found"),
        ("!Ref Owner", "*"),
        ("!Sub '${Owner}-orders'", "*-orders"),
        ("!Join ['-', [!Ref Owner, orders]]", "*-orders"),
        ("!Select [0, !Split ['-', x-y]]", "*"),
    ],
)
def test_a_name_is_resolved_as_far_as_parameters_let_it(name: str, resolved: str) -> None:
    decided = "Conditions: {IsProd: !Equals [!Ref Stage, prod]}\nMappings: {Names: {beta: {Queue: found}}}\n"
    assert named(queue(name), decided) == [resolved]


@pytest.mark.parametrize("name", ["!If [IsProd, prod-orders, !Ref AWS::NoValue]", "!Ref AWS::NoValue"])
def test_no_value_is_no_name(name: str) -> None:
    decided = "Conditions: {IsProd: !Equals [!Ref Stage, prod]}\n"
    assert named(queue(name), decided) == []


def test_what_a_condition_leaves_out_of_a_stage_has_no_name_there() -> None:
    decided = "Conditions: {IsProd: !Equals [!Ref Stage, prod]}\n"
    resource = "{Type: AWS::SQS::Queue, Condition: IsProd, Properties: {QueueName: orders}}"
    assert named(resource, decided) == []
    assert named(resource, decided, "prod") == ["orders"]


def test_sam_is_asked_for_the_names_it_makes() -> None:
    transform = "Transform: AWS::Serverless-2016-10-31\n"
    schedule = "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}"
    properties = f"{{Runtime: python3.13, Handler: a.b, InlineCode: pass, Events: {{Tick: {schedule}}}}}"
    assert named(f"{{Type: AWS::Serverless::Function, Properties: {properties}}}", transform) == ["ItTick"]


def test_only_what_is_wholly_known_is_granted() -> None:
    template = parse(f"{_PARAMETERS}Resources:\n  It: {queue('!Ref Owner')}\n  Other: {queue('x')}\n", "app-sam.yaml")
    assert own_names(DeployedTemplate(template, "shop-beta", {})) == (NamedResource("AWS::SQS::Queue", "x"),)
