"""Roles and their policies: statements merged by Sid, packed under IAM's limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.aws_rules import limits
from generator.model import text
from generator.model.iam import ManagedPolicy, Role, Statement
from generator.model.policy import document, merge, notes, packed, size
from generator.model.template import Resource
from generator.model.text import NOTHING, Json


def role(role: Role) -> tuple[Resource, ...]:
    """A role with its policies: inline while they fit, managed policies beyond that."""
    merged = merge(role.statements)
    inline = size(merged) <= limits.INLINE_POLICIES_LENGTH
    parts = () if inline else packed(merged)
    # Who may assume it by an account's root and a condition: a role named as principal has to be there already.
    principal = (
        {"AWS": f"arn:${{AWS::Partition}}:iam::{role.account}:root"}
        if role.account
        else {"Service": f"{role.service}.amazonaws.com"}
    )
    trust = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
        **({"Condition": role.condition} if role.condition else {}),
    }
    properties: dict[str, Json] = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}}
    if role.name:
        properties["RoleName"] = role.name
    if merged and inline:
        properties["Policies"] = [{"PolicyName": role.logical_id, "PolicyDocument": document(merged)}]
    if role.policies:
        properties["ManagedPolicyArns"] = list(role.policies)
    if role.tags:
        properties["Tags"] = [{"Key": key, "Value": value} for key, value in sorted(role.tags.items())]
    own = tuple(_of_role(role, number, statements) for number, statements in enumerate(parts, 1))
    statement_notes = notes(merged) if inline else NOTHING
    return (
        Resource(role.logical_id, "AWS::IAM::Role", properties, role.comment, keep=role.keep, notes=statement_notes),
        *own,
    )


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
    for number, part in enumerate(packed(merge(statements)), 1):
        properties: dict[str, Json] = {"PolicyDocument": document(part)}
        comment = comments[min(number, 2) - 1]
        yield Resource(f"{name}{number}", "AWS::IAM::ManagedPolicy", properties, comment, keep=keep, notes=notes(part))


def _of_role(role: Role, number: int, statements: Sequence[Statement]) -> Resource:
    return Resource(
        f"{role.logical_id}Policy{number}",
        "AWS::IAM::ManagedPolicy",
        {"Roles": [text.reference(role.logical_id)], "PolicyDocument": document(statements)},
        f"Part {number} of what {role.logical_id} may do: a policy holds {limits.MANAGED_POLICY_LENGTH:,} characters.",
        keep=role.keep,
        notes=notes(statements),
    )
