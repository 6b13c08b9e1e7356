"""Policy documents: statements as IAM writes them, as many to a policy as its limits allow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from generator.aws_rules import limits
from generator.model.iam import Statement
from generator.model.images import REPOSITORY_ARN
from generator.model.store import Store
from generator.model.text import Json, resolved

# What texts refer to, at its longest, to judge sizes before launch: partition aws-us-gov, region ap-southeast-7.
_LONGEST = {
    "${AWS::Partition}": 10,
    "${AWS::Region}": 14,
    "${AWS::AccountId}": 12,
    "${AWS::StackName}": 64,
    **Store.longest(),
    # arn:aws-us-gov:ecr:ap-southeast-7:111122223333:repository/ and a name.
    REPOSITORY_ARN: 58 + limits.IMAGE_REPOSITORY_NAME_LENGTH,
}
_LONGEST_SERVICE = "s" * 20
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Two characters are for the letters of a Sid.
_ROOM = limits.MANAGED_POLICY_LENGTH - 2

Size = Callable[[Sequence[Statement]], int]
"""How many characters a policy of these statements has."""


def document(statements: Iterable[Statement]) -> Mapping[str, Json]:
    """The policy document of these statements."""
    return {"Version": "2012-10-17", "Statement": [_statement(statement) for statement in statements]}


def notes(statements: Iterable[Statement]) -> Mapping[str, str]:
    """Comments on these statements, by Sid."""
    return {statement.sid: statement.comment for statement in statements if statement.comment}


def merge(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Statements of one Sid become one, with the resources of all; the first one's place is kept."""
    merged: dict[str, Statement] = {}
    for statement in statements:
        before = merged.get(statement.sid)
        new = tuple(arn for arn in statement.resources if before and arn not in before.resources)
        merged[statement.sid] = before._replace(resources=(*before.resources, *new)) if before else statement
    return tuple(merged.values())


def size(statements: Sequence[Statement]) -> int:
    """The characters of a policy with these statements once it is launched, at most."""
    text = resolved(json.dumps(document(statements), separators=(",", ":")), _LONGEST_SERVICE)
    return len(text) + sum(text.count(name) * (length - len(name)) for name, length in _LONGEST.items())


def packed(statements: Iterable[Statement], size: Size = size) -> tuple[tuple[Statement, ...], ...]:
    """The statements of each managed policy that these take: in their order, whole as long as a policy holds them."""
    policies: list[tuple[Statement, ...]] = []
    empty = size(())
    left = 0
    for part, length in (part for whole in statements for part in _fitting(whole, size)):
        # A statement costs the same in every policy, and a comma.
        cost = length - empty + 1
        if policies and cost <= left:
            policies[-1] = (*policies[-1], part)
        else:
            policies.append((part,))
            left = limits.MANAGED_POLICY_LENGTH - empty + 1
        left -= cost
    return tuple(policies)


def _fitting(whole: Statement, size: Size) -> Iterator[tuple[Statement, int]]:
    """The statement with its size, or the halves of one that no policy holds: Sids end with letters then."""
    length = size((whole,))
    parts = [whole] if length <= _ROOM else list(_halves(whole, size))
    if len(parts) == 1:
        yield whole, length
        return
    for part, letter in zip(parts, _ALPHABET, strict=False):
        lettered = part._replace(sid=f"{whole.sid}{letter}")
        yield lettered, size((lettered,))


def _halves(statement: Statement, size: Size) -> Iterator[Statement]:
    actions, resources = statement.actions, statement.resources
    by_actions = len(str(actions)) > len(str(resources))
    middle = len(actions if by_actions else resources) // 2
    if size((statement,)) <= _ROOM or not middle:
        yield statement
    elif by_actions:
        yield from _halves(statement._replace(actions=actions[:middle]), size)
        yield from _halves(statement._replace(actions=actions[middle:]), size)
    else:
        yield from _halves(statement._replace(resources=resources[:middle]), size)
        yield from _halves(statement._replace(resources=resources[middle:]), size)


def _statement(statement: Statement) -> Mapping[str, Json]:
    return {
        "Sid": statement.sid,
        "Effect": statement.effect,
        "Action": _single_or_list(statement.actions),
        "Resource": _single_or_list(statement.resources),
        **({"Condition": statement.condition} if statement.condition else {}),
    }


def _single_or_list(values: Sequence[Json]) -> Json:
    return values[0] if len(values) == 1 else list(values)
