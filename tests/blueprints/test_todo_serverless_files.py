"""The blueprint of several services as a repository: what a person finds in it, locked and private."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from generator.repository import assets
from tests.blueprints.languages import FOLDER

BLUEPRINT = FOLDER / "todo-serverless"
SERVICES = {
    "database": "backend-database",
    "restapi": "backend-restapi",
    "tasks": "backend-scheduled-tasks",
    "website": "frontend-website",
}


class Reader(yaml.CSafeLoader):
    """Takes the short forms of intrinsic functions for texts."""


Reader.add_multi_constructor("!", lambda _loader, suffix, node: f"!{suffix} {node.value}")


def text(name: str) -> str:
    return (BLUEPRINT / name).read_text(encoding="utf-8")


def service(folder: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(text(f"{folder}/serverless.yml"), Loader=Reader)  # noqa: S506 - a safe loader
    return data


def test_the_compose_file_names_every_service_by_its_folder() -> None:
    composed = yaml.safe_load(text("serverless-compose.yml"))["services"]
    assert {name: each["path"] for name, each in composed.items()} == SERVICES
    # So their stacks begin with the project's name, as the pipeline's do.
    assert [service(folder)["service"] for folder in SERVICES.values()] == [f"todo-{name}" for name in SERVICES]


def test_every_service_with_code_has_unit_tests() -> None:
    with_code = {folder for folder in SERVICES.values() if (BLUEPRINT / folder / "src").exists()}
    assert with_code == set(SERVICES.values()) - {"backend-database"}
    assert {path.parents[1].name for path in BLUEPRINT.glob("*/tests/*.test.mjs")} == with_code


def test_every_file_the_readme_names_is_there() -> None:
    names = re.findall(r"`((?:[\w-]+/)*[\w-]+(?:/|\.(?:ya?ml|json|mjs|sh)))`", text("README.md"))
    inside = [*BLUEPRINT.rglob("*")]
    missing = {name for name in names if not any(path.match(name.rstrip("/")) for path in inside)}
    assert len(set(names)) >= 12
    assert missing == set()


def test_the_lock_file_names_versions_and_hashes_but_no_place_to_load_from() -> None:
    lock, package = json.loads(text("package-lock.json")), json.loads(text("package.json"))
    assert not [each for each in lock["packages"].values() if "resolved" in each]
    assert all("integrity" in each for path, each in lock["packages"].items() if path)
    own = lock["packages"][""]
    assert {key: own[key] for key in ("name", "version", "devDependencies", "engines")} == {
        key: package[key] for key in ("name", "version", "devDependencies", "engines")
    }


def test_the_tool_is_the_version_that_a_build_takes_where_none_is_locked() -> None:
    program = (assets.folder("buildspecs") / "stages" / "serverless_framework.py").read_text()
    assert f'"osls@{json.loads(text("package.json"))["devDependencies"]["osls"]}"' in program


def test_the_bucket_of_the_website_is_open_to_nobody() -> None:
    resources = service("frontend-website")["resources"]["Resources"]
    assert [each["Type"] for each in resources.values()] == ["AWS::S3::Bucket"]
    assert set(resources["SiteBucket"]["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    # Whoever may write into it gets the right in pipeline.yaml, for the bucket of the stage alone.
    stages = yaml.safe_load(text("pipeline.yaml"))["stages"]
    arns = [settings["after"]["statements"][0]["resources"] for stage in stages for settings in stage.values()]
    assert arns == [[f"arn:aws:s3:::${{ServiceName}}-website-{next(iter(stage))}-*"] for stage in stages]


def test_the_table_stays_whoever_removes_its_stack() -> None:
    table = service("backend-database")["resources"]["Resources"]["Todos"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
