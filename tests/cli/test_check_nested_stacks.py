"""`check` and nested stacks: their templates are looked at as the one around them is, each problem in its own file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.compiler.pipeline import compile_file
from generator.repository.files import Repository
from tests.cli.command_line import penstock
from tests.cli.repositories import Folder
from tests.permissions.grants import ACCOUNT, REGION, Role

PIPELINE = """\
service: shop
source: {codecommit: {repository: shop}}
tests: none
app: {url: none}
stages: [beta, prod]
"""
PARENT = """\
Parameters: {Stage: {Type: String}}
Resources:
  Store:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: nested/store.yaml, Parameters: {Size: small, Stage: !Ref Stage}}
"""
HEAD = "Parameters: {Size: {Type: String}, Stage: {Type: String}}\nResources:\n"
DATA: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("nested_stacks.yaml").read_text(encoding="utf-8"))
CASES: Mapping[str, Any] = DATA["cases"]


def repository(folder: Folder, store: str, parent: str = PARENT, **more: str) -> Path:
    return folder({"pipeline.yaml": PIPELINE, "app-sam.yaml": parent, "nested/store.yaml": store, **more})


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_with_a_nested_template_is_said_at_its_own_place(name: str, folder: Folder) -> None:
    case = CASES[name]
    store = f"{case['head']}Resources:\n  It: {case['resource']}\n"
    root = repository(folder, store, PARENT + case.get("outputs", ""), **case.get("more", {}))
    ran = penstock("check", cwd=root)
    place, words = case["says"]
    matching = [line for line in ran.complaints if line.startswith(place) and words in line]
    assert matching, ran.err
    assert {line.partition(":")[0] for line in ran.complaints} == {place.partition(":")[0]}, ran.err


def test_a_name_that_differs_by_stage_or_that_only_a_launch_tells_is_fine(folder: Folder) -> None:
    names = ("${Stage}-${Size}", "${AWS::StackName}-orders", "${AWS::StackName}-${Stage}")
    queues = [
        f"  Q{i}: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Sub '{n}'}}}}\n" for i, n in enumerate(names)
    ]
    ran = penstock("check", cwd=repository(folder, HEAD + "".join(queues)))
    assert (ran.code, ran.complaints) == (0, [])


@pytest.mark.parametrize("permissions", ["baseline", "exact"])
def test_a_stage_s_role_may_make_what_its_nested_stacks_have(permissions: str, folder: Folder) -> None:
    store = f"""{HEAD}\
  Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Sub '${{Stage}}-orders'}}}}
  Log: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: !Sub '/${{AWS::StackName}}/orders'}}}}
"""
    root = repository(folder, store)
    (root / "pipeline.yaml").write_text(f"{PIPELINE}deploy_role: {permissions}\n")
    (rights,) = compile_file(root / "pipeline.yaml", "pipeline.yaml", Repository(root)).pipeline.deploy_rights
    (beta,) = (role for role in rights.roles if "beta" in role.stack)
    role = Role((*rights.statements, *beta.statements))
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{}}-orders"
    assert role.allows("sqs:CreateQueue", queue.format("beta"))
    assert not role.allows("sqs:CreateQueue", queue.format("prod"))
    logs = [arn for statement in beta.statements for arn in statement.resources if ":log-group:" in arn]
    assert logs
    assert all(":log-group:/${ServiceName}-beta-Store-*/orders" in arn for arn in logs)


def test_permissions_lists_what_nested_stacks_take(folder: Folder) -> None:
    ran = penstock(
        "permissions", "--output", "json", cwd=repository(folder, f"{HEAD}  It: {{Type: AWS::SQS::Queue}}\n")
    )
    assert {"AWS::CloudFormation::Stack", "AWS::SQS::Queue"} <= {each["type"] for each in json.loads(ran.out)["types"]}


def test_languages_packages_and_unit_tests_of_nested_functions_are_found(folder: Folder) -> None:
    function = (
        "{Type: AWS::Serverless::Function, Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: src}}"
    )
    root = folder(
        {
            "template.yaml": PARENT,
            "nested/store.yaml": f"Transform: AWS::Serverless-2016-10-31\n{HEAD}  It: {function}\n",
            "nested/src/app.js": "exports.handler = async () => 1;\n",
            "nested/src/package.json": '{"scripts": {"test": "node --test"}}',
        }
    )
    parsed = json.loads(penstock("init", "--output", "json", cwd=root).out)
    assert parsed["unit_tests"] == "cd nested/src && npm test"
    assert parsed["packages"] == ["npm install (nested/src/package.json)"]
    assert parsed["languages"] == ["nodejs 22"]
