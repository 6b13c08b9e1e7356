"""Changes made to an application's templates in the rehearsal's copy, so that every right of a pipeline is asked for.

Templates are changed as YAML's nodes: short forms (`!Ref`) and the order of everything stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml

from generator.aws_rules import schemas

_REGION = "us-east-1"
_CHANGED = "Changed by the rehearsal"
_SAM_TAGS = ("Api", "Function", "HttpApi", "SimpleTable", "StateMachine")
_SAM_DESCRIPTIONS = ("Api", "Function")
_SAM = "AWS::Serverless::"
_FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
# SAM makes several resources, or one of another name, out of these: nothing can wait for them.
_NOT_WAITED_FOR = frozenset({f"{_SAM}LayerVersion", f"{_SAM}Connector"})
_HANDLE, _REFUSAL = "PenstockRehearsalHandle", "PenstockRehearsalRefusal"


class UnchangeableError(Exception):
    """Why a template cannot be changed by itself; the text completes "no commit that ...: "."""


def changed(template: str) -> str:
    """A tag more on every resource that can have one, another description where there can be one.

    Raises UnchangeableError when the text is no template or nothing in it can change.
    """
    root = _root(template)
    done = [_change(kind, resource) for kind, _, resource in _resources(root)]
    if not any(done):
        raise UnchangeableError("no resource has tags or a description that could change")
    return _text(root)


def code_folders(template: str, path: str) -> list[str]:
    """The folders with code of the functions, below the repository's root; `path` is where the template stands."""
    folders = set()
    for kind, _, resource in _resources(_root(template)):
        code = _get(_properties(resource), "CodeUri") if kind == _FUNCTIONS[0] else None
        if isinstance(code, yaml.ScalarNode) and not code.tag.startswith("!"):
            folders.add(str(PurePosixPath(path).parent / code.value))
    return sorted(folders)


def failing(template: str) -> str:
    """A resource more that fails when all others are done, whatever the role may: a wait that nobody ends.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-waitcondition.html
    """
    root = _root(template)
    there = [(kind, name) for kind, name, resource in _resources(root) if _get(resource, "Condition") is None]
    waited = [name for kind, name in there if kind not in _NOT_WAITED_FOR]
    resources = _get(root, "Resources")
    assert isinstance(resources, yaml.MappingNode)  # noqa: S101 - _root has seen to it
    _set(resources, _HANDLE, {"Type": "AWS::CloudFormation::WaitConditionHandle"})
    refusal = {
        "Type": "AWS::CloudFormation::WaitCondition",
        "DependsOn": waited,
        "Properties": {"Handle": {"Ref": _HANDLE}, "Timeout": "1"},
    }
    _set(resources, _REFUSAL, refusal)
    return _text(root)


def broken(template: str) -> str:
    """Functions whose handler is not there. Raises UnchangeableError when none names one."""
    root = _root(template)
    defaults = _get(_get(root, "Globals"), "Function")
    handlers = [
        handler
        for holder in (
            defaults,
            *(_properties(resource) for kind, _, resource in _resources(root) if kind in _FUNCTIONS),
        )
        if isinstance(handler := _get(holder, "Handler"), yaml.ScalarNode)
    ]
    if not handlers:
        raise UnchangeableError("no function names a handler")
    for handler in handlers:
        handler.value += "_that_is_not_there"
    return _text(root)


def _root(template: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(template, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise UnchangeableError(f"the template is not YAML: {error}") from None
    if not isinstance(root, yaml.MappingNode) or not isinstance(_get(root, "Resources"), yaml.MappingNode):
        raise UnchangeableError("the template has no resources")
    return root


def _text(root: yaml.Node) -> str:
    return str(yaml.serialize(root, Dumper=yaml.SafeDumper, width=10_000))


def _resources(root: yaml.Node) -> Iterator[tuple[str, str, yaml.MappingNode]]:
    """Type, logical id and node of each resource that is written out."""
    resources = _get(root, "Resources")
    for name, node in resources.value if isinstance(resources, yaml.MappingNode) else ():
        kind = _get(node, "Type")
        if isinstance(node, yaml.MappingNode) and isinstance(kind, yaml.ScalarNode):
            yield kind.value, name.value, node


def _change(kind: str, resource: yaml.MappingNode) -> bool:
    properties = _properties(resource)
    if properties is None:
        properties = yaml.MappingNode("tag:yaml.org,2002:map", [])
        resource.value.append((_node("Properties"), properties))
    described = _has_description(kind)
    if described:
        _set(properties, "Description", _CHANGED)
    return _tag(properties, _shape_of_tags(kind)) or described


def _tag(properties: yaml.MappingNode, shape: str) -> bool:
    """Add a tag; not where tags are an intrinsic, whose outcome is not known."""
    tags = _get(properties, "Tags")
    if shape == "map" and (tags is None or _is_plain(tags, yaml.MappingNode)):
        target = tags if isinstance(tags, yaml.MappingNode) else _set(properties, "Tags", {})
        _set(target, "penstock-rehearsal", "changed")
    elif shape == "list" and (tags is None or _is_plain(tags, yaml.SequenceNode)):
        target = tags if isinstance(tags, yaml.SequenceNode) else _set(properties, "Tags", [])
        target.value.append(_node({"Key": "penstock-rehearsal", "Value": "changed"}))
    else:
        return False
    return True


def _is_plain(node: yaml.Node, kind: type[yaml.Node]) -> bool:
    return isinstance(node, kind) and not node.tag.startswith("!") and not _is_intrinsic(node)


def _is_intrinsic(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and any(key.value.startswith("Fn::") for key, _ in node.value)


def _shape_of_tags(kind: str) -> str:
    """How the Tags of a type are written: "map", "list", or "" where there are none to change."""
    if kind.startswith(_SAM):
        return "map" if kind.removeprefix(_SAM) in _SAM_TAGS else ""
    schema = schemas.schema_of(kind, _REGION) or {}
    tags = schema.get("properties", {}).get("Tags")
    if tags is None or not _may_change(schema, "Tags") or not schema.get("tagging", {}).get("tagUpdatable", True):
        return ""
    return "list" if tags.get("type") == "array" else "map"


def _has_description(kind: str) -> bool:
    if kind.startswith(_SAM):
        return kind.removeprefix(_SAM) in _SAM_DESCRIPTIONS
    schema = schemas.schema_of(kind, _REGION) or {}
    description = schema.get("properties", {}).get("Description", {})
    return description.get("type") == "string" and _may_change(schema, "Description")


def _may_change(schema: Mapping[str, Any], name: str) -> bool:
    fixed = (*schema.get("createOnlyProperties", ()), *schema.get("readOnlyProperties", ()))
    return f"/properties/{name}" not in fixed


def _properties(resource: yaml.Node) -> yaml.MappingNode | None:
    properties = _get(resource, "Properties")
    return properties if isinstance(properties, yaml.MappingNode) else None


def _get(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _set(node: yaml.MappingNode, key: str, value: Any) -> Any:
    """Put a plain value in a mapping, in the place of what it had; the new node."""
    new = _node(value)
    node.value[:] = [pair for pair in node.value if pair[0].value != key]
    node.value.append((_node(key), new))
    return new


def _node(value: Any) -> Any:
    return yaml.compose(yaml.safe_dump(value), yaml.SafeLoader)
