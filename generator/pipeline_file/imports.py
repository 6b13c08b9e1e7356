"""Exports of one service that another imports: CloudFormation wants the one deployed first, and no reference says so.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generator.application.template import Template
from generator.document import Path
from generator.errors import Problem
from generator.pipeline_file.file import File
from generator.pipeline_file.services import needs

# A name with this is another one in each stack.
_OF_THE_STACK = "AWS::StackName"


def unordered(file: File) -> Iterator[Problem]:
    """Imports of what a service exports that is not deployed before, as far as both write the same name."""
    templates = {part.word: part.app.template for part in file.parts if part.app.template}
    exporters = {
        name: word
        for word, template in templates.items()
        for output in template.outputs.values()
        if (name := _name(output.export))
    }
    needed = needs(file)
    for word, template in templates.items():
        for path, name in _imports(template):
            exporter = exporters.get(name, word)
            if exporter not in {word, *_before(word, needed)}:
                message = f"service '{word}' imports what '{exporter}' exports, and is not deployed after it"
                yield template.problem(path, message, f"services: {{{word}: {{after: [{exporter}]}}}}")


def _imports(template: Template) -> Iterator[tuple[Path, str]]:
    waiting: list[tuple[Path, Any]] = [((), template.document.data)]
    while waiting:
        path, value = waiting.pop(0)
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, each in inner:
            if key == "Fn::ImportValue" and (name := _name(each)):
                yield path, name
            waiting.append(((*path, key), each))


def _name(written: Any) -> str:
    """The name of an export as it is written; empty where it is none, or differs from stack to stack."""
    text = json.dumps(written, sort_keys=True, default=str) if written else ""
    return "" if _OF_THE_STACK in text else text


def _before(word: str, needed: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """All services that are deployed before one."""
    before: set[str] = set()
    waiting = [word]
    while waiting:
        for each in needed.get(waiting.pop(), ()):
            if each not in before:
                before.add(each)
                waiting.append(each)
    return frozenset(before)
