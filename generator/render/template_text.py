"""The template as text: YAML with a comment for each part, or JSON; the same bytes for the same input."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from typing import Any, Literal

import yaml

from generator.model.pipeline import Pipeline
from generator.model.text import Json
from generator.render.template import Rendered, Stack, of_pipeline, rendered, stacks

Form = Literal["yaml", "json"]

MARK = "Made by Penstock"
# Texts with spaces run on over lines from here, and comments end before it. An ARN is one word, and never broken.
_WIDTH = 110
_INDENT = "  "
_STATEMENT = re.compile(r"^(?P<indent> *)- Sid: (?P<sid>\w+)$", re.MULTILINE)
_SHORT = {"Ref": "!Ref"} | {f"Fn::{name}": f"!{name}" for name in ("Equals", "If", "Not", "Sub")}
_SECTIONS = {
    "Metadata": "How the console lays out the parameters.",
    "Parameters": "The same template serves many services: launch it again with another name.",
    "Conditions": "What depends on the parameters.",
    "Outputs": "What a person wants to know.",
}


def templates(pipeline: Pipeline, origin: str, version: str, form: Form = "yaml") -> Mapping[str, str]:
    """The text of each template that a pipeline file makes, by the name of its stack: the pipeline's own first."""
    write = _json if form == "json" else _yaml
    return {name: write(stack, origin, version) for name, stack in stacks(pipeline).items()}


def to_yaml(pipeline: Pipeline, origin: str, version: str) -> str:
    """The pipeline's template as commented YAML. `origin` is the pipeline file's name, `version` Penstock's."""
    return _yaml(of_pipeline(pipeline), origin, version)


def to_json(pipeline: Pipeline, origin: str, version: str) -> str:
    """The pipeline's template as JSON; comments have no place in it, so the mark is metadata."""
    return _json(of_pipeline(pipeline), origin, version)


def _yaml(stack: Stack, origin: str, version: str) -> str:
    result = rendered(stack)
    head = f"# {MARK} {version} from {origin}: change that file and generate this one again.\n"
    return head + "".join(_section(name, body, result) for name, body in result.data.items())


def _json(stack: Stack, origin: str, version: str) -> str:
    data = rendered(stack).data
    metadata = {"Penstock": {"Comment": f"{MARK} {version} from {origin}"}}
    return json.dumps(data | {"Metadata": metadata | data["Metadata"]}, indent=2, ensure_ascii=False) + "\n"


def is_ours(head: str) -> bool:
    """Whether a file that begins so was made by us; one that merely mentions us was not."""
    return head.startswith(f"# {MARK} ") or (head.startswith("{") and f'"Comment": "{MARK} ' in head)


def _section(name: str, body: Json, result: Rendered) -> str:
    if not isinstance(body, dict):
        return _dump({name: body})
    inner = "".join(_entry(key, value, result) for key, value in body.items())
    heading = _SECTIONS.get(name, result.heading)
    return f"\n# {heading}\n{name}:\n{textwrap.indent(inner, _INDENT)}"


def _entry(key: str, value: Json, result: Rendered) -> str:
    if not (comment := result.comments.get(key, "")):
        return _dump({key: value})
    text = _dump({key: value})
    if notes := result.notes.get(key):
        text = _STATEMENT.sub(
            lambda line: _comment(_sentence(notes.get(line["sid"], "")), line["indent"]) + line[0], text
        )
    return f"\n{_comment(comment, '')}{text}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}." if text else ""


def _comment(text: str, indent: str) -> str:
    return "".join(f"{indent}# {line}\n" for line in textwrap.wrap(text, _WIDTH - 4 - len(indent)))


def _dump(data: Json) -> str:
    text: str = yaml.dump(
        _tagged(data),
        Dumper=_Dumper,
        default_flow_style=False,
        indent=len(_INDENT),
        width=_WIDTH,
        allow_unicode=True,
        sort_keys=False,
    )
    return text


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
    if isinstance(node, yaml.SequenceNode):
        # The arguments of a function stand on its line.
        node.flow_style = True
    return node


def _represent_text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    if "\n" in text:
        return "|"
    return ">" if len(text) > _WIDTH and " " in text else None


_Dumper.add_representer(_Tagged, _represent_tagged)
_Dumper.add_representer(str, _represent_text)
