"""Macros a template needs and does not name, and macros that are somebody's own."""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.template import LANGUAGE_EXTENSIONS, SERVERLESS, Template
from generator.document import quote
from generator.errors import Problem

_LOOP = "Fn::ForEach::"


def check_transforms(template: Template) -> Iterator[Problem]:
    """SAM's resource types without SAM's transform, loops without the language extensions: each once, at the first."""
    types = ((name, macros.type) for name, macros in template.resources.items())
    first = next((name for name, kind in types if kind.startswith("AWS::Serverless::")), None)
    if first and SERVERLESS not in template.transforms:
        message = f"{template.resources[first].type} needs SAM's transform, which the template does not name"
        yield template.problem(("Resources", first, "Type"), message, f"add `Transform: {SERVERLESS}` at the top")
    if LANGUAGE_EXTENSIONS not in template.transforms:
        yield from _loop(template)
    for name in template.transforms:
        if not name.startswith("AWS::"):
            message = (
                f"the macro {quote(name)} must exist where the stack is deployed, and what it makes is not known here"
            )
            hint = "deploy the macro's own stack first; neither check nor the rehearsal runs it"
            yield template.problem(("Transform",), message, hint, level="warning")


def _loop(template: Template) -> Iterator[Problem]:
    for section in ("Conditions", "Resources", "Outputs"):
        match = template.document.data.get(section)
        for name in match if isinstance(match, dict) else ():
            if isinstance(name, str) and name.startswith(_LOOP):
                message = f"Fn::ForEach needs the transform {LANGUAGE_EXTENSIONS}, which the template does not name"
                hint = f"add {LANGUAGE_EXTENSIONS} to `Transform`, before {SERVERLESS}"
                yield template.problem((section, name), message, hint, at="key")
                return
