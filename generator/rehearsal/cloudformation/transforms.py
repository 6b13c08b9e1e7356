"""Which transforms a template declares, and which of them can be applied here.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
SERVERLESS = "AWS::Serverless-2016-10-31"
INCLUDE = "AWS::Include"


def declared(template: Mapping[str, Any]) -> list[str]:
    """The names of the template's own transforms, in their order; invalid ones are left out."""
    section = template.get("Transform") or []
    entries = section if isinstance(section, list) else [section]
    names = [entry.get("Name") if isinstance(entry, Mapping) else entry for entry in entries]
    return [name for name in names if isinstance(name, str)]


def without(template: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The template with a transform no longer declared, as it is once that was applied."""
    remaining = [other for other in declared(template) if other != name]
    processed = {key: section for key, section in template.items() if key != "Transform"}
    return {**processed, "Transform": remaining} if remaining else processed


def refuse_unknown(template: Mapping[str, Any]) -> None:
    """Raise NotEvaluatedError for a macro: an account's own, or one of AWS's that is not supported here."""
    for name in declared(template):
        if name not in {LANGUAGE_EXTENSIONS, SERVERLESS}:
            raise NotEvaluatedError(f"the transform {name}, which is declared for the whole template")
    for name in embedded(template):
        if name != INCLUDE:
            raise NotEvaluatedError(f"the macro {name}, which Fn::Transform calls")


def embedded(node: Any) -> list[Any]:
    """What Fn::Transform names anywhere in a template."""
    if isinstance(node, list):
        return [name for item in node for name in embedded(item)]
    if not isinstance(node, Mapping):
        return []
    call = node.get("Fn::Transform")
    names = [call.get("Name")] if isinstance(call, Mapping) else []
    return [*names, *(name for member in node.values() for name in embedded(member))]
