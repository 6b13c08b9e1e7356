"""Actions to statements: each with the resources and the condition that limit it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from generator.model.iam import Statement
from generator.permissions.corrections import (
    MISSING,
    NOT_GRANTED,
    OPERATIONS,
    OTHER_SERVICES,
    SERVICES,
)
from generator.permissions.scopes import (
    ARN,
    FUNCTIONS,
    OF_ANOTHER_STACK,
    RARE_KINDS,
    RESOURCES,
    ROLES,
    SIDS,
    STACK,
    TAGGED,
    anywhere,
)

ResourceKinds = Mapping[str, Mapping[str, Collection[str]]]
"""Service to action, in lower case, to the kinds of resource it takes; none: IAM knows no resource for it."""

BOUND_ROLES = "RolePermissions"
"""The statement of what gives rights to roles, where a permissions boundary is required."""
UNBINDING = "iam:DeleteRolePermissionsBoundary"

_BINDING = frozenset(
    {
        UNBINDING,
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
    }
)
# To whom the types of the baseline pass a role: their own services, and those that do the work for them.
_PASSED_TO = (
    "apigateway",
    "appsync",
    "codedeploy",
    "cognito-idp",
    "ec2",
    "events",
    "iot",
    "lambda",
    "logs",
    "s3",
    "scheduler",
    "sns",
    "states",
)
_NOT_GRANTED = frozenset(action for actions in NOT_GRANTED.values() for action in actions)


class Place(NamedTuple):
    """Where a right holds: the statement's Sid, its resources and its condition."""

    sid: str
    resources: tuple[str, ...]
    condition: Mapping[str, Mapping[str, str | list[str]]] = {}


# No page of AWS lists which services send the key; for three of these, none of AWS's own policies relies on it.
_PASSED = Place(
    "PassRoles",
    (ROLES,),
    {"StringEqualsIfExists": {"iam:PassedToService": [f"{service}.amazonaws.com" for service in _PASSED_TO]}},
)
_SERVICE_ROLES = Place(
    "ServiceRoles",
    (f"{ARN}iam::${{AWS::AccountId}}:role/aws-service-role/*",),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
    {
        "StringLike": {
            "iam:AWSServiceName": [
                "*.apigateway.amazonaws.com",
                "*.cognito-idp.amazonaws.com",
                "*.dynamodb.amazonaws.com",
                "lambda.amazonaws.com",
            ]
        }
    },
)
# A key that a request does not carry is met: what is yet to be made has no tags. Nested stacks begin as their parent.
_OF_THIS_STACK = {"StringLikeIfExists": {OF_ANOTHER_STACK: [STACK, f"{STACK}-*"]}}
# The mapping's id is made by Lambda; creating one knows no resource at all. The condition is the scope.
_EVENT_SOURCES = Place("EventSources", ("*",), {"ArnLike": {"lambda:FunctionArn": FUNCTIONS}})
SPECIAL: Mapping[str, Place] = {
    "iam:CreateServiceLinkedRole": _SERVICE_ROLES,
    "iam:PassRole": _PASSED,
    "lambda:CreateEventSourceMapping": _EVENT_SOURCES,
    "lambda:DeleteEventSourceMapping": _EVENT_SOURCES,
    # Layers may be other accounts'.
    "lambda:GetLayerVersion": Place("Layers", (f"{ARN}lambda:${{AWS::Region}}:*:layer:*",)),
    "lambda:UpdateEventSourceMapping": _EVENT_SOURCES,
    **dict.fromkeys(_BINDING, Place(BOUND_ROLES, (ROLES,))),
}
"""Rights with a place of their own."""


def granted(
    kind: str, published: Mapping[str, Iterable[str]], iam_actions: ResourceKinds
) -> dict[str, tuple[str, ...]]:
    """What a deploy role gets for a type, by operation; `published` is what AWS's schema lists."""
    own = service_of(kind)
    operations = {
        operation: tuple(
            sorted({action for action in published.get(operation, ()) if _is_granted(action, own, iam_actions)})
        )
        for operation in OPERATIONS
    }
    if more := MISSING.get(kind):
        operations["create"] = tuple(sorted({*operations["create"], *more}))
    return {operation: actions for operation, actions in operations.items() if actions}


def service_of(kind: str) -> str:
    """The prefix of the rights of a type's own service."""
    service = kind.split("::")[1]
    return SERVICES.get(service, service.lower())


def _is_granted(action: str, own: str, iam_actions: ResourceKinds) -> bool:
    service, _, name = action.partition(":")
    if action in _NOT_GRANTED or name.lower() not in iam_actions.get(service, {}):
        return False
    return service == own or action in OTHER_SERVICES


def place(action: str, iam_actions: ResourceKinds, types: Collection[str] = ()) -> Place | None:
    """Where a right holds; None for one that only resources of rare types take, of which none is among `types`.

    Raises KeyError for one that `scopes` has no resource for.
    """
    if special := SPECIAL.get(action):
        return special
    service, _, name = action.partition(":")
    resources = RESOURCES.get(service, {})
    kinds = ["*"] if "*" in resources else iam_actions[service][name.lower()]
    if not kinds:
        return Place(anywhere(service), ("*",))
    left_out = {
        kind
        for kind, owner in RARE_KINDS.get(service, {}).items()
        if not any(named_type.startswith(owner) for named_type in types)
    }
    if all(kind.lower() in left_out for kind in kinds):
        return None
    arns = tuple(arn for kind in kinds if kind.lower() not in left_out for arn in resources.get(kind.lower(), ()))
    if not arns:
        raise KeyError(f"{action} takes {', '.join(kinds)}, of which generator/permissions/scopes.py knows none")
    return Place(SIDS[service], arns, _OF_THIS_STACK if service in TAGGED else {})


def in_places(actions: Iterable[str], iam_actions: ResourceKinds, types: Collection[str] = ()) -> tuple[Statement, ...]:
    """Statements of these rights, those of one Sid in one; `types` as in `place`."""
    places: dict[str, tuple[set[str], dict[str, None], Place]] = {}
    for action in sorted(set(actions)):
        where = place(action, iam_actions, types)
        if where is None:
            continue
        rights, resources, _ = places.setdefault(where.sid, (set(), {}, where))
        rights.add(action)
        resources.update(dict.fromkeys(where.resources))
    return tuple(
        Statement(sid, tuple(sorted(rights)), tuple(sorted(resources)), where.condition)
        for sid, (rights, resources, where) in sorted(places.items(), key=lambda right: _order(right[0]))
    )


def _order(sid: str) -> tuple[int, str]:
    """By service; what has a condition of its own comes last."""
    named = [sid for service in SIDS for sid in (SIDS[service], anywhere(service))]
    return (named.index(sid) if sid in named else len(named), sid)
