"""The way from a pipeline file to the model, with every problem on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.application import discovery
from generator.application.reader import read
from generator.application.template import Template
from generator.compiler import (
    artifacts,
    build,
    covered,
    deploy_roles,
    environment,
    kinds,
    machine,
    schema,
    stages,
    test_commands,
    triggers,
    variables,
)
from generator.compiler.durations import days, minutes
from generator.compiler.inlining import shortened
from generator.document import Document
from generator.errors import InvalidInputError, Problem
from generator.model.pipeline import App, Pipeline
from generator.model.source import Source
from generator.model.stage import Stage
from generator.model.tests import Tests
from generator.permissions.launched import NOTHING, Kept
from generator.pipeline_file.validation import load
from generator.pipelines import delivery
from generator.repository import assets
from generator.repository.files import Repository

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
_RETENTION = "30 days"
# CodePipeline's own when the file says nothing, and how long artifacts outlive the longest approval.
_APPROVAL_DAYS = 7
_DAYS_AFTER_APPROVAL = 30


@dataclass(frozen=True, slots=True)
class Compilation:
    """A pipeline, what it was made from, and what is wrong with the application as far as was seen on the way."""

    pipeline: Pipeline
    document: Document
    repository: Repository
    app: Template | None
    tests: Template | None
    problems: tuple[Problem, ...]


def compile_file(path: Path, name: str, repository: Repository, kept: Kept = NOTHING) -> Compilation:
    """The pipeline of a file. `name` is the file as the user named it, `kept` what exact roles may do all the same.

    Raises InvalidInputError with every problem of the pipeline file; those of the application are in the result.
    """
    document = load(path, name, schema.pipeline_file())
    templates = _Templates.find(document, repository)
    written = stages.entries(document)
    tested = document.data.get("tests") != "none"
    declares_stage = templates.app is not None and "Stage" in templates.app.parameters
    values = [stages.stage(entry, document, declares_stage=declares_stage, tested=tested) for entry in written]
    refused = [*stages.problems(document, written, values, _source(document.data)), *_refused(document, values)]
    if refused:
        raise InvalidInputError(refused)
    return _compilation(document, repository, templates, values, kept)


@dataclass(frozen=True, slots=True)
class _Templates:
    """The two templates of the application: their paths, what they say, and why they could not be read."""

    app_path: str
    tests_path: str
    app: Template | None
    tests: Template | None
    problems: tuple[Problem, ...]

    @classmethod
    def find(cls, document: Document, repository: Repository) -> _Templates:
        """The templates the file names, else those the repository has under usual names."""
        found = discovery.find_templates(repository)
        tests = document.data.get("tests", {})
        problems: list[Problem] = []
        app_path = document.data.get("app", {}).get("template") or found.app or discovery.APPLICATION[0]
        app = _read(document, repository, "app", app_path, problems)
        tests_path, tests_template = "", None
        if tests != "none" and "commands" not in tests:
            tests_path = tests.get("template") or found.tests or discovery.TESTS[0]
            tests_template = _read(document, repository, "tests", tests_path, problems)
        return cls(app_path, tests_path, app, tests_template, tuple(problems))


def _read(document: Document, repository: Repository, key: str, path: str, problems: list[Problem]) -> Template | None:
    if not repository.has(path):
        at = (key, "template") if document.data.get(key, {}).get("template") else ()
        message = f"there is no {path} in the repository: {_WANTED[key]}"
        problems.append(document.problem(at, message, _elsewhere(repository, key)))
        return None
    try:
        return read(repository, path)
    except InvalidInputError as refused:
        problems.extend(refused.problems)
        return None


_WANTED = {"app": "the application's template is needed", "tests": "the integration tests' template is needed"}


def _elsewhere(repository: Repository, key: str) -> str:
    others = discovery.look_further(repository)
    seen = f"; seen: {', '.join(others)}" if others else ""
    without = ", or say that there are none: tests: none" if key == "tests" else ""
    return f"name it: {key}: {{template: <path>}}{without}{seen}"


def _compilation(
    document: Document, repository: Repository, templates: _Templates, values: Sequence[Stage], kept: Kept
) -> Compilation:
    data = document.data
    settings: Mapping[str, Any] = data.get("build", {})
    app = App(templates.app_path, _url(data.get("app", {})))
    source = _source(data)
    spoken = build.languages(settings, templates.app, templates.tests)
    tested = any(stage.tested for stage in values)
    commands = test_commands.test_commands(data, build.runtimes(settings, spoken)) if tested else None
    tests = _tests(data, templates.tests_path) if tested and not commands else None
    rights = deploy_roles.rights(data, tests, values, (templates.app, templates.tests), kept)
    built = build.build(document, spoken, repository, app, tests)
    told = covered.variables(rights, (templates.app, templates.tests))
    pipeline = Pipeline(
        service=data["service"],
        source=source,
        build=built._replace(
            environment={**built.environment, **told},
            filled_in=environment.filled_in(document),
        ),
        app=app,
        tests=tests,
        test_commands=commands,
        stages=tuple(values),
        deploy_rights=rights,
        start_tests=shortened(assets.text("test_runner_lambda", "start_tests.py")),
        describe_changes=shortened(assets.text("test_runner_lambda", "describe_changes.py")),
        **_audience(data),
        **_options(data),
    )
    found = (*templates.problems, *build.problems(document, spoken, templates.app, repository))
    planned = delivery.planned(pipeline, {word: kind.plan for word, kind in kinds.stages().items()})
    return Compilation(planned, document, repository, templates.app, templates.tests, found)


def _url(settings: Mapping[str, str]) -> str | None:
    name = settings.get("url", "ApiUrl")
    return None if name == "none" else name


def _tests(data: Mapping[str, Any], path: str) -> Tests:
    settings = data.get("tests", {})
    role = deploy_roles.role_of(data, "TestsDeployRole")
    machines = _names(settings.get("state_machine", ()))
    functions = _names(settings.get("function", () if machines else "TestFunction"))
    return Tests(path, "${ServiceName}-tests", functions, machines, role)


def _names(written: str | Sequence[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)


def _source(data: Mapping[str, Any]) -> Source:
    word, settings = next(iter(data["source"].items()))
    kind = kinds.sources()[word]
    defaults = {"branch": "main"} | {
        name: declared["default"] for name, declared in kind.SCHEMA["properties"].items() if "default" in declared
    }
    return kind.source(defaults | settings, data["service"])


def _audience(data: Mapping[str, Any]) -> dict[str, Any]:
    told = data.get("notifications", {})
    found = [kinds.notifications()[word].audience(settings) for word, settings in sorted(told.items())]
    return {
        "subscriptions": tuple(one for kind in found for one in kind.subscriptions),
        "targets": tuple(one for kind in found for one in kind.targets),
        "channels": tuple(one for kind in found for one in kind.resources),
    }


def _options(data: Mapping[str, Any]) -> dict[str, Any]:
    stored: Mapping[str, str] = data.get("artifacts", {})
    return {
        "execution": data.get("execution", "superseded").upper(),
        "encryption": data.get("encryption", "kms" if stored.get("key") else "s3"),
        "bucket": stored.get("bucket", ""),
        "key": stored.get("key", ""),
        "pushes": triggers.pushes(data),
        "pull_request": triggers.pull_request(data),
        "variables": variables.variables(data),
        "permissions_boundary": data.get("permissions_boundary", ""),
        "tags": data.get("tags", {}),
        "log_retention_days": days(data.get("logs", {}).get("retention", _RETENTION)),
        "artifact_expiry_days": days(stored.get("expire", artifacts.EXPIRY)),
    }


def _refused(document: Document, values: Sequence[Stage]) -> Iterator[Problem]:
    data = document.data
    yield from triggers.problems(document, _source(data))
    if data.get("execution") == "parallel":
        # Every execution deploys to the same stacks, and CloudFormation changes a stack for one of them at a time.
        message = "parallel executions would change the same stacks at the same time"
        yield document.problem(("execution",), message, "use superseded, or queued to deliver every commit")
    if days(data.get("logs", {}).get("retention", _RETENTION)) not in RETENTION_DAYS:
        hint = f"days: {', '.join(map(str, RETENTION_DAYS))}"
        yield document.problem(("logs", "retention"), "CloudWatch Logs keeps logs for certain numbers of days", hint)
    yield from deploy_roles.problems(document)
    yield from _early_expiry(document, values)
    yield from artifacts.problems(document)
    yield from machine.problems(document)
    yield from test_commands.problems(document)
    yield from environment.problems(document, variables.known_at_first(data, _source(data)))


def _early_expiry(document: Document, values: Sequence[Stage]) -> Iterator[Problem]:
    written = document.data.get("artifacts", {}).get("expire", artifacts.EXPIRY)
    waits = [stage.approval.timeout_minutes for stage in values if stage.approval]
    longest = max((wait or minutes(f"{_APPROVAL_DAYS} days") for wait in waits), default=0)
    least = -(-longest // minutes("1 day")) + _DAYS_AFTER_APPROVAL
    if (days(written) or 0) < least:
        message = "artifacts would be gone while an approval may still wait, or soon after"
        yield document.problem(("artifacts", "expire"), message, f"whole days, at least {least}: expire: {least} days")
