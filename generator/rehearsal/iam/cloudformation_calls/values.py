"""Reads a resource's properties and physical id into the templates of the lists."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.iam.cloudformation_calls.calls import NO_KEYS, Kind, Template

Properties = Mapping[str, Any]

_PLACE = re.compile(r"\{([^{}|]+)(?:\|([a-z_]+))?\}")
_SUFFIX = limits.NAME_SUFFIX_LENGTH - 2  # without the hyphens


def values(properties: Any, path: str) -> list[Any]:
    """What stands at a path, lists on the way and at its end taken apart; empty texts, lists and nulls left out."""
    level = [properties]
    for name in path.split("."):
        level = [item.get(name) for item in _apart(level) if isinstance(item, Mapping)]
    return [item for item in _apart(level) if item not in (None, "", {}, [])]


def _apart(items: list[Any]) -> list[Any]:
    return [part for item in items for part in (_apart(item) if isinstance(item, list) else [item])]


@dataclass(frozen=True, slots=True)
class Here:
    """Where a stack is, the role it works under ("" if there is none), and what the lists look up.

    That is the key a bucket encrypts with, and the ARN of a key that was named ("" unless it is the account's).
    """

    region: str
    account: str
    stack: str
    partition: str = "aws"
    key_of_bucket: Callable[[str], str] = field(default=lambda _bucket: "")
    key_arn: Callable[[str], str] = field(default=lambda key: key)
    role: str = ""

    def fill(self, template: Template, resource: Resource, each: Any = None) -> str:
        """The template with its places filled; a place without a value is empty."""
        return _PLACE.sub(lambda place: self._value(place[1], place[2] or "", resource, each), template)

    def _value(self, path: str, name: str, resource: Resource, each: Any) -> str:
        return self._filtered(self._plain(path, resource, each), name)

    def _plain(self, path: str, resource: Resource, each: Any) -> str:
        own = {"partition": self.partition, "region": self.region, "account": self.account, "stack": self.stack}
        if path in own:
            return own[path]
        if path == "id":
            return resource.physical_id
        inside = {"each": each} if path.split(".", maxsplit=1)[0] == "each" else resource.properties
        at_path = values(inside, path)
        return str(at_path[0]) if at_path else ""

    def _filtered(self, value: str, name: str) -> str:
        lookups = {"key": self.key_of_bucket, "key_arn": self.key_arn}
        return lookups.get(name, FILTERS.get(name, str))(value)

    def each(self, path: str, properties: Properties) -> list[Any]:
        """The values a call is repeated for."""
        if path == "role":
            return [self.role] if self.role else []
        plain, _, name = path.partition("|")
        at_path = values(properties, plain)
        if not name or name == "lost":
            return at_path
        return [filtered for value in at_path if (filtered := self._filtered(str(value), name))]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as its operation sees it."""

    logical_id: str
    physical_id: str
    properties: Properties = field(default_factory=lambda: NO_KEYS)


def physical_id(kind: Kind, logical_id: str, properties: Properties, here: Here) -> str:
    """The id a resource of the type will get, or what one looks like whose id the service makes.

    CloudFormation makes a name of the stack's, the logical id and characters of its own:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    """
    named = kind.named
    names = values(properties, named.by) if named.by else []
    if names:
        return str(names[0])
    if named.generated:
        return here.fill(named.generated, Resource(logical_id, ""))
    suffix = hashlib.sha256(f"{here.stack}/{logical_id}".encode()).hexdigest()[:_SUFFIX].upper()
    longest = limits.NAME_LENGTHS.get(kind.type, limits.NAME_LENGTH)
    name = f"{here.stack}-{logical_id}-"[: longest - _SUFFIX] + suffix
    return name.lower() if named.lower else name


def _last(value: str) -> str:
    """What follows the last slash, colon or bar: the name in an ARN, a URL or a compound id."""
    return re.split(r"[/:|]", value)[-1]


def _function(value: str) -> str:
    """The name in a function's name, partial ARN or ARN, without version or alias."""
    match = re.search(r"function:([^:]+)", value)
    return match[1] if match else value.split(":", maxsplit=1)[0]


def _of_service(service: str) -> Callable[[str], str]:
    return lambda value: value if value.split(":")[2:3] == [service] else ""


FILTERS: Mapping[str, Callable[[str], str]] = {
    "": lambda value: value,
    "base_path": lambda value: value or "(none)",
    "bus": lambda value: "" if _last(value) in {"", "default"} else f"{_last(value)}/",
    "function": _function,
    "function_arn": _of_service("lambda"),
    "group": lambda value: value or "default",
    "last": _last,
    "layer": lambda value: value.split(":")[6] if value.count(":") > 6 else value,  # noqa: PLR2004 - a version's ARN
    "number": lambda value: _last(value) or "*",
    "path": lambda value: value or "/",
    "rooted": lambda value: value if value.startswith("/") else f"/{value}",
    "topic_arn": _of_service("sns"),
}
"""What may follow the bar of a place."""
