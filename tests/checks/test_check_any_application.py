"""Any templates whatsoever: never an exception but InvalidInputError, every problem inside its file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.application.reader import read
from generator.application.template import Template
from generator.application.translation import translate
from generator.aws_rules.lint import lint
from generator.checks.application import check_application
from generator.checks.translated import check_translated
from generator.document import PIPELINE_FILE, parse
from generator.errors import InvalidInputError, Problem
from generator.model.pipeline import App, Pipeline
from generator.repository.files import Repository

pytestmark = pytest.mark.slow

Pipelines = Callable[..., Pipeline]

_FILE = """service: time-service
app: {url: ApiUrl}
tests: {function: [TestFunction]}
stages:
  - beta
  - gamma: {parameters: {Size: 5, Other: x}}
  - prod
"""
_TYPES = st.sampled_from([
    "AWS::Serverless::Function", "AWS::Serverless::Api", "AWS::Serverless::Application", "AWS::Lambda::Function",
    "AWS::Lambda::Alias", "AWS::DynamoDB::Table", "AWS::S3::Bucket", "Number", "String", "Nope",
])  # fmt: skip
_WORDS = st.sampled_from(
    ["x", "${Stage}-x", "${Size}", "src/", "../up", "s3://b/k", "python3.9", "ApiUrl", "\u2028", "\x1b[2J", ""]
)
_KEYS = st.sampled_from([
    "Type", "Default", "AllowedValues", "Value", "Export", "Name", "Properties", "FunctionName", "TableName", "Runtime",
    "CodeUri", "Code", "Location", "Events", "Condition", "Ref", "Fn::Sub", "Fn::Join", "Fn::GetAtt", "Fn::If",
    "Fn::Transform", "Fn::ForEach::X", "Parameters", "Globals", "Function", "IgnoreGlobals", "BucketName",
])  # fmt: skip
_VALUES = st.recursive(
    _TYPES | _WORDS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=10,
)
_ENTRIES = st.dictionaries(
    st.sampled_from(["Stage", "Size", "ApiUrl", "TestFunction", "Fn::ForEach::A", "A", "AB", "\x1b[2J"]),
    _VALUES,
    max_size=4,
)
_SECTIONS = st.sampled_from(["Parameters", "Resources", "Outputs", "Globals", "Conditions", "Transform", "Metadata"])
_TEMPLATES = st.dictionaries(_SECTIONS, _ENTRIES | _VALUES | st.just("AWS::Serverless-2016-10-31"))


def _inside(problems: Iterable[Problem], texts: dict[str, str]) -> None:
    for problem in problems:
        assert problem.place
        lines = texts[problem.place.file].replace("\u2028", "\n").split("\n")
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= max(1, len(lines[problem.place.line - 1]))
        assert str(problem).replace("\n", "").isprintable()


def _read(repository: Repository, name: str, text: str) -> Template | None:
    (repository.root / name).write_text(text, encoding="utf-8")
    try:
        return read(repository, name)
    except InvalidInputError as refused:
        _inside(refused.problems, {name: text})
        return None


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repository")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(_TEMPLATES, _TEMPLATES, st.sampled_from([None, 1]))
def test_any_templates_are_answered_with_places_inside_them(
    pipeline: Pipelines, root: Path, app: Any, tests: Any, indent: int | None
) -> None:
    texts = {name: json.dumps(data, indent=indent) for name, data in (("app.json", app), ("test.json", tests))}
    texts["pipeline.yaml"] = _FILE
    repository = Repository(root)
    read_back = (_read(repository, "app.json", texts["app.json"]), _read(repository, "test.json", texts["test.json"]))
    file = parse(_FILE, "pipeline.yaml", PIPELINE_FILE)
    case = pipeline(file, declares_stage=True, apps=(App("app.json", "ApiUrl", "app.yaml"),))
    _inside(check_application(case, file, read_back, repository=repository, today=dt.date(2026, 11, 21)), texts)
    translated = [translate(template, {}) if template else None for template in read_back]
    _inside(check_translated(case, translated[0], translated[1]), texts)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_TEMPLATES)
def test_any_template_is_linted_with_places_inside_it(data: Any) -> None:
    text = json.dumps(data, indent=1)
    _inside(lint(text, "app.json"), {"app.json": text})
