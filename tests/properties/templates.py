"""A generated template as AWS would see it: intrinsics resolved with stand-ins, references collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "111122223333",
    "AWS::StackName": "some-stack",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": None,
}


# What parameters without a default are launched with.
_ASKED = {"PipelineAccount": "999988887777"}


class _Loader(yaml.CSafeLoader):
    """Reads CloudFormation's short tags as their long forms."""


def _tagged(loader: Any, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    else:
        value = loader.construct_sequence(node, deep=True)
    if suffix == "GetAtt":
        return {"Fn::GetAtt": value.split(".", 1)}
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def load(text: str) -> dict[str, Any]:
    """The template's data, short tags in their long forms."""
    data: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of CSafeLoader
    return data


def references(value: Any) -> Iterator[str]:
    """Every logical id, parameter and pseudo parameter that is named anywhere in a value."""
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)
    elif isinstance(value, Mapping):
        if "Ref" in value:
            yield value["Ref"]
        elif "Fn::GetAtt" in value:
            yield value["Fn::GetAtt"][0]
        elif "Fn::Sub" in value:
            text, own = value["Fn::Sub"] if isinstance(value["Fn::Sub"], list) else (value["Fn::Sub"], {})
            yield from (name.split(".")[0] for name in _VARIABLE.findall(text) if name not in own)
            yield from references(own)
        else:
            for inner in value.values():
                yield from references(inner)


def resolve(value: Any, template: Mapping[str, Any]) -> Any:
    """The value after launch, with stand-ins for what CloudFormation makes up."""
    if isinstance(value, list):
        return [item for item in (resolve(inner, template) for inner in value) if item is not None]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        ((name, inner),) = value.items()
        if name == "Ref" or name.startswith("Fn::"):
            return _call(name.removeprefix("Fn::"), inner, template)
    return {key: done for key, inner in value.items() if (done := resolve(inner, template)) is not None}


def _call(name: str, argument: Any, template: Mapping[str, Any]) -> Any:
    calls: dict[str, Callable[[], Any]] = {
        "Ref": lambda: PSEUDO[argument] if argument in PSEUDO else _default(argument, template),
        "GetAtt": lambda: (
            f"arn:aws:made:eu-west-1:111122223333:{argument[0]}" if argument[1] == "Arn" else "-".join(argument)
        ),
        "Sub": lambda: _substituted(argument, template),
        "Split": lambda: str(resolve(argument[1], template)).split(argument[0]),
        "If": lambda: resolve(argument[1 if resolve(template["Conditions"][argument[0]], template) else 2], template),
        "Equals": lambda: resolve(argument[0], template) == resolve(argument[1], template),
        "Not": lambda: not resolve(argument[0], template),
    }
    return calls[name]()


def _substituted(argument: Any, template: Mapping[str, Any]) -> str:
    text, own = argument if isinstance(argument, list) else (argument, {})
    resolved = resolve(own, template)
    return _VARIABLE.sub(lambda m: str(resolved.get(m[1]) or _named(m[1], template)), text).replace("${!", "${")


def _named(name: str, template: Mapping[str, Any]) -> Any:
    return _call("GetAtt", name.split(".", 1), template) if "." in name else _call("Ref", name, template)


def _default(name: str, template: Mapping[str, Any]) -> str:
    parameter = template.get("Parameters", {}).get(name)
    return str(parameter.get("Default", _ASKED.get(name))) if parameter else name


def statements(template: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every identity policy, with the logical id of its role or policy, after launch."""
    for logical_id, resource in template["Resources"].items():
        properties = resource["Properties"]
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            documents.append(properties["PolicyDocument"])
        for document in documents:
            for statement in document["Statement"]:
                yield logical_id, resolve(statement, template)


def as_list(value: Any) -> list[Any]:
    """A policy's value: one or several."""
    return value if isinstance(value, list) else [value]
