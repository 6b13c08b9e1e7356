"""Roles and their policies: statements merged by Sid, packed under IAM's limits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.aws_rules import limits
from generator.model.iam import ManagedPolicy, Role, Statement
from generator.model.pipeline import SERVICE_LENGTH
from generator.model.template import Resource
from generator.model.text import Json, resolved

# Pseudo parameters at their longest, to judge sizes before launch: partition aws-us-gov, region ap-southeast-7.
_LONGEST = {
    "${AWS::Partition}": 10,
    "${AWS::Region}": 14,
    "${AWS::AccountId}": 12,
    "${AWS::StackName}": 64,
    # Of a bucket with 63 characters.
    "${ArtifactBucket.Arn}": 83,
}
# From how many ARNs one text is shorter, and what is written once in it.
_MANY = 3
_DOZENS = 24
_SHORT = {
    "api": "apigateway:${AWS::Region}::/",
    "arn": "arn:${AWS::Partition}:",
    "at": ":${AWS::Region}:${AWS::AccountId}:",
    "iam": "iam::${AWS::AccountId}:",
    "own": "${!aws:PrincipalTag/stack}-*",
}
_LONGEST_SERVICE = "s" * SERVICE_LENGTH


def role(role: Role) -> tuple[Resource, ...]:
    """A role with its policies: inline while they fit, managed policies beyond that."""
    merged = merge(role.statements)
    inline = _size(merged) <= limits.INLINE_POLICIES_LENGTH
    packed = [] if inline else list(_packed(merged))
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": f"{role.service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
        **({"Condition": role.condition} if role.condition else {}),
    }
    properties: dict[str, Json] = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}}
    if merged and inline:
        properties["Policies"] = [{"PolicyName": role.logical_id, "PolicyDocument": document(merged)}]
    if role.policies:
        properties["ManagedPolicyArns"] = list(role.policies)
    if role.tags:
        properties["Tags"] = [{"Key": key, "Value": value} for key, value in sorted(role.tags.items())]
    own = tuple(_of_role(role, number, statements) for number, statements in enumerate(packed, 1))
    return (Resource(role.logical_id, "AWS::IAM::Role", properties, role.comment, keep=role.keep), *own)


def attachable(policy: ManagedPolicy) -> tuple[Resource, ...]:
    """A policy that somebody attaches."""
    properties = {"PolicyDocument": document(policy.statements)}
    return (Resource(policy.logical_id, "AWS::IAM::ManagedPolicy", properties, policy.comment),)


def managed(
    name: str, statements: Iterable[Statement], comments: tuple[str, str], *, keep: bool = False
) -> Iterator[Resource]:
    """Managed policies that roles share, as many as these statements take.

    `name` begins their logical ids; of the two comments the first one gets the first, all others the second.
    """
    for number, packed in enumerate(_packed(merge(statements)), 1):
        properties: dict[str, Json] = {"PolicyDocument": document(packed)}
        comment = comments[min(number, 2) - 1]
        yield Resource(f"{name}{number}", "AWS::IAM::ManagedPolicy", properties, comment, keep=keep)


def _of_role(role: Role, number: int, statements: Sequence[Statement]) -> Resource:
    most = limits.MANAGED_POLICY_LENGTH
    return Resource(
        f"{role.logical_id}Policy{number}",
        "AWS::IAM::ManagedPolicy",
        {"Roles": [f"${{{role.logical_id}}}"], "PolicyDocument": document(statements)},
        f"Part {number} of what {role.logical_id} may do: IAM's limit of one policy is {most:,} characters.",
        keep=role.keep,
    )


def document(statements: Iterable[Statement]) -> Mapping[str, Json]:
    """The policy document of these statements."""
    return {"Version": "2012-10-17", "Statement": [_statement(one) for one in statements]}


def merge(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Statements of one Sid become one, with the resources of all; the first one's place is kept."""
    merged: dict[str, Statement] = {}
    for one in statements:
        known = merged.get(one.sid)
        new = tuple(r for r in one.resources if known and r not in known.resources)
        merged[one.sid] = known._replace(resources=(*known.resources, *new)) if known else one
    return tuple(merged.values())


def _statement(one: Statement) -> Mapping[str, Json]:
    return {
        "Sid": one.sid,
        "Effect": one.effect,
        "Action": _actions(one.actions),
        "Resource": _resources(one.resources),
        **({"Condition": {test: _tested(keys) for test, keys in one.condition.items()}} if one.condition else {}),
    }


def _tested(keys: Mapping[str, Json]) -> Json:
    return {key: _resources(values) if isinstance(values, list) else values for key, values in keys.items()}


def _actions(actions: Sequence[str]) -> Json:
    """Dozens of actions are written as one text, without a pair of quotes for each."""
    return {"Fn::Split": [" ", " ".join(actions)]} if len(actions) >= _DOZENS else _one_or_more(actions)


def _resources(resources: Sequence[Json]) -> Json:
    """Three ARNs and more are written as one text, what they share once: the template has 51,200 bytes."""
    if len(resources) < _MANY or not all(isinstance(arn, str) for arn in resources):
        return _one_or_more(resources)
    text, names = " ".join(resources), {}
    for name, meaning in _SHORT.items():
        if text.count(meaning) > 1:
            text, names[name] = text.replace(meaning, f"${{{name}}}"), meaning
    return {"Fn::Split": [" ", {"Fn::Sub": [text, names]}]} if names else list(resources)


def _one_or_more(values: Sequence[Json]) -> Json:
    return values[0] if len(values) == 1 else list(values)


def _packed(statements: Sequence[Statement]) -> Iterator[tuple[Statement, ...]]:
    policy: tuple[Statement, ...] = ()
    for one in (part for whole in statements for part in _halves(whole)):
        if policy and _size((*policy, one)) > limits.MANAGED_POLICY_LENGTH:
            yield policy
            policy = ()
        policy = (*policy, one)
    yield policy


def _halves(one: Statement, part: str = "") -> Iterator[Statement]:
    """A statement that is too long for any policy, cut in two by its resources until it fits."""
    if _size((one,)) <= limits.MANAGED_POLICY_LENGTH or len(one.resources) == 1:
        yield one._replace(sid=one.sid + part)
        return
    middle = len(one.resources) // 2
    yield from _halves(one._replace(resources=one.resources[:middle]), part + "A")
    yield from _halves(one._replace(resources=one.resources[middle:]), part + "B")


def _size(statements: Sequence[Statement]) -> int:
    whole = [{**_statement(one), "Action": one.actions, "Resource": one.resources} for one in statements]
    text = json.dumps({"Version": "2012-10-17", "Statement": whole}, separators=(",", ":"))
    text = resolved(text, _LONGEST_SERVICE)
    return len(text) + sum(text.count(name) * (length - len(name)) for name, length in _LONGEST.items())
