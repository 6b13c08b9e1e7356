"""Globals merged the way SAM merges them, compared with SAM itself."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samtranslator.plugins.globals.globals import Globals

from generator.application.inheritance import inherited, merged, section_of


def _ours(section: str, above: Any, own: Any, ignored: Any = None) -> Any:
    resource = {"Type": f"AWS::Serverless::{section}", "Properties": own, "IgnoreGlobals": ignored}
    return merged(inherited({"Globals": {section: above}}, resource), own, (section,))


def _sams(section: str, above: Any, own: Any, ignored: Any = None) -> Any:
    shared = Globals({"Globals": {section: copy.deepcopy(above)}})
    return shared.merge(f"AWS::Serverless::{section}", copy.deepcopy(own), "F", ignored)


@pytest.mark.parametrize(
    ("above", "own", "expected"),
    [
        pytest.param({"Timeout": 3}, {"Timeout": 9}, {"Timeout": 9}, id="a scalar is overridden"),
        pytest.param({"Layers": ["a"]}, {"Layers": ["b"]}, {"Layers": ["a", "b"]}, id="lists add up"),
        pytest.param(
            {"Environment": {"Variables": {"A": 1, "B": 1}}},
            {"Environment": {"Variables": {"B": 2}}},
            {"Environment": {"Variables": {"A": 1, "B": 2}}},
            id="maps merge",
        ),
        pytest.param({"CodeUri": {"Ref": "A"}}, {"CodeUri": {"Ref": "B"}}, {"CodeUri": {"Ref": "B"}}, id="functions"),
        pytest.param({"CodeUri": {"Bucket": "b"}}, {"CodeUri": "src"}, {"CodeUri": "src"}, id="a map and a scalar"),
        pytest.param({"Architectures": ["x"]}, {"Architectures": ["y"]}, {"Architectures": ["y"]}, id="the exception"),
        pytest.param({"Runtime": "x"}, {}, {"Runtime": "x"}, id="inherited"),
    ],
)
def test_a_function_inherits_as_sam_says(above: Any, own: Any, expected: Any) -> None:
    assert _ours("Function", above, own) == expected == _sams("Function", above, own)


@pytest.mark.parametrize("ignored", ["*", ["Runtime"], ["Runtime", "Timeout"], []])
def test_what_a_resource_ignores_it_does_not_inherit(ignored: Any) -> None:
    above, own = {"Runtime": "x", "Timeout": 3}, {"Handler": "h"}
    assert _ours("Function", above, own, ignored) == _sams("Function", above, own, ignored)


def test_a_resource_may_only_have_the_shared_tags_it_names() -> None:
    above = {"ManagedResourceTags": {"A": {"x": 1}, "B": {"y": 2}}}
    own = {"ManagedResourceTags": {"A": {"z": 3}}}
    expected = {"ManagedResourceTags": {"A": {"x": 1, "z": 3}}}
    assert _ours("CapacityProvider", above, own) == expected == _sams("CapacityProvider", above, own)


@pytest.mark.parametrize("kind", ["AWS::Lambda::Function", "", None, 3])
def test_other_types_inherit_nothing(kind: Any) -> None:
    assert section_of(kind) == ""
    assert inherited({"Globals": {"": {"Runtime": "x"}, "Function": {"Runtime": "x"}}}, {"Type": kind}) == {}


@pytest.mark.parametrize("globals_", [None, [], "x", {"Function": []}, {"Function": "x"}])
def test_globals_of_the_wrong_shape_give_nothing(globals_: Any) -> None:
    assert inherited({"Globals": globals_}, {"Type": "AWS::Serverless::Function"}) == {}


_KEYS = st.sampled_from(["Ref", "Fn::Sub", "Condition", "A", "B", "Architectures"])
_VALUES = st.recursive(
    st.sampled_from(["x", 1, True, None]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)
_PROPERTIES = st.dictionaries(st.sampled_from(["Environment", "Layers", "Architectures", "Tags"]), _VALUES)


@given(_PROPERTIES, _PROPERTIES)
def test_any_properties_are_merged_as_sam_merges_them(above: Any, own: Any) -> None:
    before = copy.deepcopy((above, own))
    assert _ours("Function", above, own) == _sams("Function", above, own)
    assert (above, own) == before
