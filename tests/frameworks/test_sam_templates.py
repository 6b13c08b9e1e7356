"""Which files are the templates."""

from __future__ import annotations

import pytest

from generator.frameworks import UsualTemplates as Usual
from generator.frameworks._sam_templates import other_templates, usual_templates
from generator.repository.files import Repository


def _write(repository: Repository, *paths: str, text: str = "Resources: {}\n") -> None:
    for path in paths:
        target = repository.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param([], Usual(None, None, ()), id="nothing"),
        pytest.param(["app-sam.yaml", "test-sam.yaml"], Usual("app-sam.yaml", "test-sam.yaml", ()), id="the pair"),
        pytest.param(["template.yaml"], Usual("template.yaml", None, ()), id="sam init"),
        pytest.param(["template.json"], Usual("template.json", None, ()), id="json"),
        pytest.param(["sam.yml"], Usual("sam.yml", None, ()), id="sam.yml"),
        pytest.param(
            ["template.yml", "app-sam.yaml", "test-sam.yml"],
            Usual("app-sam.yaml", "test-sam.yml", ("template.yml",)),
            id="one passed over",
        ),
        pytest.param(
            ["template.yml", "template.yaml"], Usual("template.yaml", None, ("template.yml",)), id="spellings"
        ),
        pytest.param(["src/template.yaml"], Usual(None, None, ()), id="deeper ones are not taken"),
        pytest.param(["Template.yaml"], Usual(None, None, ()), id="spelt as it is spelt"),
    ],
)
def test_templates_are_found_by_name_in_this_order(repository: Repository, files: list[str], expected: Usual) -> None:
    _write(repository, *files)
    assert usual_templates(repository) == expected


def test_a_further_look_finds_what_reads_like_a_template(repository: Repository) -> None:
    _write(repository, "infra/stack.yaml", text="AWSTemplateFormatVersion: '2010-09-09'\n")
    _write(repository, "api/template.json", text='{"Transform": "AWS::Serverless-2016-10-31"}')
    _write(repository, "docker-compose.yml", "node_modules/x/template.yaml", text="services: {}\n")
    _write(repository, "app-sam.yaml", text="AWSTemplateFormatVersion: '2010-09-09'\n")
    assert other_templates(repository) == ("api/template.json", "infra/stack.yaml")


def test_a_further_look_in_an_empty_repository_finds_nothing(repository: Repository) -> None:
    assert other_templates(repository) == ()
