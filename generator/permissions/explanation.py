"""Which resource needs which permission, on what, and why, as an explanation for people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from generator.model.iam import Statement
from generator.model.pipeline import Pipeline
from generator.permissions import lists
from generator.permissions.corrections import NOT_GRANTED, OPERATIONS
from generator.permissions.needed import in_places

_WHY_NOT = {action: why for why, actions in NOT_GRANTED.items() for action in actions}


@dataclass(frozen=True, slots=True)
class Explained:
    """A resource type: whether a deploy role of ours can have its rights, and which they are.

    `operations` are rights by what CloudFormation does (create, read, update, delete); `statements` the same where
    they hold; `left_out` what AWS lists and no deploy role gets by itself, with the reason. For a type that is not
    covered, `operations` are AWS's own lists and there are no statements; both are empty when AWS publishes nothing.
    """

    type: str
    covered: bool
    operations: Mapping[str, tuple[str, ...]]
    statements: tuple[Statement, ...]
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Need:
    """A resource of a template, and whether what deploys it may: `covered` is a question of its type alone."""

    logical_id: str
    type: str
    covered: bool


WAYS_FOR_OTHERS = "deploy_role: {arn: <ARN>}, or a buildspec of your own and the rights in deploy_role: {extra: [...]}"
"""What helps with types that are neither AWS's nor custom resources: our buildspecs let none of them through."""


def explain(types: Iterable[str]) -> tuple[Explained, ...]:
    """What deploying resources of these types takes, each once, by name."""
    return tuple(_explained(kind) for kind in sorted(set(types)))


def needs(resources: Mapping[str, str], covered: Iterable[str]) -> tuple[Need, ...]:
    """Every resource of a template (logical id to type, after SAM's transform) against the types that are covered."""
    there = frozenset(covered)
    return tuple(Need(name, kind, is_among(kind, there)) for name, kind in sorted(resources.items()))


def is_among(kind: str, covered: Collection[str]) -> bool:
    """Whether a resource's type is one of the covered ones; `AWS::<service>::*` are all of a service."""
    if lists.is_of_others(kind):
        return False
    whole = f"AWS::{kind.split('::')[1].lower() if '::' in kind else ''}::*"
    return lists.listed(kind) in covered or whole in covered


def covered_types(pipeline: Pipeline, *, tests: bool = False) -> tuple[str, ...] | None:
    """The types whose rights the roles of the stages have, or with `tests` that of the test stack; by name.

    None where an existing role deploys: what it may do is not ours to know.
    """
    of_tests = pipeline.tests.deployment.role_id if pipeline.tests else ""
    for rights in pipeline.deploy_rights:
        if any((role.logical_id == of_tests) == tests for role in rights.roles):
            return tuple(sorted(rights.covers))
    return None


def _explained(kind: str) -> Explained:
    listed = lists.published().get(lists.listed(kind), {})
    if not lists.is_covered(kind):
        published = {operation: tuple(listed[operation]) for operation in OPERATIONS if operation in listed}
        return Explained(kind, covered=False, operations=published, statements=(), left_out={})
    operations = lists.rights_of(kind)
    permissions = {action for actions in operations.values() for action in actions}
    left_out = {action: _WHY_NOT.get(action, "one property of many needs it") for action in lists.left_out(kind)}
    return Explained(kind, True, operations, in_places(permissions, lists.iam_actions(), (kind,)), left_out)
