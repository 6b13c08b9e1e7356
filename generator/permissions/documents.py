"""Statements as policy documents that IAM takes as they are: no intrinsics, each within a managed policy's length."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.aws_rules import limits
from generator.model.iam import Statement
from generator.permissions.scopes import BUCKET, STACK


@dataclass(frozen=True, slots=True)
class Names:
    """What stands in ARNs for what is only known where a policy is used.

    `stack` empty: the tags of the role that asks say it, as in the roles that Penstock makes.
    """

    stack: str = ""
    account: str = "ACCOUNT_ID"
    region: str = "REGION"
    partition: str = "aws"
    bucket: str = "ARTIFACT_BUCKET"
    service: str = ""

    def put_in(self, value: Any) -> Any:
        """A value of a statement with these names in it."""
        if isinstance(value, Mapping):
            return {key: self.put_in(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.put_in(inner) for inner in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        if self.stack:
            text = text.replace(STACK, self.stack).replace(BUCKET, self.stack.lower())
        meanings = {
            "${ArtifactBucket.Arn}": f"arn:{self.partition}:s3:::{self.bucket}",
            "${AWS::AccountId}": self.account,
            "${AWS::Partition}": self.partition,
            "${AWS::Region}": self.region,
            "${AWS::StackName}": f"{self.service}-pipeline",
            "${ServiceName}": self.service,
        }
        for name, meaning in meanings.items():
            text = text.replace(name, meaning)
        return text.replace("${!", "${")


def documents(statements: Iterable[Statement], names: Names) -> tuple[dict[str, Any], ...]:
    """The policy documents of these statements, as few as their length allows."""
    found: list[list[dict[str, Any]]] = [[]]
    for one in (part for whole in statements for part in _fitting(whole, names)):
        if found[-1] and _size([*found[-1], one]) > limits.MANAGED_POLICY_LENGTH:
            found.append([])
        found[-1].append(one)
    return tuple(_document(part) for part in found if part)


def plain(one: Statement, names: Names) -> dict[str, Any]:
    """A statement as IAM writes it."""
    condition = {"Condition": names.put_in(one.condition)} if one.condition else {}
    actions, resources = list(one.actions), names.put_in(one.resources)
    return {"Sid": one.sid, "Effect": one.effect, "Action": actions, "Resource": resources, **condition}


def _fitting(one: Statement, names: Names, part: str = "") -> Iterator[dict[str, Any]]:
    """The statement, or halves of it where it is longer than a policy may be."""
    written = plain(one._replace(sid=one.sid + part), names)
    many = max(("actions", one.actions), ("resources", one.resources), key=lambda each: len(str(each[1])))
    if _size([written]) <= limits.MANAGED_POLICY_LENGTH or len(many[1]) == 1:
        yield written
        return
    middle = len(many[1]) // 2
    for letter, half in (("A", many[1][:middle]), ("B", many[1][middle:])):
        given = one._replace(actions=half) if many[0] == "actions" else one._replace(resources=half)
        yield from _fitting(given, names, part + letter)


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _size(statements: list[dict[str, Any]]) -> int:
    return len(json.dumps(_document(statements), separators=(",", ":")))
