"""A template's text as values."""

from __future__ import annotations

import pytest

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.parser import parse
from generator.rehearsal.cloudformation.transforms import declared, refuse_unknown


def test_short_forms_are_the_functions_they_stand_for() -> None:
    template = parse(
        "A: !Ref B\nC: !GetAtt D.E.F\nG: !Sub ['${H}', {H: !If [I, 1, 2]}]\nJ: !Condition K\n"
        "L: !Transform {Name: AWS::Include, Parameters: {Location: s3://a/b}}\nM: !GetStackOutput {StackName: N}\n"
    )
    assert template == {
        "A": {"Ref": "B"},
        "C": {"Fn::GetAtt": ["D", "E.F"]},
        "G": {"Fn::Sub": ["${H}", {"H": {"Fn::If": ["I", 1, 2]}}]},
        "J": {"Condition": "K"},
        "L": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}},
        "M": {"Fn::GetStackOutput": {"StackName": "N"}},
    }


def test_dates_stay_texts_and_keys_become_them() -> None:
    assert parse("Version: 2012-10-17\nMappings: {M: {111122223333: {true: 1}}}\n") == {
        "Version": "2012-10-17",
        "Mappings": {"M": {"111122223333": {"true": 1}}},
    }


@pytest.mark.parametrize("source", ["- a", "A: !Length [a]", "a: [", '{"a": '])
def test_what_is_no_template_is_refused(source: str) -> None:
    with pytest.raises(TemplateError, match="Template format error"):
        parse(source)


def test_the_transforms_of_a_template_are_found_in_every_form() -> None:
    assert declared({"Transform": "A"}) == ["A"]
    assert declared({"Transform": ["A", {"Name": "B"}]}) == ["A", "B"]
    assert declared({}) == []


@pytest.mark.parametrize(
    "template",
    [
        {"Transform": "Mine"},
        {"Transform": ["AWS::LanguageExtensions", {"Name": "AWS::Include"}]},
        {"Resources": {"Fn::Transform": {"Name": "Mine"}}},
    ],
)
def test_macros_of_an_account_are_not_guessed(template: dict[str, object]) -> None:
    with pytest.raises(NotEvaluatedError):
        refuse_unknown(template)


def test_the_transforms_that_are_carried_out_pass() -> None:
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}}
    refuse_unknown({"Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"], "Resources": include})
