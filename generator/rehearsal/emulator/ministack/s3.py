# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's S3: buckets, their objects and how both are encrypted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3

from generator.rehearsal.emulator.ministack import context, owners
from generator.rehearsal.emulator.ministack.owners import in_bucket

_KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"


def has_bucket(bucket: str) -> bool:
    """Whether the account at hand has a bucket of this name."""
    return bucket in s3._buckets


def bucket_is_full(bucket: str) -> bool:
    """Whether a bucket holds objects, or versions of some."""
    record = s3._buckets.get(bucket)
    return bool(record and (record["objects"] or s3._bucket_has_versions(bucket)))


def bucket_content(bucket: str, key: str) -> bytes | None:
    """An object; None when it is not there, or of another account that does not let it be read.

    Raises LookupError when the bucket is not there.
    """
    if not owners.owner_of(f"arn:aws:s3:::{bucket}"):
        raise LookupError(bucket)
    content: bytes | None = s3._get_object_data(bucket, key)
    return content


def would_be_public(bucket: str, policy: Any) -> bool:
    """Whether a policy opens a bucket to everybody that blocks such policies, as new buckets do."""
    blocked = s3._public_access_blocked(context.account(), bucket, "BlockPublicPolicy")
    return bool(blocked and s3._policy_is_public(policy if isinstance(policy, str) else json.dumps(policy)))


@in_bucket
def bucket_key(bucket: str) -> str:
    """The KMS key new objects of a bucket are encrypted with by default; empty if there is none, or S3's own."""
    key: str = s3._bucket_default_sse_headers(bucket).get(_KEY_HEADER, "")
    return key


@in_bucket
def has_bucket_key(bucket: str) -> bool:
    """Whether a bucket spares KMS calls with a key of its own."""
    return "<BucketKeyEnabled>true" in (s3._bucket_encryption.get(bucket) or "")


@in_bucket
def object_key(bucket: str, name: str) -> str:
    """The KMS key an object said it is encrypted with; empty when it did not say, or is not there."""
    record = ((s3._buckets.get(bucket) or {}).get("objects") or {}).get(name) or {}
    return str((record.get("preserved_headers") or {}).get(_KEY_HEADER, ""))


def encrypt_bucket(bucket: str, rules: Sequence[Mapping[str, Any]]) -> None:
    """Give a bucket the rules of a template's ServerSideEncryptionConfiguration."""
    body = "".join(map(_rule, rules))
    s3._put_bucket_encryption(
        bucket, f"<ServerSideEncryptionConfiguration>{body}</ServerSideEncryptionConfiguration>".encode()
    )


def _rule(rule: Mapping[str, Any]) -> str:
    default = rule.get("ServerSideEncryptionByDefault") or {}
    fields = "".join(
        f"<{name}>{escape(str(default[name]))}</{name}>"
        for name in ("SSEAlgorithm", "KMSMasterKeyID")
        if name in default
    )
    bucket_key_enabled = str(rule.get("BucketKeyEnabled", False)).lower()
    return (
        f"<Rule><ApplyServerSideEncryptionByDefault>{fields}</ApplyServerSideEncryptionByDefault>"
        f"<BucketKeyEnabled>{bucket_key_enabled}</BucketKeyEnabled></Rule>"
    )
