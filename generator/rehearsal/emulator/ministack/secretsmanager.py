# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's Secrets Manager."""

from __future__ import annotations

from ministack.services import secretsmanager


def secret_key(secret_id: str) -> tuple[str, str]:
    """The ARN of a secret, by name or ARN, and its KMS key; both empty where there is none."""
    _, secret = secretsmanager._resolve(secret_id) if secret_id else (None, None)
    return (str(secret.get("ARN", "")), str(secret.get("KmsKeyId") or "")) if secret else ("", "")
