"""What CloudFormation refuses of a template before it makes a stack, in its own words.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.aws_rules.schemas import schema_of
from generator.rehearsal.cloudformation import evaluation
from generator.rehearsal.cloudformation.cycles import in_cycles
from generator.rehearsal.cloudformation.dependencies import active, depends_on, waits
from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.references import Conditions, functions, names
from generator.rehearsal.emulator.ministack import cloudformation_types, context

Template = Mapping[str, Any]


SECTIONS = frozenset({
    *("AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata", "Outputs"),
    *("Parameters", "Resources", "Rules", "Transform"),
})  # fmt: skip
ATTRIBUTES = frozenset({
    *("Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Description", "Metadata", "Properties", "Type"),
    *("UpdatePolicy", "UpdateReplacePolicy", "Version"),
})  # fmt: skip
POLICIES = {
    "DeletionPolicy": frozenset({"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}),
    "UpdateReplacePolicy": frozenset({"Delete", "Retain", "Snapshot"}),
}
SNAPSHOTS = frozenset({
    *("AWS::DocDB::DBCluster", "AWS::EC2::Volume", "AWS::ElastiCache::CacheCluster"),
    *("AWS::ElastiCache::ReplicationGroup", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster"),
    *("AWS::RDS::DBInstance", "AWS::Redshift::Cluster"),
})  # fmt: skip
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""
_PSEUDO = "AWS::"
_FUNCTIONS = frozenset({*evaluation.FUNCTIONS, *evaluation.CONDITION_FUNCTIONS, "Fn::Transform"})


def refuse(template: Template, conditions: Conditions) -> None:
    """Raise TemplateError for the first thing CloudFormation would refuse; `conditions` are evaluated ones."""
    for check in _CHECKS:
        for problem in check(template, conditions):
            raise TemplateError(problem)


def _sections(template: Template, _conditions: Conditions) -> Iterator[str]:
    version = template.get("AWSTemplateFormatVersion", "2010-09-09")
    if str(version) != "2010-09-09":
        yield "Template format error: unsupported value for AWSTemplateFormatVersion."
    if unknown := sorted(map(str, template.keys() - SECTIONS)):
        yield f"Invalid template property or properties [{', '.join(unknown)}]"
    if not template.get("Resources"):
        yield "Template format error: At least one Resources member must be defined."


def _resources(template: Template, _conditions: Conditions) -> Iterator[str]:
    for name, resource in template["Resources"].items():
        if not (name.isascii() and name.isalnum()):
            yield f"Template format error: Resource name {name} is non alphanumeric."
        elif not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            yield f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member."
        else:
            yield from _attributes(name, resource)


def _attributes(name: str, resource: Mapping[str, Any]) -> Iterator[str]:
    for attribute in sorted(resource.keys() - ATTRIBUTES):
        yield f"Invalid template resource property '{attribute}'"
    if not isinstance(resource.get("Properties") or {}, dict):
        yield f"Template format error: [/Resources/{name}/Properties] must be an object"
    for attribute, values in POLICIES.items():
        policy = resource.get(attribute, "Delete")
        if isinstance(policy, str) and policy not in values:
            yield f"Template error: Unrecognized {attribute} {policy} for resource {name}"
        elif policy == "Snapshot" and resource["Type"] not in SNAPSHOTS:
            yield f"Template error: resource type {resource['Type']} does not support deletion policy Snapshot"


def _types(template: Template, conditions: Conditions) -> Iterator[str]:
    """Types there are not; of those that AWS has and the local services lack it is not the template's fault."""
    resources = template["Resources"]
    types = {resources[name]["Type"] for name in active(resources, conditions)} - cloudformation_types.resource_types()
    unknown = sorted(kind for kind in types if not kind.startswith("Custom::"))
    if lacking := [kind for kind in unknown if schema_of(kind, context.region())]:
        raise NotEvaluatedError(f"resources of {', '.join(lacking)}, which no local service handles")
    if unknown:
        yield f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]"


def _outputs(template: Template, _conditions: Conditions) -> Iterator[str]:
    for output in (template.get("Outputs") or {}).values():
        if not isinstance(output, dict) or "Value" not in output:
            yield "Template format error: Every Outputs member must contain a Value object"


def _unknown_functions(template: Template, _conditions: Conditions) -> Iterator[str]:
    for resource in template["Resources"].values():
        for name, _ in functions(resource.get("Properties")):
            if name.startswith("Fn::") and name not in _FUNCTIONS:
                supported = ", ".join(sorted(_FUNCTIONS))
                yield f"Template error: Encountered unsupported function: {name} Supported functions are: [{supported}]"


def _undeclared_conditions(template: Template, _conditions: Conditions) -> Iterator[str]:
    declared = (template.get("Conditions") or {}).keys()
    for section in ("Resources", "Outputs"):
        members = (template.get(section) or {}).values()
        used = {member["Condition"] for member in members if isinstance(member.get("Condition"), str)}
        used |= {
            argument[0]
            for name, argument in functions(list(members))
            if name == "Fn::If" and isinstance(argument, list) and argument and isinstance(argument[0], str)
        }
        if missing := sorted(used - declared):
            yield (
                f"Template format error: Unresolved condition dependencies [{', '.join(missing)}]"
                f" in the {section} block of the template"
            )


def _conditions_refer(template: Template, _conditions: Conditions) -> Iterator[str]:
    declared = (template.get("Parameters") or {}).keys()
    if missing := _missing(set(names(template.get("Conditions"))), set(declared)):
        yield (
            f"Template format error: Unresolved dependencies {missing}."
            " Cannot reference resources in the Conditions block of the template"
        )


def _dependencies(template: Template, conditions: Conditions) -> Iterator[str]:
    """References to what is not there: not declared at all, or left out by its condition."""
    parameters = set(template.get("Parameters") or {})
    declared = parameters | set(template["Resources"])
    created = parameters | active(template["Resources"], conditions)
    for section in ("Resources", "Outputs"):
        members = template.get(section) or {}
        referenced = set(names([_read_part(section, member) for member in members.values()]))
        there = [_read_part(section, members[name]) for name in active(members, conditions)]
        missing = _missing(referenced, declared) or _missing(set(names(there, conditions)), created)
        if missing := missing or _missing(_waited_for(members), declared):
            yield (
                f"Template format error: Unresolved resource dependencies {missing}"
                f" in the {section} block of the template"
            )


def _read_part(section: str, member: Mapping[str, Any]) -> Any:
    return member.get("Properties") if section == "Resources" else [member.get("Value"), member.get("Export")]


def _waited_for(members: Mapping[str, Any]) -> set[str]:
    return {name for member in members.values() for name in depends_on(member)}


def _missing(referenced: set[str], there: set[str]) -> str:
    missing = sorted(name for name in referenced - there if not name.startswith(_PSEUDO))
    return f"[{', '.join(missing)}]" if missing else ""


def _circles(template: Template, conditions: Conditions) -> Iterator[str]:
    if circle := in_cycles(waits(template["Resources"], conditions)):
        yield f"Circular dependency between resources: [{', '.join(circle)}]"


_CHECKS: tuple[Callable[[Template, Conditions], Iterator[str]], ...] = (
    _sections,
    _resources,
    _types,
    _outputs,
    _unknown_functions,
    _undeclared_conditions,
    _conditions_refer,
    _dependencies,
    _circles,
)
