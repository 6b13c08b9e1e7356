"""The key `services`: deployments with their order and outputs, and what is said of services that do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model.deployment import Deployment, waves
from generator.model.trigger import Filter, Push
from generator.pipeline_file.keys import services, stages, trigger
from generator.pipeline_file.services import circle
from generator.pipeline_file.unit_tests import of_service
from tests.pipeline_file.keys import files

_API = 'api: {path: services/api, parameters: {TableName: "${database.TableName}"}'
_DATABASE = "database: {path: services/database}"
_GITHUB = "service: shop\nsource:\n  github: {repository: acme/shop}\n"


def test_a_service_has_a_deployment_in_each_stage() -> None:
    text = f"services: {{{_API}, stages: {{prod: {{stack: old, parameters: {{LogLevel: 3.10}}}}}}}}, {_DATABASE}}}"
    _, _, prod = stages.stages(files.written(text))
    assert prod.deployments == (
        Deployment(
            "ApiProd",
            "old",
            parameters={"TableName": "#{DatabaseProdDeploy.TableName}", "LogLevel": "3.10"},
            service="api",
            reads=("database",),
            after=("database",),
        ),
        Deployment("DatabaseProd", "${ServiceName}-database-prod", parameters={"Stage": "prod"}, service="database"),
    )
    assert prod.stacks() == "${ServiceName}-*-prod api=old database"
    assert prod.stacks(readers=True) == "${ServiceName}-*-prod api=old<database database"


def test_an_output_may_stand_inside_of_a_value_beside_foreign_text() -> None:
    value = "x-${database.TableName}/${y}/${database.TableName}"
    file = files.written(f"services: {{api: {{path: a, parameters: {{A: '{value}'}}}}, {_DATABASE}}}\nstages: [beta]")
    (beta,) = stages.stages(file)
    name = "#{DatabaseBetaDeploy.TableName}"
    assert beta.deployment_of("api").parameters == {"A": f"x-{name}/${{!y}}/{name}"}


def test_waves_follow_each_other_and_nobody_waits_for_no_reason() -> None:
    after = {"web": ("api", "auth"), "api": ("database",), "auth": (), "database": (), "jobs": ()}
    deployments = [Deployment(word, word, service=word, after=needed) for word, needed in after.items()]
    assert [[each.service for each in wave] for wave in waves(deployments)] == [
        ["auth", "database", "jobs"],
        ["api"],
        ["web"],
    ]


@pytest.mark.parametrize(
    ("needs", "way"),
    [
        ({"a": (), "b": ("a",)}, ()),
        ({"a": ("b",), "b": ("a",)}, ("a", "b", "a")),
        ({"a": ("c",), "b": ("c",), "c": ("b",), "d": ("gone",)}, ("c", "b", "c")),
    ],
)
def test_a_circle_is_told_as_the_way_round(needs: dict[str, tuple[str, ...]], way: tuple[str, ...]) -> None:
    assert circle(needs) == way


def test_a_folder_and_an_output_that_are_not_there_are_named() -> None:
    text = f"services:\n  {_API.replace('TableName}', 'Table}')}, shared: [libs]}}\n  {_DATABASE}\n  x: {{path: gone}}"
    file = files.written(text)
    assert files.messages(services.missing(file.data["services"], file)) == [
        "error 5: there is no folder libs in the repository",
        "error 5: services/database/template.yaml has no output 'Table'",
        "error 7: there is no folder gone in the repository",
    ]


def test_unit_tests_are_those_of_the_folder(tmp_path: Path) -> None:
    for path, text in {
        "api/template.yaml": "Resources: {}",
        "api/tests/unit/test_api.py": "",
        "tests/unit/test_all.py": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    file = files.written("services: {api: {path: api}, jobs: {path: jobs, test: make check}, x: {path: x}}", tmp_path)
    assert [of_service(part).command for part in file.parts] == [  # type: ignore[arg-type]  # each is a Part
        "cd api && python -m pytest tests/unit",
        "cd jobs && make check",
        "",
    ]


def test_the_paths_of_all_services_start_the_pipeline_where_the_source_can_tell() -> None:
    text = f"services: {{{_API}, shared: [libs/common]}}, {_DATABASE}}}"
    of_github, of_codecommit = files.written(_GITHUB + text), files.written(text)
    paths = ("*", "libs/common/**", "services/api/**", "services/database/**", "src/**")
    assert trigger.read({}, of_github)["pushes"] == (Push(Filter(("${BranchName}",)), Filter(paths)),)
    assert trigger.read({"push": {"tags": ["v*"]}}, of_github)["pushes"] == (Push(tags=Filter(("v*",))),)
    assert trigger.read({}, of_codecommit)["pushes"] == ()


def test_more_paths_than_a_filter_takes_become_those_at_the_root_or_none(tmp_path: Path) -> None:
    many = ", ".join(f"s{number}: {{path: services/s{number}}}" for number in range(9))
    file, pipeline = files.pipeline(f"{_GITHUB}services: {{{many}}}\n", tmp_path)
    assert pipeline.pushes == (Push(Filter(("${BranchName}",)), Filter(("*", "services/**", "src/**"))),)
    many = ", ".join(f"s{number}: {{path: s{number}}}" for number in range(9))
    file, pipeline = files.pipeline(f"{_GITHUB}services: {{{many}}}\n", tmp_path)
    assert pipeline.pushes == ()
    assert files.messages(trigger.remarks({}, file, pipeline)) == [
        "info 4: every push starts the pipeline: a filter of its trigger takes 8 patterns"
    ]
