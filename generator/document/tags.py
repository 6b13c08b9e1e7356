"""Tags in CloudFormation templates: short forms of functions become their long forms.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from generator.document.nodes import Node, list_node, mapping_node
from generator.document.scalars import resolve

_YAML = "tag:yaml.org,2002:"
_WITHOUT_PREFIX = ("Ref", "Condition")


def is_known(tag: str) -> bool:
    """Whether a tag is a short form of CloudFormation's or one of YAML's that leaves plain data."""
    if tag.startswith(_YAML):
        return tag.removeprefix(_YAML) in ("str", "int", "float", "bool", "null", "map", "seq")
    return tag.startswith("!")


def short(tag: str) -> str:
    """A tag as one writes it."""
    return tag.replace(_YAML, "!!", 1)


def apply(tag: str, node: Node) -> Node:
    """The value a tag makes of a value."""
    if tag in (f"{_YAML}str", "!"):
        return node._replace(data=node.written) if node.kind == "scalar" else node
    if tag.startswith(_YAML):
        return node._replace(data=resolve(node.written)) if node.kind == "scalar" else node
    return _long_form(tag.removeprefix("!"), node)


def _long_form(word: str, node: Node) -> Node:
    key = Node("scalar", word if word in _WITHOUT_PREFIX else f"Fn::{word}", node.start, node.end)
    if word == "GetAtt" and isinstance(node.data, str):
        node = _attribute(node)
    return mapping_node({key.data: (key, node)}, node.start, node.end)


def _attribute(node: Node) -> Node:
    """`A.B.C` names the attribute `B.C` of `A`."""
    parts = node.data.split(".", 1)
    return list_node([Node("scalar", part, node.start, node.end, part) for part in parts], node.start, node.end)
