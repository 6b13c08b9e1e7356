"""The template as text: YAML with a comment for each part, or JSON; the same bytes for the same input."""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Mapping
from typing import Any

import yaml

from generator.model.pipeline import Pipeline
from generator.model.text import Json
from generator.render.indenting import with_one_space
from generator.render.template import rendered, template

MARK = "Made by Penstock"
_WIDTH = 178
# What fits on one line beside its key.
_FLOW = 170
_SHORT = {"Ref": "!Ref"} | {f"Fn::{name}": f"!{name}" for name in ("Equals", "If", "Not", "Split", "Sub")}
_SECTIONS = {
    "Metadata": "How the console lays out the parameters.",
    "Parameters": "The same template serves many services: launch it again with another name.",
    "Conditions": "What depends on the parameters.",
    "Resources": "The pipeline and all it needs.",
    "Outputs": "What a person wants to know.",
}


def to_yaml(pipeline: Pipeline, origin: str, version: str) -> str:
    """The template as commented YAML. `origin` is the pipeline file's name, `version` Penstock's."""
    data, notes = rendered(pipeline)
    head = f"# {MARK} {version} from {origin}: change that file and generate this one again.\n"
    return head + "".join(_section(name, body, notes) for name, body in data.items())


def to_json(pipeline: Pipeline, origin: str, version: str) -> str:
    """The template as JSON; comments have no place in it, so the mark is metadata."""
    data = template(pipeline)
    made = {"Penstock": {"Comment": f"{MARK} {version} from {origin}"}}
    return json.dumps(data | {"Metadata": made | data["Metadata"]}, indent=1, ensure_ascii=False) + "\n"


def is_ours(head: str) -> bool:
    """Whether a file that begins so was made by us; one that merely speaks of us was not."""
    return head.startswith(f"# {MARK} ") or (head.startswith("{") and f'"Comment": "{MARK} ' in head)


def _section(name: str, body: Json, notes: Mapping[str, str]) -> str:
    if not isinstance(body, dict):
        return _dump({name: body}, 0)
    inner = "".join(_entry(key, value, notes) for key, value in body.items())
    return f"\n# {_SECTIONS[name]}\n{name}:\n{inner}"


def _entry(key: str, value: Json, notes: Mapping[str, str]) -> str:
    note = "".join(f" # {line}\n" for line in textwrap.wrap(notes[key], _WIDTH - 4)) if key in notes else ""
    return f"{chr(10) * bool(note)}{note}{_dump({key: value}, 1)}"


def _dump(data: Json, indent: int) -> str:
    node = _Dumper(io.StringIO(), sort_keys=False).represent_data(_tagged(data))
    for _, value in node.value:
        _compact(value)
    text: str = yaml.serialize(node, Dumper=_Dumper, width=_WIDTH - indent, allow_unicode=True)
    return textwrap.indent(with_one_space(text), " " * indent)


def _compact(node: Any) -> int:
    """Write what is short on one line, as a person would; how long the node is so (more than a line: it is not)."""
    if isinstance(node, yaml.ScalarNode):
        return len(node.value) + len(node.tag) * node.tag.startswith("!") + _FLOW * ("\n" in node.value)
    pairs = isinstance(node, yaml.MappingNode)
    parts = [part for pair in node.value for part in pair] if pairs else node.value
    length = sum([_compact(part) + 4 for part in parts])
    node.flow_style = length <= _FLOW or _flows(node, parts)
    return length


def _flows(node: Any, parts: list[Any]) -> bool:
    # A list of texts and a policy's statement run on over lines: each part on a line of its own would double a policy.
    if isinstance(node, yaml.MappingNode):
        return any(part.value == "Effect" for part in parts)
    return node.tag == "!Split" or all(isinstance(part, yaml.ScalarNode) for part in parts)


class _Tagged:
    """An intrinsic function in its short form."""

    __slots__ = ("tag", "value")

    def __init__(self, tag: str, value: Json) -> None:
        self.tag = tag
        self.value = value


def _tagged(data: Json) -> Json:
    if isinstance(data, dict):
        if len(data) == 1:
            ((key, value),) = data.items()
            if key == "Fn::GetAtt":
                return _Tagged("!GetAtt", ".".join(value))
            if key in _SHORT:
                return _Tagged(_SHORT[key], _tagged(value))
        return {key: _tagged(value) for key, value in data.items()}
    return [_tagged(value) for value in data] if isinstance(data, list) else data


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the C one may be missing
    """PyYAML's dumper with short intrinsics and readable long texts, and without anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """CloudFormation's templates are read by many tools; not all know anchors."""
        return True


def _represent_tagged(dumper: Any, tagged: _Tagged) -> Any:
    node = dumper.represent_data(tagged.value)
    node.tag = tagged.tag
    return node


def _represent_text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(_Tagged, _represent_tagged)
_Dumper.add_representer(str, _represent_text)
