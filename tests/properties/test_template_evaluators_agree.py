"""Our evaluation of templates against ministack's and cfn-lint's, and against truths that are known beforehand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.template import Template
from cfnlint.template.transforms._language_extensions import language_extension
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ministack.services.cloudformation import engine
from ministack.services.cloudformation import language_extensions as their_extensions

from generator.rehearsal.cloudformation import conditions, language_extensions
from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.parameters import Sent, resolve
from generator.rehearsal.cloudformation.scope import NoAccount
from tests.rehearsal.cloudformation.scopes import RESOURCES, STACK, scope, value

MAPPINGS = {"Map": {"a": {"k": "one", "l": ["x", "y"]}, "b": {"k": "two"}}}
PARAMETERS: dict[str, Any] = {"Text": "a", "Other": "b,c", "List": ["p", "q", ""]}
CONDITIONS = {"Yes": True, "No": False}

_word = st.text("ab,|-", max_size=4)
_names = st.sampled_from(["Text", "Other", "Bucket"])
_keys = st.sampled_from(["a", "b"])
_small = st.integers(1, 6)
_conditions = st.sampled_from(["Yes", "No"])


def _texts(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Calls that are text, when what is inside of them is."""
    lists = st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.just({"Ref": "List"}),
        st.builds(lambda text: {"Fn::Split": [",", text]}, inner),
        st.builds(
            lambda a, b: {"Fn::FindInMap": ["Map", a, b]}, st.sampled_from(["a", "b"]), st.sampled_from(["l", "k"])
        ),
    )
    return st.one_of(
        st.builds(lambda name: {"Ref": name}, _names),
        st.just({"Fn::GetAtt": ["Bucket", "Arn"]}),
        st.builds(lambda by, items: {"Fn::Join": [by, items]}, _word, lists),
        st.builds(lambda index, items: {"Fn::Select": [index, items]}, st.integers(0, 2), lists),
        st.builds(lambda name, a, b: {"Fn::If": [name, a, b]}, _conditions, inner, inner),
        st.builds(lambda a, b, c: {"Fn::FindInMap": [a, b, c]}, st.just("Map"), inner, st.just("k")),
        st.builds(lambda text: {"Fn::Base64": text}, inner),
        st.builds(lambda text, x: {"Fn::Sub": [text + "${X}${Text}${!X}${Bucket.Arn}", {"X": x}]}, _word, inner),
        st.builds(lambda part: {"Fn::ToJsonString": {"k": part, "l": [part]}}, inner),
        st.builds(lambda n, bits: {"Fn::Join": ["", {"Fn::Cidr": ["10.0.0.0/24", n, bits]}]}, _small, _small),
    )


_values = st.recursive(_word | st.integers(0, 9).map(str), _texts, max_leaves=8)


@settings(max_examples=400, deadline=None)
@given(node=_values)
def test_a_value_is_what_ministack_makes_of_it_wherever_both_are_defined(node: Any) -> None:
    try:
        ours = value(node, parameters=PARAMETERS, mappings=MAPPINGS, conditions=CONDITIONS)
    except (TemplateError, NotEvaluatedError):
        assume(False)
    records = {
        name: {"PhysicalResourceId": each.physical_id, "Attributes": dict(each.attributes), "ResourceType": each.type}
        for name, each in RESOURCES.items()
    }
    parameters = {name: _as_ministack_has_it(each) for name, each in PARAMETERS.items()}
    assert ours == engine._resolve_refs(node, records, parameters, CONDITIONS, MAPPINGS, STACK.name, STACK.id)


def _as_ministack_has_it(parameter: str | list[str]) -> dict[str, str]:
    if isinstance(parameter, list):
        return {"Value": ",".join(parameter), "Type": "CommaDelimitedList"}
    return {"Value": parameter, "Type": "String"}


@st.composite
def _decided(draw: st.DrawFn, decided: dict[str, bool], depth: int = 3) -> tuple[Any, bool]:
    """A condition together with its truth, which is known because it was put together from known ones."""
    kinds = ["equals", *(["not", "and", "or"] if depth else []), *(["named"] if decided else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "named":
        name = draw(st.sampled_from(sorted(decided)))
        return {"Condition": name}, decided[name]
    if kind == "equals":
        pairs = [("a", {"Ref": "Text"}, True), (True, "true", True), (1, "1", True), ("A", "a", False), (1, 1.0, False)]
        left, right, truth = draw(st.sampled_from(pairs))
        return {"Fn::Equals": draw(st.permutations([left, right]))}, truth
    count = 1 if kind == "not" else draw(st.integers(2, 4))
    parts = [draw(_decided(decided, depth - 1)) for _ in range(count)]
    truths = [truth for _, truth in parts]
    truth = {"not": not truths[0], "and": all(truths), "or": any(truths)}[kind]
    return {f"Fn::{kind.title()}": [node for node, _ in parts]}, truth


@st.composite
def _sections(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, bool]]:
    nodes: dict[str, Any] = {}
    truths: dict[str, bool] = {}
    for name in draw(st.permutations(["Ab", "Cd", "Ef", "Gh"])):
        nodes[name], truths[name] = draw(_decided(dict(truths)))
    order = draw(st.permutations(sorted(nodes)))
    return {name: nodes[name] for name in order}, truths


@settings(max_examples=300, deadline=None)
@given(section=_sections())
def test_conditions_hold_as_they_were_put_together_in_any_order(
    section: tuple[dict[str, Any], dict[str, bool]],
) -> None:
    nodes, truths = section
    assert conditions.evaluate(nodes, scope(parameters=PARAMETERS)) == truths


_items = st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3, unique=True)
_parts = st.sampled_from(
    [{"Ref": "Id"}, {"Fn::Sub": "x-${Id}-${AWS::Region}"}, {"Fn::GetAtt": ["Fixed", "Arn"]}, "plain"]
)


@st.composite
def _looped(draw: st.DrawFn) -> dict[str, Any]:
    items = draw(_items)
    resource = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": draw(_parts), "Tags": [{"Value": draw(_parts)}]}}
    loop: list[Any] = ["Id", items if draw(st.booleans()) else {"Ref": "Items"}, {"Topic${Id}": resource}]
    resources: dict[str, Any] = {"Fixed": {"Type": "AWS::SQS::Queue"}, "Fn::ForEach::One": loop}
    if draw(st.booleans()):
        inner = ["Id", draw(_items), {"Queue${Outer}${Id}": {"Type": "AWS::SQS::Queue"}}]
        resources["Fn::ForEach::Two"] = ["Outer", draw(_items), {"Fn::ForEach::Three": inner}]
    return {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": {"Items": {"Type": "CommaDelimitedList", "Default": ",".join(items)}},
        "Resources": resources,
    }


@settings(max_examples=100, deadline=None)
@given(template=_looped())
def test_loops_are_written_out_as_ministack_and_cfn_lint_write_them(template: dict[str, Any]) -> None:
    items = template["Parameters"]["Items"]["Default"]
    ours = language_extensions.apply(template, scope(parameters={"Items": items.split(",")}))["Resources"]
    assert ours == their_extensions.apply(template, {"Items": items})["Resources"]
    problems, linted = language_extension(Template("template", json.loads(json.dumps(template))))
    assert not problems
    # cfn-lint goes on to fill in what it can of an Fn::Sub; the names and the rest are the same.
    assert _without_texts(ours) == _without_texts(linted["Resources"])


def _without_texts(node: Any) -> Any:
    if isinstance(node, dict):
        return "text" if set(node) == {"Fn::Sub"} else {key: _without_texts(part) for key, part in node.items()}
    return [_without_texts(part) for part in node] if isinstance(node, list) else node


_declared = st.one_of(
    st.fixed_dictionaries(
        {"Type": st.just("String")},
        optional={
            "AllowedValues": st.lists(_word, min_size=1, max_size=3),
            "AllowedPattern": st.sampled_from(["[ab]*", "a+", "[^,]*", "(a|-)?"]),
            "MinLength": st.integers(0, 3),
            "MaxLength": st.integers(1, 4),
        },
    ),
    st.fixed_dictionaries(
        {"Type": st.sampled_from(["Number", "List<Number>"])},
        optional={"MinValue": st.integers(-3, 3), "MaxValue": st.integers(-3, 3).map(str)},
    ),
    st.fixed_dictionaries({"Type": st.just("CommaDelimitedList")}, optional={"AllowedPattern": st.just("[ab]*")}),
)


@settings(max_examples=300, deadline=None)
@given(declared=_declared, written=_word | st.sampled_from(["1", "-2.5", "1,2", " 3 , 4", "x,1"]))
def test_a_parameter_is_refused_where_ministack_refuses_it(declared: dict[str, Any], written: str) -> None:
    if "AllowedValues" in declared:
        assume(declared["Type"] == "String")
    template = {"Parameters": {"P": declared}}
    try:
        ours = resolve({"P": declared}, {"P": Sent(written)}, {}, NoAccount())["P"].value
    except TemplateError:
        with pytest.raises(ValueError):  # noqa: PT011 - the words differ where AWS's are not known
            engine._resolve_parameters(template, [{"Key": "P", "Value": written}])
        return
    theirs = engine._resolve_parameters(template, [{"Key": "P", "Value": written}])
    assert ours == engine._resolve_refs({"Ref": "P"}, {}, theirs, {}, {}, "s", "s")
