"""A pipeline, its file and the templates of its application, as small as a check needs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.application.reader import of
from generator.application.template import Template
from generator.checks.application import check_application
from generator.document import PIPELINE_FILE, TEMPLATE, Document, parse
from generator.errors import Problem
from generator.model.action import Action
from generator.model.build import Build, Machine
from generator.model.deployment import Deployment, logical_id, stack_of
from generator.model.iam import DeployRights
from generator.model.pipeline import App, Pipeline
from generator.model.source import Source
from generator.model.stage import Stage
from generator.model.tests import STACK, Tests
from generator.repository.files import Repository

TODAY = dt.date(2026, 11, 21)
STAGES = "stages:\n  - beta\n  - gamma\n  - prod\n"
TEST_TEMPLATE = "Outputs:\n  TestFunction: {Value: x}\n"

Check = Callable[..., list[str]]
Pipelines = Callable[..., Pipeline]
Templates = Callable[..., Template]
Files = Callable[[str], Document]


def _file(text: str = STAGES) -> Document:
    return parse("service: time-service\n" + text, "pipeline.yaml", PIPELINE_FILE)


def _template(text: str, path: str = "app-sam.yaml") -> Template:
    return of(parse(text, path, TEMPLATE), path)


def _stage(entry: Any, declares_stage: bool) -> Stage:
    word, settings = entry if isinstance(entry, tuple) else (entry, {})
    parameters = {"Stage": word} if declares_stage else {}
    parameters |= {name: str(value) for name, value in settings.get("parameters", {}).items()}
    stack = settings.get("stack", stack_of(word))
    return Stage(
        word=word,
        name=word.capitalize(),
        deployments=(Deployment(logical_id(word), stack, parameters=parameters),),
        deploy="direct",
        tested=True,
    )


def _stages(data: Mapping[str, Any], declares_stage: bool) -> tuple[Stage, ...]:
    entries = data.get("stages", ["beta", "gamma", "prod"])
    pairs = [next(iter(entry.items())) if isinstance(entry, dict) else entry for entry in entries]
    return tuple(_stage(pair, declares_stage) for pair in pairs)


def _pipeline(file: Document | None = None, *, declares_stage: bool = False, **changes: Any) -> Pipeline:
    source = Source("codecommit", Action("Source", "Source", "CodeCommit", {}), "#{Source.CommitId}", (), (), ())
    settings: dict[str, Any] = {
        "service": "time-service",
        "source": source,
        "build": Build("sam", "", own=False, machine=Machine("", "", ""), environment={}),
        "apps": (App("app-sam.yaml", None, "app.yaml"),),
        "tests": Tests("test-sam.yaml", "tests.yaml", Deployment("Tests", STACK), {"function": ("TestFunction",)}),
        "stages": _stages((file or _file()).data, declares_stage),
        "plan": (),
        "deploy_rights": (DeployRights("DeployPolicy", (), ()),),
        "start_tests": "",
        "describe_changes": "",
    }
    return Pipeline(**(settings | changes))


@pytest.fixture
def pipeline() -> Pipelines:
    """Makes a pipeline of the stages of a pipeline file; keyword arguments replace its fields."""
    return _pipeline


@pytest.fixture
def template() -> Templates:
    """Reads a text as a template."""
    return _template


@pytest.fixture
def file() -> Files:
    """Reads a text as what follows `service` in a pipeline file."""
    return _file


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture
def problems(repository: Repository) -> Callable[..., tuple[Problem, ...]]:
    """Checks an application: the texts of its templates (empty: none) and of the end of the pipeline file."""

    def check_texts(
        text: str = "", *, testing: str = TEST_TEMPLATE, file: str = STAGES, today: dt.date = TODAY, **changes: Any
    ) -> tuple[Problem, ...]:
        document = _file(file)
        template = _template(text) if text else None
        declares = template is not None and "Stage" in template.parameters
        return check_application(
            _pipeline(document, declares_stage=declares, **changes),
            document,
            (template, _template(testing, "test-sam.yaml") if testing else None),
            repository=repository,
            today=today,
        )

    return check_texts


@pytest.fixture
def check(problems: Callable[..., tuple[Problem, ...]]) -> Check:
    """The same, each problem as `place: level: message | hint`, as a person reads it but for the excerpt."""

    def lines(*arguments: Any, **changes: Any) -> list[str]:
        return [_line(problem) for problem in problems(*arguments, **changes)]

    return lines


def _line(problem: Problem) -> str:
    head = str(problem).splitlines()[0]
    return f"{head} | {problem.hint}" if problem.hint else head
