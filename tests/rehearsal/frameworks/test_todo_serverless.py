"""The blueprint of four Serverless services goes to prod, beside one of SAM; then one of them changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from generator.execution import ActionEnded, ActionWaiting
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Rehearsed
from tests.rehearsal.frameworks import sls_deploy
from tests.rehearsal.frameworks.applications import deployed, rehearse_commits

BLUEPRINT = Path(__file__).parents[3] / "blueprints" / "todo-serverless"
AUDIT = """\
Parameters: {Url: {Type: String}}
Resources:
  Requests:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "${AWS::StackName}-requests", Tags: [{Key: url, Value: !Ref Url}]}
"""
COMPOSED = """
  audit: {path: audit, dependsOn: tasks, params: {Url: "${restapi.HttpApiUrl}"}}
"""
DATABASE = "backend-database/serverless.yml"
DATABASE_STACK, RESTAPI_STACK = "todolist-database-prod", "todolist-restapi-prod"
# The template of the database is the one that it runs with; the API gets parameters, and code by its content.
ADOPTED = {"database": "no changes", "restapi": "UPDATE_COMPLETE"}


def files() -> dict[str, str]:
    """The blueprint under a name that no other rehearsal of this emulator has, and a fifth service."""
    paths = [path for path in BLUEPRINT.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    texts = {path.relative_to(BLUEPRINT).as_posix(): path.read_text() for path in paths}
    for name, text in texts.items():
        if name.endswith("serverless.yml"):
            texts[name] = text.replace("service: todo-", "service: todolist-")
    named = re.sub(r"(service|repository): todo", r"\1: todolist", texts["pipeline.yaml"])
    # One stage shows as much as two, and costs half.
    head, _, stages = named.partition("  - beta:")
    texts["pipeline.yaml"] = f"{head}  - prod:{stages.partition('  - prod:')[2]}"
    texts["serverless-compose.yml"] += COMPOSED
    return {**texts, "audit/template.yaml": AUDIT}


class Adopted(NamedTuple):
    """What `sls deploy` had made: the physical ids of stacks before, and after the first commit's way to prod."""

    table: str
    before: Mapping[str, str]
    after: Mapping[str, str]


class Course(NamedTuple):
    """What two commits came to, and the stacks that were there before."""

    first: Rehearsed
    second: Rehearsed
    adopted: Adopted


@pytest.fixture(scope="module")
def course(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two stacks are there already, with data."""
    sls_deploy.deploy(emulator, "backend-database", DATABASE_STACK)
    table = sls_deploy.physical_ids(emulator, DATABASE_STACK)["Todos"]
    emulator.client("dynamodb").put_item(TableName=table, Item={"id": {"S": "old"}, "text": {"S": "stay"}})
    sls_deploy.deploy(emulator, "backend-restapi", RESTAPI_STACK, BLUEPRINT / "backend-restapi" / "src", table)
    states = [of_stacks(emulator)]

    def commits() -> Iterator[Mapping[str, str]]:
        first = files()
        yield first
        states.append(of_stacks(emulator))
        # Another table: its name is an output that others read.
        yield {**first, DATABASE: first[DATABASE].replace("Todos", "Entries")}

    first, second = rehearse_commits(emulator, tmp_path_factory.mktemp("todolist"), commits())
    return Course(first, second, Adopted(table, *states))


def of_stacks(emulator: Emulator) -> Mapping[str, str]:
    """The physical ids of both stacks by logical ids, but for versions: each of them is another one."""
    stacks = ((stack, sls_deploy.physical_ids(emulator, stack)) for stack in (DATABASE_STACK, RESTAPI_STACK))
    every = {f"{stack}/{name}": physical for stack, ids in stacks for name, physical in ids.items()}
    return {name: physical for name, physical in every.items() if "LambdaVersion" not in name}


def of_services(result: Rehearsed) -> dict[str, str]:
    """What came of the stack of each service in prod."""
    ended = [event for event in result.of(ActionEnded) if event.stage == "Prod" and event.action != "Test"]
    stacks = (event.summary.partition(": ") for event in ended if event.summary.startswith("Stack "))
    return {stack.split("-")[1]: state for stack, _, state in stacks}


def parameters(emulator: Emulator, stack: str) -> dict[str, str]:
    (described,) = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {each["ParameterKey"]: each["ParameterValue"] for each in described["Parameters"]}


def test_it_gets_to_prod_and_every_stage_is_tested_over_http(course: Course) -> None:
    for result in (course.first, course.second):
        assert (result.outcome.status, result.outcome.reason) == ("Succeeded", ""), result.logged
        tests = [event.summary for event in result.of(ActionEnded) if event.action == "Test"]
        assert tests == ["3 passed, 0 failed: 3 of 3 checks passed"]
        assert result.outcome.denials == ()


def test_the_unit_tests_of_each_service_are_counted(course: Course) -> None:
    build = next(stage for stage in course.first.outcome.stages if stage.name == "Build")
    assert [line for line in build.tests if "passed" in line] == [
        "restapi: 11 passed",
        "tasks: 3 passed",
        "website: 5 passed",
    ]


def test_only_the_service_that_has_changed_is_packaged_again(course: Course) -> None:
    build = next(stage for stage in course.second.outcome.stages if stage.name == "Build")
    unchanged = {service for service, _, counts in (line.partition(": ") for line in build.tests) if "since" in counts}
    assert unchanged == {"audit", "restapi", "tasks", "website"}


def test_a_commit_that_changes_one_service_changes_it_and_what_reads_its_outputs(
    course: Course, emulator: Emulator
) -> None:
    created = dict.fromkeys(("audit", "database", "restapi", "tasks", "website"), "CREATE_COMPLETE")
    assert of_services(course.first) == {**created, **ADOPTED}
    assert of_services(course.second) == {
        "audit": "no changes",
        "database": "UPDATE_COMPLETE",
        "restapi": "UPDATE_COMPLETE",
        "tasks": "UPDATE_COMPLETE",
        "website": "no changes",
    }
    for name in ("restapi", "tasks"):
        table = parameters(emulator, f"todolist-{name}-prod")["PenstockParametertableName"]
        assert table.startswith("todolist-database-prod-Entries-")


def test_stacks_that_sls_deploy_has_made_are_updated_and_nothing_in_them_is_replaced(
    course: Course, emulator: Emulator
) -> None:
    table, before, after = course.adopted
    assert before.items() <= after.items()
    (asked,) = course.first.of(ActionWaiting)
    assert "database: " in asked.message
    assert "Replace" not in asked.message
    assert f"{RESTAPI_STACK}/HttpApi" in before
    items = emulator.client("dynamodb").scan(TableName=table)["Items"]
    assert [item["text"]["S"] for item in items] == ["stay"]
    bucket = before[f"{RESTAPI_STACK}/ServerlessDeploymentBucket"]
    # The code that the tool had uploaded, and its own notes.
    assert len(emulator.client("s3").list_objects_v2(Bucket=bucket)["Contents"]) == 2


def test_an_output_reaches_texts_policies_and_services_of_another_framework(course: Course, emulator: Emulator) -> None:
    resources: dict[str, Any] = deployed(emulator, "todolist-restapi-prod")["Resources"]
    function = resources["TodosLambdaFunction"]["Properties"]
    assert function["Environment"]["Variables"] == {"TABLE_NAME": {"Ref": "PenstockParametertableName"}}
    assert '{"Ref": "PenstockParametertableArn"}' in json.dumps(resources["IamRoleLambdaExecution"])
    tags = emulator.client("logs").list_tags_log_group(logGroupName="todolist-audit-prod-requests")["tags"]
    assert tags["url"] in course.first.outcome.stages[-1].urls


@pytest.mark.usefixtures("course")
def test_the_scheduled_function_reads_the_table(emulator: Emulator) -> None:
    answer = emulator.client("lambda").invoke(FunctionName="todolist-tasks-prod-cleanUp")["Payload"].read()
    assert json.loads(answer) == {"removed": 0}
