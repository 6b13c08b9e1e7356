# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's DynamoDB: tables and their streams."""

from __future__ import annotations

from ministack.services import dynamodb


def has_stream(arn: str) -> bool:
    """Whether a table of the account and region at hand writes this stream."""
    return any(table.get("LatestStreamArn") == arn for table in list(dynamodb._tables.values()))


def partition_key(arn: str) -> str:
    """The attribute that is the partition key of a table, or of the index an ARN names; empty when there is none."""
    name, _, index = arn.partition(":table/")[2].partition("/index/")
    table = dynamodb._tables.get(name) or {}
    indexes = (*table.get("GlobalSecondaryIndexes", ()), *table.get("LocalSecondaryIndexes", ()))
    of_index = next((each for each in indexes if each.get("IndexName") == index), {}) if index else table
    schema = of_index.get("KeySchema", ())
    return next((str(key["AttributeName"]) for key in schema if key["KeyType"] == "HASH"), "")


def table_key(name: str) -> str:
    """The KMS key of a table; empty for AWS's own."""
    return str(((dynamodb._tables.get(name) or {}).get("SSEDescription") or {}).get("KMSMasterKeyArn") or "")
