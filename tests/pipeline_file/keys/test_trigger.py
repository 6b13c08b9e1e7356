"""The key `trigger`: filters of pushes and pull requests, and what builds of pull requests do without."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model.trigger import Filter, PullRequest, Push
from generator.pipeline_file.keys import trigger
from tests.pipeline_file.keys import files

_HEAD = "service: clock\nsource:\n  github: {repository: acme/clock}\n"
_SECRETS = "secrets: {TOKEN: {secretsmanager: a}, B: {parameter_store: /b}}"
_VPC = "vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d], security_groups: [sg-0a1b2c3d]}"


def remarks(folder: Path, build: str, text: str = "trigger: {pull_requests: true}") -> list[tuple[str, str]]:
    file, pipeline = files.pipeline(f"{_HEAD}build: {{{build}}}\n{text}\n", folder)
    return [(remark.level, remark.message) for remark in trigger.remarks({}, file, pipeline)]


@pytest.mark.parametrize(
    ("settings", "pushes"),
    [
        ({}, ()),
        ({"push": {"branches": ["main"]}}, (Push(branches=Filter(("main",))),)),
        (
            {"push": {"branches": ["m*"], "paths": {"excludes": ["docs/**"]}}},
            (Push(Filter(("m*",)), Filter((), ("docs/**",))),),
        ),
        ({"push": {"tags": ["v*"], "paths": ["a"]}}, (Push(paths=Filter(("a",))), Push(tags=Filter(("v*",))))),
    ],
)
def test_branches_and_paths_filter_together_and_tags_alone(settings: dict[str, object], pushes: object) -> None:
    assert trigger.read(settings, files.written(_HEAD))["pushes"] == pushes


@pytest.mark.parametrize(
    ("settings", "pull_request"),
    [
        ({}, None),
        ({"pull_requests": False}, None),
        ({"pull_requests": True}, PullRequest(Filter(("${BranchName}",)))),
        ({"pull_requests": {"paths": ["a"]}}, PullRequest(Filter(("${BranchName}",)), Filter(("a",)))),
        ({"pull_requests": {"branches": ["${x}"]}}, PullRequest(Filter(("${!x}",)))),
    ],
)
def test_pull_requests_are_chosen_by_their_target_branch(settings: dict[str, object], pull_request: object) -> None:
    assert trigger.read(settings, files.written(_HEAD))["pull_request"] == pull_request


def test_a_trigger_needs_a_source_behind_a_connection() -> None:
    file = files.written("trigger: {push: {branches: [main]}}")
    (problem,) = trigger.problems(file.data["trigger"], file)
    assert problem.message == "a trigger needs a source behind a connection"
    connected = files.written(f"{_HEAD}trigger: {{push: {{branches: [main]}}}}")
    assert list(trigger.problems(connected.data["trigger"], connected)) == []


def test_secrets_and_a_network_are_remarked_on_as_missing(tmp_path: Path) -> None:
    assert remarks(tmp_path, f"{_SECRETS}, {_VPC}") == [
        ("info", "builds of pull requests get no secrets: B, TOKEN"),
        ("info", "builds of pull requests run outside the VPC"),
    ]


@pytest.mark.parametrize(
    "text", ["", "trigger: {push: {branches: [main]}}", "trigger: {pull_requests: false, push: {tags: [v1]}}"]
)
def test_nothing_is_remarked_on_where_no_pull_request_is_built(tmp_path: Path, text: str) -> None:
    assert remarks(tmp_path, f"{_SECRETS}, {_VPC}", text) == []


def test_nothing_is_missing_where_a_build_has_neither(tmp_path: Path) -> None:
    assert remarks(tmp_path, "compute: small") == []
