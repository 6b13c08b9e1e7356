"""A compose file that `services` names: what is read of it, and what is refused, each with its place there."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model.deployment import Deployment
from generator.pipeline_file.keys import services, stages
from tests.pipeline_file.keys import files

_NAME = "serverless-compose.yml"


def problems(folder: Path, compose: str, name: str = _NAME) -> list[str]:
    (folder / name).write_text(compose)
    file = files.written(f"services: {name}\nstages: [beta]", folder)
    return [
        f"{each.place.file}:{each.place.line}: {each.message}" for each in services.problems(name, file) if each.place
    ]


def test_services_are_read_as_they_stand_there(tmp_path: Path) -> None:
    folder = tmp_path / "backend"
    folder.mkdir()
    (folder / _NAME).write_text("""\
state: {bucket: x}
services:
  database: {path: database, config: tables.yaml}
  api:
    path: api
    dependsOn: jobs
    params: {table: "${sls:stage}-${database.Table}", level: 3.10}
  jobs: {path: ../jobs, dependsOn: [database], component: serverless-framework}
""")
    file = files.written(f"services: backend/{_NAME}\nstages: [beta]", tmp_path)
    assert list(services.problems(f"backend/{_NAME}", file)) == []
    (beta,) = stages.stages(file)
    assert [part.app.path for part in file.parts] == [
        "backend/database/tables.yaml",
        "backend/api/app-sam.yaml",
        "jobs/app-sam.yaml",
    ]
    assert beta.deployment_of("api") == Deployment(
        "ApiBeta",
        "${ServiceName}-api-beta",
        parameters={"table": "beta-#{DatabaseBetaDeploy.Table}", "level": "3.10"},
        service="api",
        reads=("database",),
        after=("database", "jobs"),
    )


@pytest.mark.parametrize(
    ("compose", "problem"),
    [
        ("services: {}", ":1: serverless-compose.yml names no services"),
        ("services: {Api: {path: a}}", ":1: 'Api' is not the name of a service here: 20 small letters, digits and '-'"),
        ("services:\n  api: {}", ":2: service 'api' has no path"),
        ("services:\n  api: {path: a, region: eu-west-1}", ":2: 'region' of a service is not supported yet"),
        ("services:\n  api: {path: a, component: aws-cloudformation}", ":2: 'component' of a service is not"),
        ("services:\n  api: {path: ../a}", ":2: this is outside of the repository"),
        ("services:\n  api: {path: a, dependsOn: 3}", ":2: dependsOn must be a name or a list of names"),
        ("services:\n  api: {path: a, dependsOn: b}", ":2: there is no service 'b'"),
        ("services:\n  api:\n    path: a\n    params: {x: '${b.X}'}", ":4: there is no service 'b'"),
        ("services:\n  api: {path: a, params: [x]}", ":2: params must be a mapping of names and texts"),
        ("services:\n  api: {path: a, params: {x: '${env:X}'}}", ":2: ${env:X} is a variable that only the tool can"),
        ("stages: {prod: {}}\nservices: {api: {path: a}}", ":1: 'stages' of a compose file is not supported yet"),
        ("services: [", ":1: a value is missing here"),
    ],
)
def test_what_is_not_read_is_refused_with_its_place_in_the_compose_file(
    compose: str, problem: str, tmp_path: Path
) -> None:
    (line,) = problems(tmp_path, compose)
    assert line.startswith(f"{_NAME}{problem}")


def test_services_that_need_each_other_are_a_circle_there(tmp_path: Path) -> None:
    compose = "services:\n  a: {path: a, dependsOn: b}\n  b: {path: b, dependsOn: [a]}"
    assert problems(tmp_path, compose) == [f"{_NAME}:2: services need each other in a circle: a -> b -> a"]


def test_a_program_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    name = "serverless-compose.ts"
    message = f"pipeline.yaml:4: {name} is a program: what it says is known only when it runs"
    assert problems(tmp_path, "", name) == [message]
    file = files.written("services: other.yml", tmp_path)
    assert files.messages(services.problems("other.yml", file)) == ["error 4: there is no other.yml in the repository"]
