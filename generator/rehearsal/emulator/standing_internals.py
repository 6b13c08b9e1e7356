# ruff: noqa: SLF001 - like `internals`, this file exists to be the one that touches ministack's private names
"""What stands in ministack already, as a resource that refers to it has to know: queues, streams, APIs, buckets."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.core import responses
from ministack.services import apigateway_v1, dynamodb, lambda_svc, s3, sqs
from ministack.services.cloudformation import provisioners


def queue_visibility(arn: str) -> int | None:
    """Seconds a queue hides a message that was received; None when there is no such queue."""
    queue = sqs._queue_by_arn(arn)
    return int(queue["attributes"].get("VisibilityTimeout", 30)) if queue else None


def has_table_stream(arn: str) -> bool:
    """Whether a table of the account and region at hand writes this stream."""
    return any(table.get("LatestStreamArn") == arn for table in list(dynamodb._tables.values()))


def function_timeout(name: str) -> int:
    """Seconds a function may take."""
    return int(lambda_svc._functions[name]["config"].get("Timeout", 3))


def invokers(name: str) -> frozenset[str]:
    """The services that statements of a function's own policy name; empty for a function there is not."""
    function = lambda_svc._functions.get(name) or {}
    principals = [one.get("Principal") for one in (function.get("policy") or {}).get("Statement", ())]
    return frozenset(str(one.get("Service") if isinstance(one, Mapping) else one) for one in principals)


def has_methods(api: str) -> bool:
    """Whether a REST API has a method."""
    return any(one.get("resourceMethods") for one in (apigateway_v1._resources.get(api) or {}).values())


def would_be_public(bucket: str, policy: Any) -> bool:
    """Whether a policy opens a bucket to everybody that blocks such policies, as new buckets do."""
    blocked = s3._public_access_blocked(responses.get_account_id(), bucket, "BlockPublicPolicy")
    return bool(blocked and s3._policy_is_public(policy if isinstance(policy, str) else json.dumps(policy)))


def encrypt_buckets() -> None:
    """Give buckets of templates the encryption their BucketEncryption asks for, which ministack leaves out."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    handlers["create"] = _encrypting(handlers["create"])
    handlers["update"] = _encrypting(handlers["update"])


def _encrypting(known: Callable[..., Any]) -> Callable[..., Any]:
    def made(name: str, *more: Any, **named: Any) -> Any:
        result = known(name, *more, **named)
        # Properties come second where one is made, and after the old ones where it is changed.
        properties = next(one for one in reversed(more) if isinstance(one, Mapping))
        _encrypt(result[0], properties.get("BucketEncryption") or {})
        return result

    return made


def _encrypt(bucket: str, encryption: Mapping[str, Any]) -> None:
    rules = encryption.get("ServerSideEncryptionConfiguration") or ()
    if not rules:
        return
    body = "".join(map(_rule, rules))
    s3._put_bucket_encryption(
        bucket, f"<ServerSideEncryptionConfiguration>{body}</ServerSideEncryptionConfiguration>".encode()
    )


def _rule(rule: Mapping[str, Any]) -> str:
    default = rule.get("ServerSideEncryptionByDefault") or {}
    told = "".join(
        f"<{name}>{escape(str(default[name]))}</{name}>"
        for name in ("SSEAlgorithm", "KMSMasterKeyID")
        if name in default
    )
    spared = str(rule.get("BucketKeyEnabled", False)).lower()
    return (
        f"<Rule><ApplyServerSideEncryptionByDefault>{told}</ApplyServerSideEncryptionByDefault>"
        f"<BucketKeyEnabled>{spared}</BucketKeyEnabled></Rule>"
    )
