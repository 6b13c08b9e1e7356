"""AWS::Lambda::EventSourceMapping: only for a function whose role may read what the mapping reads.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.rehearsal.emulator import encryption
from generator.rehearsal.emulator.cloudformation.resource import ResourceError
from generator.rehearsal.emulator.ministack import cloudformation_types, lambda_, sqs
from generator.rehearsal.service import Surroundings

TYPE = "AWS::Lambda::EventSourceMapping"
READS: Mapping[str, tuple[str, ...]] = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "kinesis": ("kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator"),
}
"""Service of a source -> what Lambda does there as the function's role."""
_NAMES = {"sqs": "SQS", "dynamodb": "DynamoDB", "kinesis": "Kinesis"}


class EventSources:
    """The emulator's handlers, and the role's rights before them."""

    def __init__(self, here: Callable[[], Surroundings]) -> None:
        self._here = here
        handlers = cloudformation_types.handlers_of(TYPE)
        self._create, self._update = handlers["create"], handlers["update"]

    def register(self) -> None:
        """Take the place of the emulator's handlers."""
        cloudformation_types.replace_handlers(TYPE, create=self.create, update=self.update)

    def create(self, logical_id: str, properties: Mapping[str, Any], stack: str) -> Any:
        """Make the mapping. Raises ResourceError where the function's role may not read the source."""
        self._require(properties)
        return self._create(logical_id, properties, stack)

    def update(self, physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], *where: Any) -> Any:
        """Change the mapping. Raises as `create`."""
        self._require(new)
        return self._update(physical_id, old, new, *where)

    def _require(self, properties: Mapping[str, Any]) -> None:
        source = str(properties.get("EventSourceArn") or "")
        function = str(properties.get("FunctionName") or "")
        name = (function.partition(":function:")[2] or function).partition(":")[0]
        role = lambda_.function_role(name)
        for action, resource, context in _needs(source) if role else ():
            answer = self._here().may(role, action, resource, context=context, behind=source)
            if not answer.allowed:
                refusal = f"The provided execution role does not have permissions to call {action.partition(':')[2]}"
                service = _NAMES[source.split(":")[2]]
                raise ResourceError(f"{refusal} on {service} (Service: Lambda, Status Code: 400) ({answer.why})")


def _needs(source: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Action, resource and condition keys of what Lambda does with a source."""
    parts = [*source.split(":"), *[""] * 5]
    for action in READS.get(parts[2], ()):
        yield action, source, {}
    key = encryption.key_behind(sqs.queue_key(source)) if parts[2] == "sqs" else ""
    if key:
        yield "kms:Decrypt", key, {"kms:ViaService": f"sqs.{parts[3]}.amazonaws.com"}
