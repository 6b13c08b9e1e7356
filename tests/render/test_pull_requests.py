"""What the pipeline of pull requests may do, read from the template it is rendered of."""

from __future__ import annotations

import fnmatch
import json
from pathlib import Path
from typing import Any

import pytest

from generator.compiler.pipeline import compile_file
from generator.model.pipeline import SERVICE_LENGTH
from generator.render.template_text import to_yaml
from generator.repository.files import Repository
from tests.properties.templates import as_list, load, resolve

APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")
HEAD = "service: {}\nsource:\n  github: {{repository: acme/time-service}}\n"
OPTIONS = """\
trigger: {pull_requests: true}
build:
  secrets: {TOKEN: {secretsmanager: token}, OTHER: {parameter_store: /other}}
  vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d], security_groups: [sg-0a1b2c3d]}
"""


def template(folder: Path, service: str) -> dict[str, Any]:
    file = folder / "pipeline.yaml"
    file.write_text(HEAD.format(service) + OPTIONS)
    parsed: dict[str, Any] = load(to_yaml(compile_file(file, "pipeline.yaml", APPLICATION).pipeline, "x", "0"))
    return parsed


@pytest.fixture
def rendered(tmp_path: Path) -> dict[str, Any]:
    return template(tmp_path, "time-service")


def granted(role: dict[str, Any]) -> list[dict[str, Any]]:
    (policy,) = role["Properties"]["Policies"]
    return list(policy["PolicyDocument"]["Statement"])


def test_it_has_no_stage_after_build(rendered: dict[str, Any]) -> None:
    stages = rendered["Resources"]["PullRequests"]["Properties"]["Stages"]
    actions = [action["ActionTypeId"]["Category"] for stage in stages for action in stage["Actions"]]
    assert ([stage["Name"] for stage in stages], actions) == (["Source", "Build"], ["Source", "Build"])


def test_it_hears_of_pull_requests_alone(rendered: dict[str, Any]) -> None:
    properties = rendered["Resources"]["PullRequests"]["Properties"]
    (trigger,) = properties["Triggers"]
    heard = trigger["GitConfiguration"]
    assert heard == {
        "SourceActionName": "Source",
        "PullRequest": [{"Branches": {"Includes": [{"Ref": "BranchName"}]}, "Events": ["OPEN", "UPDATED"]}],
    }
    assert properties["Stages"][0]["Actions"][0]["Configuration"]["DetectChanges"] == "false"
    assert "Triggers" not in rendered["Resources"]["Pipeline"]["Properties"]


@pytest.mark.parametrize("role", ["PullRequestsRole", "PullRequestsBuildRole"])
def test_its_roles_may_neither_deploy_nor_pass_a_role_nor_read_a_secret(rendered: dict[str, Any], role: str) -> None:
    actions = [action for statement in granted(rendered["Resources"][role]) for action in as_list(statement["Action"])]
    services = {action.partition(":")[0] for action in actions}
    assert services <= {"codebuild", "codeconnections", "codestar-connections", "logs", "s3"}
    assert "*" not in [
        resource for statement in granted(rendered["Resources"][role]) for resource in as_list(statement["Resource"])
    ]


@pytest.mark.parametrize("service", ["a", "s" * SERVICE_LENGTH, "pull-requests", "packaged", "cache"])
@pytest.mark.parametrize("role", ["PullRequestsRole", "PullRequestsBuildRole"])
def test_its_roles_reach_no_object_of_what_is_delivered(tmp_path: Path, role: str, service: str) -> None:
    rendered = template(tmp_path, service)
    objects = [
        resolve(resource, rendered).rpartition("/")[2]
        for statement in granted(rendered["Resources"][role])
        if "s3:PutObject" in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]
    assert objects == ["PullRequests-*"]
    assert not [key for key in (f"{service}-pipeline", "Packaged", "Cache") if fnmatch.fnmatchcase(key, objects[0])]
    assert fnmatch.fnmatchcase(f"PullRequests-{service}"[:20], objects[0])


def test_its_build_has_no_secret_no_network_and_no_cache(rendered: dict[str, Any]) -> None:
    project = rendered["Resources"]["PullRequestsBuildProject"]["Properties"]
    assert not {"Cache", "VpcConfig"} & set(project)
    assert {variable.get("Type", "PLAINTEXT") for variable in project["Environment"]["EnvironmentVariables"]} == {
        "PLAINTEXT"
    }
    assert "Packaged" not in json.dumps(project["Environment"]).replace("PullRequests-Packaged", "")
