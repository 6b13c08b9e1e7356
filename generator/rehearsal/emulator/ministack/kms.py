# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's KMS: keys by their names."""

from __future__ import annotations

from ministack.services import kms


def key_arn(key: str) -> str:
    """The ARN of the key that an id, alias or ARN names; the name itself when there is no such key."""
    record = kms._resolve_key(key)
    return str(record["Arn"]) if record else key
