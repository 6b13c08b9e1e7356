"""The data files are what the script makes of AWS's lists, and hand-written corrections are all of use."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import pytest

from generator.permissions import extraction
from generator.permissions.corrections import BASELINE, MISSING, NOT_GRANTED, OTHER_SERVICES, RARE
from generator.permissions.unknown_actions import NO_ACTION, NOT_LISTED_BY_IAM, RENAMED

_INSTALLED = f"cfn-lint {importlib.metadata.version('cfn-lint')}"
_DATA_FILES = {
    name: json.loads((extraction.DATA / name).read_text(encoding="utf-8"))
    for name in ("actions.json", "baseline.json", "types.json")
}


@pytest.mark.skipif(
    _DATA_FILES["types.json"]["source"] != _INSTALLED, reason="made from another cfn-lint than is installed"
)
def test_the_data_is_what_the_script_makes() -> None:
    data = extraction.source()
    services = extraction.services(data)
    types = extraction.published(data / "schemas" / "resources", services)
    assert _DATA_FILES["types.json"]["types"] == types
    assert all(services[service] == actions for service, actions in _DATA_FILES["actions.json"]["services"].items())


def test_the_baseline_is_what_the_script_makes_of_the_data() -> None:
    # Also after a correction by hand: then run it again.
    baseline = extraction.baseline(_DATA_FILES["types.json"]["types"], _DATA_FILES["actions.json"]["services"])
    assert json.loads(json.dumps(baseline)) == _DATA_FILES["baseline.json"]["statements"]


def test_the_files_say_where_they_come_from() -> None:
    assert len({(content["source"], content["extracted"]) for content in _DATA_FILES.values()}) == 1


def test_every_covered_type_has_data_or_a_correction() -> None:
    silent = {"AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"}
    assert {
        kind for kind in BASELINE if kind not in _DATA_FILES["types.json"]["types"] and kind not in MISSING
    } == silent


def test_a_correction_names_what_the_lists_hold() -> None:
    listed = {
        action
        for kind in (*BASELINE, *RARE)
        for actions in _DATA_FILES["types.json"]["types"].get(kind, {}).values()
        for action in actions
    }
    dropped = {action for actions in NOT_GRANTED.values() for action in actions}
    services = _DATA_FILES["actions.json"]["services"]
    unknown = {
        request for request in dropped if request.partition(":")[2].lower() not in services[request.partition(":")[0]]
    }
    assert dropped - listed - unknown == set()
    assert listed >= OTHER_SERVICES
    assert set(MISSING) <= set(BASELINE)


def _schemas(folder: Path, *actions: str) -> Path:
    """A folder of one schema, whose handler for creating names these actions."""
    schema = {"typeName": "AWS::Shop::Till", "handlers": {"create": {"permissions": list(actions)}}}
    (folder / "till.json").write_text(json.dumps(schema), encoding="utf-8")
    return folder


_IAM_ACTIONS: dict[str, dict[str, list[str]]] = {
    "shop": {"createtill": [], "describetill": []},
    "s3": {"putbucketcors": []},
}


def test_an_action_that_nobody_knows_stops_the_script(tmp_path: Path) -> None:
    schemas = _schemas(tmp_path, "shop:CreateTill", "shop:OpenTill", "till:*")
    with pytest.raises(extraction.UnknownActionError, match=r"what are shop:OpenTill, till:\*"):
        extraction.published(schemas, _IAM_ACTIONS)


def test_an_operation_s_name_becomes_the_action_iam_checks_and_a_pattern_what_is_named_of_it(tmp_path: Path) -> None:
    schemas = _schemas(tmp_path, "shop:CreateTill", "shop:Create*", "s3:DeleteBucketCors", "noservice:NoAction")
    published = extraction.published(schemas, _IAM_ACTIONS)
    assert published == {"AWS::Shop::Till": {"create": ["s3:PutBucketCORS", "shop:CreateTill"]}}


@pytest.mark.skipif(
    _DATA_FILES["types.json"]["source"] != _INSTALLED, reason="made from another cfn-lint than is installed"
)
def test_what_is_said_of_unknown_actions_is_said_of_actions_that_the_schemas_name() -> None:
    schemas = extraction.source() / "schemas" / "resources"
    named = {
        action
        for file in schemas.glob("*.json")
        for handler in json.loads(file.read_text(encoding="utf-8")).get("handlers", {}).values()
        for action in handler.get("permissions", ())
    }
    explained = {*RENAMED, *NOT_LISTED_BY_IAM, *(action for actions in NO_ACTION.values() for action in actions)}
    assert explained - named == set()


def test_a_tagged_stage_of_an_http_api_may_be_made_by_every_baseline() -> None:
    stage = _DATA_FILES["types.json"]["types"]["AWS::ApiGatewayV2::Stage"]
    assert "apigateway:TagResource" in stage["create"]
    assert {"apigateway:TagResource", "apigateway:UntagResource"} <= set(stage["update"])
