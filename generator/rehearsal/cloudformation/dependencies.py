"""In which order resources are made: what each waits for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Any

from generator.rehearsal.cloudformation.cycles import in_cycles
from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.cloudformation.references import Conditions, names

Members = Mapping[str, Mapping[str, Any]]


def active(members: Members, conditions: Conditions) -> set[str]:
    """The resources or outputs that their condition does not leave out."""
    return {name for name, member in members.items() if conditions.get(str(member.get("Condition")), True)}


def depends_on(member: Mapping[str, Any]) -> list[str]:
    """What the DependsOn attribute names."""
    attribute = member.get("DependsOn") or []
    return [attribute] if isinstance(attribute, str) else list(attribute)


def waits(resources: Members, conditions: Conditions) -> dict[str, set[str]]:
    """For each resource there is, those it refers to or depends on; of an Fn::If the branch that is taken counts."""
    there = active(resources, conditions)
    return {
        name: there & {*names(resources[name].get("Properties"), conditions), *depends_on(resources[name])}
        for name in there
    }


def order(resources: Members, conditions: Conditions) -> list[str]:
    """The resources there are, each after all it waits for, else by name. Raises TemplateError for a circle."""
    waiting = waits(resources, conditions)
    if circle := in_cycles(waiting):
        raise TemplateError(f"Circular dependency between resources: [{', '.join(circle)}]")
    sorter = TopologicalSorter(waiting)
    sorter.prepare()
    ordered: list[str] = []
    while ready := sorted(sorter.get_ready()):
        ordered += ready
        sorter.done(*ready)
    return ordered
