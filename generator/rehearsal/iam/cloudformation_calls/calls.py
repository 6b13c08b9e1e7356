"""The words the lists are written in: a type of resource, and the calls its operations make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Template = str
"""A text with places in braces: `{id}` (the physical id, or the name it will get), `{partition}`, `{region}`,
`{account}`, `{stack}`, `{each}`, or the path of a property (`{Code.S3Bucket}`). A filter may follow a bar:
`{id|last}`; `reading` has them."""

NO_KEYS: Mapping[str, Template] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Call:
    """One API call: its IAM action and the resource it is judged on.

    `on` is the ARN, the type's own when empty. `when` and `unless` are paths of properties: the call is made when one
    of `when` is set (of an update: changed and still set). `besides` and `lost` are of updates alone: the call is made
    when any property but these changed, or when such a property loses items or all it had.
    `each` repeats it for every value at a path, as `{each}`; with `|lost` for those that an update takes away; at the
    path "role" stands the stack's own role, if it works under one. `keys` are the condition keys it brings; one without
    a value is not brought.
    """

    action: str
    on: Template = ""
    when: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    each: str = ""
    keys: Mapping[str, Template] = field(default_factory=lambda: NO_KEYS)


@dataclass(frozen=True, slots=True)
class Named:
    """How a type's resources get their physical id: from a property, or else made of the stack's name.

    `lower` is for names that know no capitals. A type whose ids the service makes has
    no property, and `generated` is what one looks like.
    """

    by: str = ""
    lower: bool = False
    generated: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One resource type.

    `create`, `update` and `delete` are the calls of that operation; `both` those of a create and, for what changed,
    of an update; `read` what CloudFormation looks at after either, to wait and to answer Ref and Fn::GetAtt.
    """

    type: str
    arn: Template
    named: Named
    create: tuple[Call, ...] = ()
    both: tuple[Call, ...] = ()
    read: tuple[Call, ...] = ()
    update: tuple[Call, ...] = ()
    delete: tuple[Call, ...] = ()


def tags(put: str, remove: str, on: Template = "") -> tuple[Call, ...]:
    """The calls of a type's Tags: adding them at create, adding and removing at update."""
    return (Call(put, on, when=("Tags",)), Call(remove, on, lost=("Tags",)))


def passed(path: str, service: str) -> Call:
    """iam:PassRole for the role whose ARN stands at a path.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return Call("iam:PassRole", "{each}", when=(path,), each=path, keys={"iam:PassedToService": service})
