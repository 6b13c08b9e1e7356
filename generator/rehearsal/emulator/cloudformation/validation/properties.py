"""A resource's properties against the schema the registry has of its type, worded as a stack's events word it.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.aws_rules import schemas

# The registry says nothing of what a nested stack or a custom resource may have; their own handlers do.
_NESTED = "AWS::CloudFormation::Stack"
_OPEN = frozenset({"AWS::CloudFormation::CustomResource"})
_ROUNDS = 3


class PropertiesError(ValueError):
    """Why a resource cannot be made with these properties."""


def refuse(resource_type: str, logical_id: str, properties: Mapping[str, Any], region: str) -> None:
    """Raise PropertiesError for unknown and missing properties and for values the schema does not allow."""
    validator = None if resource_type in _OPEN else _validator(resource_type, region)
    if validator is None:
        return
    messages = sorted({message for error in _errors(validator, _own(properties)) for message in _worded(error)})
    if messages and resource_type == _NESTED and "extraneous key" in messages[0]:
        raise PropertiesError(f"Encountered unsupported property {messages[0].partition('[')[2].partition(']')[0]}")
    if messages:
        # A pattern can be as long as a page.
        listed = ", ".join(message[:500] for message in messages)
        raise PropertiesError(f"Properties validation failed for resource {logical_id} with message:\n[{listed}]")


@functools.cache
def _validator(resource_type: str, region: str) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - the emulator's first answer need not wait for it

    schema = schemas.schema_of(resource_type, region)
    if schema is None:
        return None
    # Some schemas name another one as theirs, which the library would fetch from where it lies.
    schema = {name: value for name, value in schema.items() if name != "$schema"}
    try:
        return jsonschema_rs.Draft7Validator(schema)
    except ValueError:
        # A few patterns are written for another engine of regular expressions.
        return jsonschema_rs.Draft7Validator(_without_patterns(schema))


def _without_patterns(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = {k: v for k, v in schema.items() if k != "pattern" or not isinstance(v, str)}
        # Without the patterns that allow a property, nothing is known of which are too many.
        left_out = {"patternProperties", "additionalProperties"} if "patternProperties" in kept else set()
        return {name: _without_patterns(value) for name, value in kept.items() if name not in left_out}
    return [_without_patterns(item) for item in schema] if isinstance(schema, list) else schema


def _own(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A copy to change, without the tags CloudFormation adds itself."""
    own = dict(_copied(properties))
    tags = own.get("Tags")
    if isinstance(tags, dict):
        own["Tags"] = {key: value for key, value in tags.items() if not key.startswith("aws:")}
    elif isinstance(tags, list):
        own["Tags"] = [tag for tag in tags if not _is_ours(tag)]
    return own


def _is_ours(tag: Any) -> bool:
    return isinstance(tag, dict) and str(tag.get("Key", tag.get("key", ""))).startswith("aws:")


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, (list, tuple)) else value


def _errors(validator: Any, properties: dict[str, Any]) -> list[Any]:
    """What is wrong once every simple value has the type its schema asks for, as CloudFormation converts them."""
    for _ in range(_ROUNDS):
        errors = list(validator.iter_errors(properties))
        converted = [_converted(error, properties) for error in errors if _keyword(error) == "type"]
        if not any(converted):
            break
    return errors


def _keyword(error: Any) -> str:
    return str(error.schema_path[-1]) if error.schema_path else ""


def _converted(error: Any, properties: dict[str, Any]) -> bool:
    """Convert the value to the type that is wanted; False when that is not possible."""
    *way, last = error.instance_path or [None]
    value = error.instance
    if last is None or isinstance(value, (dict, list)) or value is None:
        return False
    place: Any = properties
    for step in way:
        place = place[step]
    for kind in error.kind.types:
        new = _as(kind, value)
        if new is not None and type(new) is not type(value):
            place[last] = new
            return True
    return False


def _as(kind: str, value: Any) -> Any:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        return _TYPES[kind](text)
    except (KeyError, ValueError):
        return None


_TYPES: Mapping[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda text: {"true": True, "false": False}[text.lower()],
}


def _worded(error: Any) -> Iterator[str]:
    """The failure as the registry's own validator words it."""
    place = "#" + "".join(f"/{step}" for step in error.instance_path)
    keyword, kind = _keyword(error), error.kind
    if keyword == "additionalProperties":
        yield from (f"{place}: extraneous key [{key}] is not permitted" for key in kind.unexpected)
    elif keyword == "required":
        yield f"{place}: required key [{kind.property}] not found"
    elif keyword == "type":
        yield f"{place}: expected type: {_kinds(kind.types)}, found: {_NAMES[type(error.instance)]}"
    elif keyword in _LIMITS:
        yield f"{place}: {_LIMITS[keyword].format(limit=kind.limit, value=error.instance, size=_size(error.instance))}"
    elif keyword in _FIXED:
        yield f"{place}: {_FIXED[keyword].format(value=error.instance)}"
    else:
        yield f"{place}: failed validation constraint for keyword [{keyword}]"


def _kinds(types: Sequence[str]) -> str:
    return " or ".join(_EXPECTED.get(name, name.capitalize()) for name in types)


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (str, list, dict)) else 0


_EXPECTED = {"array": "JSONArray", "object": "JSONObject"}
_NAMES = {
    bool: "Boolean",
    dict: "JSONObject",
    float: "Number",
    int: "Integer",
    list: "JSONArray",
    str: "String",
    type(None): "Null",
}
_LIMITS = {
    "maxItems": "expected maximum item count: {limit}, found: {size}",
    "maxLength": "expected maxLength: {limit}, actual: {size}",
    "maximum": "{value} is not less or equal to {limit}",
    "minItems": "expected minimum item count: {limit}, found: {size}",
    "minLength": "expected minLength: {limit}, actual: {size}",
    "minimum": "{value} is not greater or equal to {limit}",
}
_FIXED = {"enum": "{value} is not a valid enum value", "uniqueItems": "array items are not unique"}
