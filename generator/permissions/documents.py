"""Statements as policy documents that IAM takes as they are: no intrinsics, each within a managed policy's length."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.model.deployment import PIPELINE_STACK
from generator.model.iam import Statement
from generator.model.policy import packed
from generator.model.store import Store
from generator.model.text import lowered, resolved
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
            text = text.replace(STACK, self.stack).replace(BUCKET, lowered(self.stack))
        meanings = {
            Store().arn: f"arn:{self.partition}:s3:::{self.bucket}",
            Store().name: self.bucket,
            "${AWS::AccountId}": self.account,
            "${AWS::Partition}": self.partition,
            "${AWS::Region}": self.region,
            "${AWS::StackName}": resolved(PIPELINE_STACK, self.service),
            "${ServiceName}": self.service,
        }
        for name, meaning in meanings.items():
            text = text.replace(name, meaning)
        return text.replace("${!", "${")


def documents(statements: Iterable[Statement], names: Names) -> tuple[dict[str, Any], ...]:
    """The policy documents of these statements, as few as their length allows."""

    def size(part: Sequence[Statement]) -> int:
        return len(json.dumps(_document(part, names), separators=(",", ":")))

    return tuple(_document(part, names) for part in packed(statements, size))


def plain(statement: Statement, names: Names) -> dict[str, Any]:
    """A statement as IAM writes it."""
    condition = {"Condition": names.put_in(statement.condition)} if statement.condition else {}
    actions, resources = list(statement.actions), names.put_in(statement.resources)
    return {"Sid": statement.sid, "Effect": statement.effect, "Action": actions, "Resource": resources, **condition}


def _document(statements: Sequence[Statement], names: Names) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [plain(statement, names) for statement in statements]}
