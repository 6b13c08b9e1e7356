"""SAM's Globals: what a resource of a template inherits, merged the way SAM merges it.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PREFIX = "AWS::Serverless::"
# Where SAM departs from its own rule (maps merge, lists add up): the resource's own stands alone.
_REPLACED = frozenset({
    ("Function", "Architectures"),
    ("CapacityProvider", "InstanceRequirements", "Architectures"),
})  # fmt: skip
# Here only the keys the resource names itself are merged.
_PRUNED = frozenset({("CapacityProvider", "ManagedResourceTags")})


def inherited(data: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
    """What Globals hold for a resource: its type's section without what its IgnoreGlobals names."""
    section = section_of(resource.get("Type"))
    shared = data.get("Globals")
    own = shared.get(section) if section and isinstance(shared, dict) else None
    ignored = resource.get("IgnoreGlobals")
    if not isinstance(own, dict) or ignored == "*":
        return {}
    left_out = ignored if isinstance(ignored, list) else []
    return {key: value for key, value in own.items() if key not in left_out}


def section_of(resource_type: Any) -> str:
    """The section of Globals that belongs to a resource type; empty for a type that inherits nothing."""
    if not isinstance(resource_type, str) or not resource_type.startswith(_PREFIX):
        return ""
    return resource_type.removeprefix(_PREFIX)


def merged(above: Any, own: Any, at: tuple[str, ...]) -> Any:
    """An inherited and an own value as one; `at` is the section of Globals and the keys that lead to them."""
    if isinstance(above, list) and isinstance(own, list):
        return own if at in _REPLACED else above + own
    if at in _REPLACED or not _is_map(above) or not _is_map(own):
        return own
    kept = {key: value for key, value in above.items() if key in own} if at in _PRUNED and own else dict(above)
    for key, value in own.items():
        kept[key] = merged(kept[key], value, (*at, key)) if key in kept else value
    return kept


def _is_map(value: Any) -> bool:
    """Whether a value is a map and not the call of an intrinsic function, which stands for a scalar."""
    if not isinstance(value, dict):
        return False
    name = next(iter(value), "") if len(value) == 1 else ""
    return not (isinstance(name, str) and (name in {"Ref", "Condition"} or name.startswith("Fn::")))
