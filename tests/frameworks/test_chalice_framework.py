"""Chalice projects: recognised by two files, and refused early where Chalice would fail late or go on in silence."""

from __future__ import annotations

import pytest

from generator.document import PIPELINE_FILE, Document, parse
from generator.frameworks import chalice
from generator.repository.files import Repository

_CHALICE = chalice.FRAMEWORK
PATH = ".chalice/config.json"
ROUTE = '@app.route("/")\ndef index(): ...\n'


def project(repository: Repository, code: str = ROUTE, configuration: str = '{"stages": {"beta": {}}}') -> Repository:
    (repository.root / ".chalice").mkdir()
    (repository.root / PATH).write_text(configuration)
    (repository.root / "app.py").write_text(code)
    return repository


def pipeline_file(text: str = "stages: [beta]\n") -> Document:
    return parse(text, "pipeline.yaml", PIPELINE_FILE)


def test_a_project_at_the_root_is_recognised(repository: Repository) -> None:
    assert not _CHALICE.recognises(repository)
    assert _CHALICE.recognises(project(repository))


@pytest.mark.parametrize(("code", "url"), [(ROUTE, "EndpointURL"), ("@app.schedule(1)\ndef tick(): ...\n", None)])
def test_a_project_with_routes_has_a_url(code: str, url: str | None, repository: Repository) -> None:
    assert _CHALICE.url(project(repository, code), PATH) == url


def test_routes_may_stand_in_its_library(repository: Repository) -> None:
    project(repository, "")
    (repository.root / "chalicelib").mkdir()
    (repository.root / "chalicelib/routes.py").write_text(ROUTE)
    assert _CHALICE.url(repository, PATH) == "EndpointURL"


def test_an_event_that_cannot_be_packaged_is_refused_with_its_line(repository: Repository) -> None:
    project(repository, ROUTE + '@app.on_s3_event(bucket="x")\ndef put(event): ...\n')
    (problem,) = _CHALICE.problems(pipeline_file(), repository, PATH)
    assert problem.message == "app.py:3: chalice package cannot make a template of on_s3_event"


def test_parameters_of_a_stage_are_refused(repository: Repository) -> None:
    file = pipeline_file("stages: [{beta: {parameters: {A: 1}}}]\n")
    (problem,) = _CHALICE.problems(file, project(repository), PATH)
    assert problem.message == "the template of a Chalice project has no parameters"


def test_a_stage_that_its_configuration_does_not_know_is_pointed_out(repository: Repository) -> None:
    remarks = [*_CHALICE.remarks(pipeline_file("stages: [beta, prod]\n"), project(repository), PATH)]
    assert [remark.message.partition(":")[0] for remark in remarks] == [f"{PATH} has no stage 'prod'"]


def test_a_configuration_that_cannot_be_read_knows_no_stage(repository: Repository) -> None:
    remarks = [*_CHALICE.remarks(pipeline_file(), project(repository, configuration="{"), PATH)]
    assert len(remarks) == 1
