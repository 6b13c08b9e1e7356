"""The reference of the pipeline file: its JSON Schema as a page to read, with an example of every key."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Schema = Mapping[str, Any]

_WIDTH = 118

HEAD = """\
# The pipeline file

`pipeline.yaml` at the root of a repository. This page is made of the schema that `penstock schema` prints; `penstock
check` holds a file to it and says everything that is wrong at once. Two keys are needed, the rest has defaults:

```yaml
service: time-service
source:
  codecommit: {repository: time-service}
```
"""

# Keys whose inner keys are kinds, and the folder that has a page for each.
PAGES: Mapping[str, str] = {"source": "sources", "notifications": "notifications"}

# One file a key, its examples parted by "---"; together they use every key there is.
_EXAMPLES = Path(__file__).with_name("examples")


class Row(NamedTuple):
    """A key: its path in the file, what it takes, its default as written there (empty: none), its meaning."""

    path: str
    takes: str
    default: str
    meaning: str

    @property
    def linked(self) -> str:
        """The path; that of a kind leads to the kind's own page."""
        room, _, word = self.path.partition(".")
        is_kind = room in PAGES and word and "." not in word
        return f"[`{self.path}`](../{PAGES[room]}/{word}.md)" if is_kind else f"`{self.path}`"


def examples(key: str) -> tuple[str, ...]:
    """The examples of a key of the pipeline file, as YAML."""
    return tuple((_EXAMPLES / f"{key}.yaml").read_text(encoding="utf-8").split("---\n"))


def page(schema: Schema) -> str:
    """The whole page in Markdown."""
    return "\n".join([HEAD, *(_section(schema, key) for key in schema["properties"])])


def rows(schema: Schema) -> tuple[Row, ...]:
    """Every key of the pipeline file, in the schema's order."""
    return tuple(_rows(schema, schema["$defs"], ""))


def _section(schema: Schema, key: str) -> str:
    own, *inner = (row for row in rows(schema) if row.path == key or row.path.startswith(f"{key}."))
    needed = " Needed." if key in schema["required"] else ""
    default = f", {own.default} when left out" if own.default else ""
    lines = [f"## `{key}`", "", textwrap.fill(f"{own.meaning}{needed}", _WIDTH), "", f"Takes {own.takes}{default}.", ""]
    for example in examples(key):
        lines += [f"```yaml\n{example}```", ""]
    if inner:
        lines += ["| key | takes | default | meaning |", "|---|---|---|---|"]
        lines += [f"| {row.linked} | {row.takes} | {row.default} | {row.meaning} |" for row in inner]
        lines += [""]
    later = schema["properties"][key].get("x-later")
    if later:
        lines += [f"Not supported yet: {', '.join(f'`{word}`' for word in later)}.", ""]
    return "\n".join(lines)


def _rows(schema: Schema, definitions: Schema, prefix: str) -> Iterator[Row]:
    for name, written in schema.get("properties", {}).items():
        value = _resolved(written, definitions)
        path = f"{prefix}{name}"
        default = f"`{_yaml(value['default'])}`" if "default" in value else ""
        yield Row(path, _takes(value, definitions), default, _prose(value.get("description", "")))
        for inner, step in _inside(value, definitions):
            yield from _rows(inner, definitions, f"{path}.{step}")


def _inside(value: Schema, definitions: Schema) -> Iterator[tuple[Schema, str]]:
    """The mappings a value may be or hold, with the step that leads to each."""
    value = _resolved(value, definitions)
    if value.get("properties"):
        yield value, ""
    for choice in value.get("anyOf", ()):
        yield from _inside(choice, definitions)
    for inner in (value.get("items"), value.get("additionalProperties")):
        if isinstance(inner, dict):
            step = f"<{value['x-noun']}>." if "x-noun" in value else ""
            yield from ((path, f"{step}{more}") for path, more in _inside(inner, definitions))


def _takes(value: Schema, definitions: Schema) -> str:
    """What may stand there, in words."""
    value = _resolved(value, definitions)
    if "enum" in value:
        return ", ".join(f"`{_yaml(word)}`" for word in value["enum"])
    if "x-what" in value and value.get("type") == "string":
        return _prose(value["x-what"])
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(filter(None, (_takes(choice, definitions) for choice in value["anyOf"]))))
    return _plainly(value, definitions)


def _plainly(value: Schema, definitions: Schema) -> str:
    kind = value["type"]
    if kind == "array":
        return f"a list of: {_takes(value['items'], definitions)}"
    if isinstance(kind, list):
        return ", ".join(kind)
    if kind == "string" and "maxLength" in value:
        return f"text of at most {value['maxLength']:,} characters"
    words = {"object": "a mapping", "boolean": "`true`, `false`", "string": "text", "null": ""}
    return words[kind]


def _resolved(value: Schema, definitions: Schema) -> Schema:
    """A schema with what it refers to; what stands beside the reference wins."""
    if "$ref" not in value:
        return value
    return {**definitions[value["$ref"].removeprefix("#/$defs/")], **{k: v for k, v in value.items() if k != "$ref"}}


def _prose(text: str) -> str:
    """Text in which Markdown sees no markup and no cell's end."""
    return re.sub(r"([|<*])", r"\\\1", text)


def _yaml(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
