"""What Fn::If and Fn::FindInMap choose inside a value, as far as the template lets it be known before launch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.application.conditions import holds
from generator.application.values import scalar, text_of

_NO_VALUE = {"Ref": "AWS::NoValue"}


def chosen(value: Any, template: Mapping[str, Any], values: Mapping[str, str]) -> Any:
    """A value with its choices made, given the `values` of parameters; one that only a launch can make stays.

    `template` is the template's data, whose conditions and mappings decide. None for AWS::NoValue.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
    """
    match value:
        case {"Fn::If": [str(condition), yes, no]}:
            answer = holds(condition, template.get("Conditions"), values)
            return value if answer is None else chosen(yes if answer else no, template, values)
        case {"Fn::FindInMap": [name, *keys]}:
            return _in_map(value, [name, *keys], template, values)
        case dict():
            return None if value == _NO_VALUE else {key: chosen(part, template, values) for key, part in value.items()}
        case list():
            return [chosen(part, template, values) for part in value]
    return value


def _in_map(call: Any, keys: list[Any], template: Mapping[str, Any], values: Mapping[str, str]) -> Any:
    place: Any = template.get("Mappings")
    for key in keys:
        text = text_of(chosen(key, template, values), values)
        if text is None or not isinstance(place, Mapping) or text not in place:
            return call
        place = place[text]
    return call if scalar(place) is None else place
