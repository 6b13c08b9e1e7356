"""What one operation on one resource asks of IAM, by the lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind
from generator.rehearsal.iam.cloudformation_calls.values import Here, Properties, Resource, physical_id, values


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing that has to be allowed; `unset` are the condition keys that it could bring and does not."""

    action: str
    resource: str
    context: Mapping[str, str]
    unset: tuple[str, ...] = ()


def to_create(kind: Kind, logical_id: str, properties: Properties, here: Here) -> list[Needed]:
    """What creating a resource needs, looking at it afterwards included."""
    own = _without_system_tags(properties)
    resource = Resource(logical_id, physical_id(kind, logical_id, own, here), own)
    calls = [*kind.create, *kind.both, *kind.read]
    return _once(need for call in calls if _is_set(call, own) for need in _needs(kind, call, resource, here))


def to_update(kind: Kind, resource: Resource, old: Properties, here: Here) -> list[Needed]:
    """What changing a resource in place needs; `resource` has the new properties."""
    before, now = _without_system_tags(old), _without_system_tags(resource.properties)
    if before == now:
        return []
    needs: list[Needed] = []
    for call in (*kind.both, *kind.update, *kind.read):
        if _is_called(call, before, now):
            about = Resource(resource.logical_id, resource.physical_id, _seen(call, before, now))
            needs += _needs(kind, call, about, here)
    return _once(iter(needs))


def to_delete(kind: Kind, resource: Resource, here: Here) -> list[Needed]:
    """What deleting a resource needs."""
    calls = [call for call in kind.delete if _is_set(call, resource.properties)]
    return _once(need for call in calls for need in _needs(kind, call, resource, here))


def _is_set(call: Call, properties: Properties) -> bool:
    if call.lost or call.besides:
        return False
    return not call.when or any(values(properties, path) for path in call.when)


def _is_called(call: Call, old: Properties, new: Properties) -> bool:
    """Whether an update makes the call."""
    if call.lost:
        return any(_gone(values(old, path), values(new, path)) for path in call.lost)
    if call.besides:
        changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        return bool(changed - set(call.besides))
    if call.when:
        return any(values(new, path) and values(old, path) != values(new, path) for path in call.when)
    return True


def _gone(old: list[Any], new: list[Any]) -> list[Any]:
    """What of the old is no more, things with a name told apart by it: another value of a tag loses no tag."""
    kept = [name for item in new for name in _names(item)]
    return [item for item in old if any(name not in kept for name in _names(item))]


def _names(item: Any) -> list[Any]:
    if isinstance(item, Mapping):
        named = next((item[key] for key in ("Key", "Id", "PolicyName") if key in item), None)
        return [named] if named is not None else sorted(item)
    return [item]


def _seen(call: Call, old: Properties, new: Properties) -> Properties:
    """The properties a call of an update is about.

    Those of the new; but where a call is repeated for the items of a list, it is for what the list lost, or gained.
    """
    if call.each.endswith("|lost"):
        return _difference(old, new)
    if call.when == (call.each,):
        return _difference(new, old)
    return new


def _difference(properties: Properties, other: Properties) -> dict[str, Any]:
    lists = {name: _gone(value, values(other, name)) for name, value in properties.items() if isinstance(value, list)}
    return {**properties, **lists}


def _needs(kind: Kind, call: Call, resource: Resource, here: Here) -> Iterator[Needed]:
    items = here.each(call.each, resource.properties) if call.each else [None]
    for item in items:
        keys = {name: here.fill(value, resource, item) for name, value in call.keys.items()}
        arn = here.fill(call.on or kind.arn, resource, item)
        context = {name: value for name, value in keys.items() if value}
        yield Needed(call.action, arn or "*", context, tuple(name for name in keys if name not in context))


def _once(repeated: Iterator[Needed]) -> list[Needed]:
    needs: list[Needed] = []
    for need in repeated:
        if need not in needs:
            needs.append(need)
    return needs


def _without_system_tags(properties: Properties) -> dict[str, Any]:
    """The properties without the tags CloudFormation adds by itself, which need no right of their own.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-tags.html
    """
    return {name: _user_tags(value) if name.endswith("Tags") else value for name, value in properties.items()}


def _user_tags(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: item for key, item in value.items() if not str(key).startswith("aws:")}
    if isinstance(value, list):
        return [tag for tag in value if not (isinstance(tag, Mapping) and str(tag.get("Key", "")).startswith("aws:"))]
    return value
