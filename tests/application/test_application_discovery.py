"""Which files are the templates."""

from __future__ import annotations

import pytest

from generator.application.discovery import Found, find_templates, look_further
from generator.repository.files import Repository


def _write(repository: Repository, *paths: str, text: str = "Resources: {}\n") -> None:
    for path in paths:
        target = repository.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param([], Found(None, None, ()), id="nothing"),
        pytest.param(["app-sam.yaml", "test-sam.yaml"], Found("app-sam.yaml", "test-sam.yaml", ()), id="the pair"),
        pytest.param(["template.yaml"], Found("template.yaml", None, ()), id="sam init"),
        pytest.param(["template.json"], Found("template.json", None, ()), id="json"),
        pytest.param(["sam.yml"], Found("sam.yml", None, ()), id="sam.yml"),
        pytest.param(
            ["template.yml", "app-sam.yaml", "test-sam.yml"],
            Found("app-sam.yaml", "test-sam.yml", ("template.yml",)),
            id="one passed over",
        ),
        pytest.param(
            ["template.yml", "template.yaml"], Found("template.yaml", None, ("template.yml",)), id="spellings"
        ),
        pytest.param(["src/template.yaml"], Found(None, None, ()), id="deeper ones are not taken"),
        pytest.param(["Template.yaml"], Found(None, None, ()), id="spelt as it is spelt"),
    ],
)
def test_templates_are_found_by_name_in_this_order(repository: Repository, files: list[str], found: Found) -> None:
    _write(repository, *files)
    assert find_templates(repository) == found


def test_a_further_look_finds_what_reads_like_a_template(repository: Repository) -> None:
    _write(repository, "infra/stack.yaml", text="AWSTemplateFormatVersion: '2010-09-09'\n")
    _write(repository, "api/template.json", text='{"Transform": "AWS::Serverless-2016-10-31"}')
    _write(repository, "docker-compose.yml", "node_modules/x/template.yaml", text="services: {}\n")
    _write(repository, "app-sam.yaml", text="AWSTemplateFormatVersion: '2010-09-09'\n")
    assert look_further(repository) == ("api/template.json", "infra/stack.yaml")


def test_a_further_look_in_an_empty_repository_finds_nothing(repository: Repository) -> None:
    assert look_further(repository) == ()
