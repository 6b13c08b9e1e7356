# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's SQS: queues."""

from __future__ import annotations

from ministack.services import sqs


def queue_visibility(arn: str) -> int | None:
    """Seconds a queue hides a message that was received; None when there is no such queue."""
    queue = sqs._queue_by_arn(arn)
    return int(queue["attributes"].get("VisibilityTimeout", 30)) if queue else None


def queue_key(arn: str) -> str:
    """The KMS key of a queue; empty if there is none."""
    queue = sqs._queue_by_arn(arn) or {}
    return str((queue.get("attributes") or {}).get("KmsMasterKeyId") or "")
