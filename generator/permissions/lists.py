"""AWS's lists as shipped with the package, read on demand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generator.permissions.corrections import BASELINE, OPERATIONS, RARE
from generator.permissions.needed import ResourceKinds, granted

DATA = Path(__file__).parent / "data"
_COVERED = frozenset({*BASELINE, *RARE})
_CUSTOM = "AWS::CloudFormation::CustomResource"


def read(name: str) -> Any:
    """A data file's content."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def published() -> Mapping[str, Mapping[str, list[str]]]:
    """Type to operation to the actions that AWS lists."""
    types: Mapping[str, Mapping[str, list[str]]] = read("types.json")["types"]
    return types


@cache
def iam_actions() -> ResourceKinds:
    """Every action of the services whose ARNs we know, in lower case, and the kinds of resources it takes."""
    services: ResourceKinds = read("actions.json")["services"]
    return services


def listed(kind: str) -> str:
    """The type under which a resource's rights are listed: all custom resources are one."""
    return _CUSTOM if kind.startswith("Custom::") else kind


def is_of_others(kind: str) -> bool:
    """Whether a type (or module) is somebody's own in CloudFormation's registry: neither AWS's nor a custom resource.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/registry.html
    """
    return not kind.startswith(("AWS::", "Custom::"))


def is_covered(kind: str) -> bool:
    """Whether a deploy role of ours can have the rights of a type: those of the baseline, and of rarer ones."""
    return listed(kind) in _COVERED


def rights_of(kind: str) -> dict[str, tuple[str, ...]]:
    """What a deploy role gets for a covered type, by operation; empty for any other."""
    if not is_covered(kind):
        return {}
    return granted(listed(kind), published().get(listed(kind), {}), iam_actions())


def left_out(kind: str) -> tuple[str, ...]:
    """What AWS lists for a type and no deploy role gets by itself, by name: mostly what one property of many needs."""
    granted_actions = {action for actions in rights_of(kind).values() for action in actions}
    published_actions = {
        action for operation in OPERATIONS for action in published().get(listed(kind), {}).get(operation, ())
    }
    return tuple(sorted(published_actions - granted_actions))
