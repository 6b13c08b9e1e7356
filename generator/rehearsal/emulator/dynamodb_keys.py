"""The condition keys of a call to DynamoDB that say which items of a table it is about.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.rehearsal.emulator.ministack import dynamodb
from generator.rehearsal.iam.question import Value

Request = Mapping[str, Any]

_TRANSACTED = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete", "GetItem": "Get"}
_EQUALS = re.compile(r"(?P<name>[#\w.-]+)\s*=\s*(?P<value>:\w+)")
# What these return or change is not told by a key's value.
_WHOLE = frozenset({"Scan"})
OF_ITEMS = frozenset(
    {"BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"}
)
"""The actions whose items are known by the value of their partition key."""


def keys_of(action: str, table: str, request: Request) -> dict[str, Value | None]:
    """The keys of one action on one table (an ARN, or that of its index), whose whole request it is."""
    name = action.partition(":")[2]
    keys = {
        "dynamodb:ReturnConsumedCapacity": request.get("ReturnConsumedCapacity"),
        "dynamodb:ReturnValues": request.get("ReturnValues"),
        "dynamodb:Attributes": None,
        "dynamodb:EnclosingOperation": None,
    }
    if name in _WHOLE:
        return {**keys, "dynamodb:LeadingKeys": None, "dynamodb:*PartitionKeyValues": None}
    partition = dynamodb.partition_key(table) if name in OF_ITEMS else ""
    if not partition:
        return keys
    partition_values = [text for item in _items(name, table, request) for text in _values(item.get(partition))]
    partition_values += _queried(partition, request) if name == "Query" else []
    if not partition_values:
        # Said in a way that is not read here: the key is not told to be missing.
        return keys
    return {**keys, "dynamodb:LeadingKeys": tuple(dict.fromkeys(partition_values))}


def _items(name: str, table: str, request: Request) -> Iterator[Request]:
    """The items, or their keys, that a request has for a table."""
    yield from (request[member] for member in ("Key", "Item") if isinstance(request.get(member), Mapping))
    for named, entry in (request.get("RequestItems") or {}).items():
        if _is_of(named, table):
            yield from _batched(entry)
    for operation in request.get("TransactItems") or ():
        detail = operation.get(_TRANSACTED.get(name, "ConditionCheck")) or {}
        if _is_of(str(detail.get("TableName")), table):
            yield from (detail[member] for member in ("Key", "Item") if member in detail)


def _batched(entry: Any) -> Iterator[Request]:
    if isinstance(entry, Mapping):
        yield from entry.get("Keys") or ()
        return
    for operation in entry:
        yield from (
            (operation.get("PutRequest") or {}).get("Item", {}),
            (operation.get("DeleteRequest") or {}).get("Key", {}),
        )


def _is_of(named: str, table: str) -> bool:
    return named in {table, table.partition(":table/")[2].partition("/")[0]}


def _queried(partition: str, request: Request) -> list[str]:
    """What a query asks the partition key to equal."""
    names, values = request.get("ExpressionAttributeNames") or {}, request.get("ExpressionAttributeValues") or {}
    matches = _EQUALS.finditer(str(request.get("KeyConditionExpression") or ""))
    expressed = [
        values.get(match["value"]) for match in matches if names.get(match["name"], match["name"]) == partition
    ]
    legacy = ((request.get("KeyConditions") or {}).get(partition) or {}).get("AttributeValueList") or ()
    return [text for value in (*expressed, *legacy) for text in _values(value)]


def _values(value: Any) -> list[str]:
    """The text of an attribute's value, {"S": "a"}."""
    return [str(text) for text in value.values()] if isinstance(value, Mapping) else []
