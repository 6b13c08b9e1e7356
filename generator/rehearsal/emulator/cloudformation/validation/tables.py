"""What DynamoDB refuses of a table's keys.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource, Properties

_PREFIX = "One or more parameter values were invalid: "
_INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")


class TableError(ValueError):
    """Why DynamoDB refuses a table."""


def refuse(wanted: PlannedResource) -> None:
    """Raise TableError for the first thing DynamoDB would refuse."""
    if wanted.type == "AWS::DynamoDB::Table":
        for problem in _problems(wanted.properties):
            raise TableError(f"{problem} (Service: DynamoDb, Status Code: 400)")


def _problems(properties: Properties) -> Iterator[str]:
    schemas = [properties.get("KeySchema") or []]
    schemas += [index.get("KeySchema") or [] for name in _INDEXES for index in properties.get(name) or []]
    for schema in schemas:
        yield from _schema(schema)
    keys = {key.get("AttributeName") for schema in schemas for key in schema}
    defined = {one.get("AttributeName") for one in properties.get("AttributeDefinitions") or []}
    if missing := sorted(keys - defined):
        yield (
            f"{_PREFIX}Some index key attributes are not defined in AttributeDefinitions."
            f" Keys: [{', '.join(missing)}], AttributeDefinitions: [{', '.join(sorted(defined))}]"
        )
    if defined - keys:
        yield (
            f"{_PREFIX}Number of attributes in KeySchema does not exactly match number of attributes defined"
            " in AttributeDefinitions"
        )
    yield from _throughput(properties)


def _schema(schema: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    kinds = [key.get("KeyType") for key in schema]
    if kinds and kinds[0] != "HASH":
        yield "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
    elif kinds[1:] not in ([], ["RANGE"]):
        yield "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"


def _throughput(properties: Properties) -> Iterator[str]:
    demanded = properties.get("BillingMode", "PROVISIONED") == "PAY_PER_REQUEST"
    given = properties.get("ProvisionedThroughput")
    if not demanded and not given:
        yield (
            f"{_PREFIX}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        )
    if demanded and given:
        yield (
            f"{_PREFIX}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
            " PAY_PER_REQUEST"
        )
