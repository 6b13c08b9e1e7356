# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's DynamoDB: tables and their streams."""

from __future__ import annotations

from ministack.services import dynamodb


def has_stream(arn: str) -> bool:
    """Whether a table of the account and region at hand writes this stream."""
    return any(table.get("LatestStreamArn") == arn for table in list(dynamodb._tables.values()))
