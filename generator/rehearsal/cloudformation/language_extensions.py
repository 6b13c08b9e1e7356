"""The AWS::LanguageExtensions transform: loops are written out, and names that functions make become names.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html

Fn::Length, Fn::ToJsonString and what Fn::FindInMap can do more stay for the evaluation of the values they are in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.rehearsal.cloudformation import conditions, transforms
from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.evaluation import Evaluator
from generator.rehearsal.cloudformation.loops import FOR_EACH, Loops, failed
from generator.rehearsal.cloudformation.references import functions
from generator.rehearsal.cloudformation.resources import NoResources
from generator.rehearsal.cloudformation.scope import Scope
from generator.rehearsal.cloudformation.values import NO_VALUE

SECTIONS = ("Conditions", "Resources", "Outputs")
"""Where the transform works; "Functions and attributes [...] are only supported in" these."""
_ATTRIBUTES = {
    "Resources": ("Condition", "DeletionPolicy", "UpdateReplacePolicy"),
    "Outputs": ("Condition",),
}
_FUNCTIONS = ("Fn::Length", "Fn::ToJsonString")
_NEED_STACK = frozenset({"Fn::GetAtt", "Fn::GetAZs", "Fn::GetStackOutput", "Fn::ImportValue"})
_MAP_KEYS = 3


def apply(template: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """The template as the transform leaves it; unchanged where it is not declared.

    Raises TemplateError where AWS fails the transform, or a template uses what it does not declare, and
    NotEvaluatedError for what AWS's pages and AWS disagree about.
    """
    if transforms.LANGUAGE_EXTENSIONS not in transforms.declared(template):
        _refuse_undeclared(template)
        return dict(template)
    _refuse_outside_sections(template)
    bare = replace(scope, resources=NoResources(), mappings=template.get("Mappings") or {}, conditions={})
    processed = transforms.without(template, transforms.LANGUAGE_EXTENSIONS)
    loops = Loops(bare, template)
    if "Conditions" in template:
        processed["Conditions"] = loops.section(template["Conditions"])
    decided = replace(bare, conditions=conditions.evaluate(processed.get("Conditions"), bare))
    loops = loops.within(decided)
    for section, attributes in _ATTRIBUTES.items():
        if section in template:
            members = loops.section(template[section])
            processed[section] = {name: _resolved(member, attributes, decided) for name, member in members.items()}
    _refuse_lengths(processed)
    return processed


def _resolved(member: Any, attributes: tuple[str, ...], scope: Scope) -> Any:
    """A resource or an output whose attributes are texts; one without a value goes."""
    if not isinstance(member, Mapping):
        return member
    resolved = dict(member)
    for attribute in attributes:
        if isinstance(resolved.get(attribute), Mapping):
            value = Evaluator(scope).value(resolved.pop(attribute))
            resolved |= {} if value is NO_VALUE else {attribute: value}
    return resolved


def _refuse_lengths(template: Mapping[str, Any]) -> None:
    for section in SECTIONS:
        for name, argument in _calls(template.get(section)):
            if name == "Fn::Length" and any(inner in _NEED_STACK for inner, _ in functions(argument)):
                raise failed("The Fn::Length value could not be resolved for properties")


def _refuse_undeclared(template: Mapping[str, Any]) -> None:
    """Raise TemplateError for what only the transform understands, in a template that does not declare it."""
    for section, body in template.items():
        for key in _loop_keys(body):
            raise TemplateError(f"Template format error: [/{section}/{key}] resource definition is malformed")
        for name, argument in _calls(body) if section in SECTIONS else ():
            if reason := _needs_transform(name, argument):
                raise TemplateError(reason)


def _needs_transform(name: str, argument: Any) -> str:
    """Why a call cannot be without the transform, in CloudFormation's words; empty when it can."""
    if name in _FUNCTIONS:
        return (
            f"Template error: Encountered unsupported function: {name} (it needs the transform AWS::LanguageExtensions)"
        )
    if name == "Ref" and not isinstance(argument, str):
        return "Template format error: Every Ref object must have a single String value."
    if name == "Fn::GetAtt" and isinstance(argument, list) and argument and not isinstance(argument[0], str):
        return (
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the"
            " resource attribute"
        )
    if name == "Fn::FindInMap" and isinstance(argument, list) and len(argument) > _MAP_KEYS:
        return (
            "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the"
            " attribute for return value"
        )
    return ""


def _refuse_outside_sections(template: Mapping[str, Any]) -> None:
    for section, body in template.items():
        if section in {*SECTIONS, "Metadata"}:
            continue
        for key in [*_loop_keys(body), *(name for name, _ in _calls(body) if name in _FUNCTIONS)]:
            raise NotEvaluatedError(f"{key} in the {section} section, where AWS's page does not allow it")


def _calls(section: Any) -> Iterator[tuple[str, Any]]:
    """Every call in the members of a section; a member itself may have any name, Ref too."""
    return functions(list(section.values()) if isinstance(section, Mapping) else section)


def _loop_keys(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _loop_keys(item)
    elif isinstance(node, Mapping):
        for key, member in node.items():
            if isinstance(key, str) and key.startswith(FOR_EACH):
                yield key
            yield from _loop_keys(member)
