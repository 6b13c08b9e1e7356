"""The data files are what the script makes of AWS's lists, and hand-written corrections are all of use."""

from __future__ import annotations

import importlib.metadata
import json

import pytest

from generator.permissions import extraction
from generator.permissions.corrections import BASELINE, MISSING, NOT_GRANTED, OTHER_SERVICES

_INSTALLED = f"cfn-lint {importlib.metadata.version('cfn-lint')}"
_SAID = {
    name: json.loads((extraction.DATA / name).read_text(encoding="utf-8"))
    for name in ("actions.json", "baseline.json", "types.json")
}


@pytest.mark.skipif(_SAID["types.json"]["source"] != _INSTALLED, reason="made from another cfn-lint than is installed")
def test_the_data_is_what_the_script_makes() -> None:
    data = extraction.source()
    known = extraction.services(data)
    types = extraction.published(data, known)
    assert _SAID["types.json"]["types"] == types
    assert all(known[service] == actions for service, actions in _SAID["actions.json"]["services"].items())


def test_the_baseline_is_what_the_script_makes_of_the_data() -> None:
    # Also after a correction by hand: then run it again.
    made = extraction.baseline(_SAID["types.json"]["types"], _SAID["actions.json"]["services"])
    assert json.loads(json.dumps(made)) == _SAID["baseline.json"]["statements"]


def test_the_files_say_where_they_come_from() -> None:
    assert len({(said["source"], said["extracted"]) for said in _SAID.values()}) == 1


def test_every_covered_type_has_data_or_a_correction() -> None:
    silent = {"AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"}
    assert {kind for kind in BASELINE if kind not in _SAID["types.json"]["types"] and kind not in MISSING} == silent


def test_a_correction_names_what_the_lists_hold() -> None:
    listed = {
        action
        for kind in BASELINE
        for actions in _SAID["types.json"]["types"].get(kind, {}).values()
        for action in actions
    }
    dropped = {action for actions in NOT_GRANTED.values() for action in actions}
    known = _SAID["actions.json"]["services"]
    unknown = {one for one in dropped if one.partition(":")[2].lower() not in known[one.partition(":")[0]]}
    assert dropped - listed - unknown == set()
    assert listed >= OTHER_SERVICES
    assert set(MISSING) <= set(BASELINE)
