"""The customer's keys that queues, secrets, parameters and tables use on a caller's behalf, who has to be allowed it.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.emulator.dynamodb_keys import OF_ITEMS
from generator.rehearsal.emulator.ministack import dynamodb, secretsmanager, sqs, ssm

_WRITES = ("kms:GenerateDataKey", "kms:Decrypt")
_READS = ("kms:Decrypt",)
ASKED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((f"dynamodb:{name}" for name in sorted({*OF_ITEMS, "Scan"})), _READS),
    **dict.fromkeys(("secretsmanager:CreateSecret", "secretsmanager:PutSecretValue"), _WRITES),
    "secretsmanager:UpdateSecret": _WRITES,
    "secretsmanager:GetSecretValue": _READS,
    "sqs:SendMessage": _WRITES,
    "sqs:ReceiveMessage": _READS,
    "ssm:PutParameter": ("kms:Encrypt",),
    **dict.fromkeys((f"ssm:GetParameter{end}" for end in ("", "History", "s", "sByPath")), _READS),
}
"""Action -> what it asks of KMS where a key of the customer's is behind what it is about."""


@dataclass(frozen=True, slots=True)
class Use:
    """A key, as it was named, and the encryption context that it is used with."""

    key: str
    context: Mapping[str, str]


def uses(action: str, resource: str, request: Mapping[str, Any]) -> Iterator[Use]:
    """The keys behind one call; AWS's own are among them."""
    find = _FINDERS.get(action.partition(":")[0])
    if find and action in ASKED:
        yield from find(action, resource, request)


def _of_queue(_action: str, queue: str, _request: Mapping[str, Any]) -> Iterator[Use]:
    yield Use(sqs.queue_key(queue), {"aws:sqs:arn": queue})


def _of_secret(action: str, _resource: str, request: Mapping[str, Any]) -> Iterator[Use]:
    arn, key = secretsmanager.secret_key(str(request.get("SecretId") or ""))
    named = str(request.get("KmsKeyId") or "") if action != "secretsmanager:GetSecretValue" else ""
    writes = action != "secretsmanager:UpdateSecret" or {"SecretString", "SecretBinary", "KmsKeyId"} & request.keys()
    if writes:
        yield Use(named or key, {"SecretARN": arn} if arn else {})


def _of_parameters(action: str, _resource: str, request: Mapping[str, Any]) -> Iterator[Use]:
    names = request.get("Names") or [request.get("Name")]
    if action == "ssm:PutParameter":
        is_secret = request.get("Type") == "SecureString" or any(ssm.secure_parameters(names))
        if is_secret:
            yield Use(str(request.get("KeyId") or ""), {})
        return
    if str(request.get("WithDecryption", "")).lower() == "true":
        path = str(request.get("Path") or "")
        for arn, key in ssm.secure_parameters(names, below=path):
            yield Use(key, {"PARAMETER_ARN": arn})


def _of_table(_action: str, table: str, _request: Mapping[str, Any]) -> Iterator[Use]:
    name = table.partition(":table/")[2].partition("/")[0]
    account = [*table.split(":"), "", "", "", "", ""][4]
    yield Use(dynamodb.table_key(name), {"aws:dynamodb:tableName": name, "aws:dynamodb:subscriberId": account})


_FINDERS: Mapping[str, Callable[[str, str, Mapping[str, Any]], Iterator[Use]]] = {
    "dynamodb": _of_table,
    "secretsmanager": _of_secret,
    "sqs": _of_queue,
    "ssm": _of_parameters,
}
