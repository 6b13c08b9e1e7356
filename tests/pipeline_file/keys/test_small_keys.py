"""Keys of one value each: what they read into the model, and what they refuse."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from generator.model.pipeline import App
from generator.pipeline_file.keys import app, encryption, execution, logs, permissions_boundary, service, source, tags
from tests.pipeline_file.keys import files

_BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"
_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"


def fields(key: ModuleType, text: str) -> dict[str, Any]:
    file = files.written(text)
    return dict(key.read(files.settings(key, key.__name__.rpartition(".")[2], file), file))


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        (service, "", {"service": "clock"}),
        (execution, "", {"execution": "SUPERSEDED"}),
        (execution, "execution: queued", {"execution": "QUEUED"}),
        (encryption, "", {"encryption": "s3"}),
        (encryption, "encryption: kms", {"encryption": "kms"}),
        (encryption, f"artifacts: {{key: '{_KEY}'}}", {"encryption": "kms"}),
        (encryption, "artifacts: {bucket: acme}", {"encryption": "s3"}),
        (permissions_boundary, "", {"permissions_boundary": ""}),
        (permissions_boundary, f"permissions_boundary: '{_BOUNDARY}'", {"permissions_boundary": _BOUNDARY}),
        (tags, "", {"tags": {}}),
        (tags, "tags: {team: payments}", {"tags": {"team": "payments"}}),
        (logs, "", {"log_retention_days": 30}),
        (logs, "logs: {retention: 365 days}", {"log_retention_days": 365}),
        (app, "", {"apps": (App("app-sam.yaml", "ApiUrl", "app-output_sam.yaml"),)}),
        (app, "app: {url: none}", {"apps": (App("app-sam.yaml", None, "app-output_sam.yaml"),)}),
        (
            app,
            "app: {template: a/b.yaml, url: Site}",
            {"apps": (App("a/b.yaml", "Site", "app-output_sam.yaml"),)},
        ),
    ],
)
def test_a_key_reads_its_value_or_its_default(key: ModuleType, text: str, expected: dict[str, Any]) -> None:
    assert fields(key, text) == expected


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        (execution, "execution: parallel", "parallel executions would change the same stacks at the same time"),
        (logs, "logs: {retention: 31 days}", "CloudWatch Logs keeps logs for certain numbers of days"),
        (logs, "logs: {retention: 30 hours}", "CloudWatch Logs keeps logs for certain numbers of days"),
        (tags, "tags: {Stack: a}", "the tag 'Stack' says what a deploy role may touch"),
    ],
)
def test_a_value_that_aws_would_refuse_is_refused_at_its_place(key: ModuleType, text: str, problem: str) -> None:
    file = files.written(text)
    settings = files.settings(key, key.__name__.rpartition(".")[2], file)
    assert files.messages(key.problems(settings, file)) == [f"error 4: {problem}"]


@pytest.mark.parametrize("text", ["execution: queued", "logs: {retention: 1 day}", "tags: {team: payments}"])
def test_a_value_that_aws_takes_is_no_problem(text: str) -> None:
    file = files.written(text)
    for key in (execution, logs, tags):
        settings = files.settings(key, key.__name__.rpartition(".")[2], file)
        assert list(key.problems(settings, file)) == []


def test_a_source_gets_the_defaults_of_its_schema() -> None:
    definition = source.source(files.written(""))
    assert definition.kind == "codecommit"
    assert {parameter.name: parameter.default for parameter in definition.parameters} == {
        "RepositoryName": "",
        "BranchName": "main",
    }


def test_the_settings_of_a_source_win_over_the_defaults() -> None:
    file = files.written("service: clock\nsource:\n  codecommit: {repository: other, branch: trunk, create: false}")
    definition = source.source(file)
    assert {parameter.name: parameter.default for parameter in definition.parameters} == {
        "RepositoryName": "other",
        "BranchName": "trunk",
    }
    assert definition.resources == ()
