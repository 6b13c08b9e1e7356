"""Lambda functions whose code is inlined."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model import text
from generator.model.function import Function
from generator.model.template import Resource
from generator.model.text import Json, literal

_RUNTIME = "python3.13"
_MEMORY_MB = 256


def resources(function: Function) -> Iterator[Resource]:
    """The function."""
    properties: dict[str, Json] = {
        "FunctionName": function.name,
        "Runtime": _RUNTIME,
        "Handler": "index.handler",
        "Code": {"ZipFile": literal(function.code)},
        "Role": function.role.arn,
        "MemorySize": _MEMORY_MB,
        "Timeout": function.timeout_seconds,
        "LoggingConfig": {"LogGroup": text.reference(function.logs.logical_id)},
    }
    yield Resource(function.logical_id, "AWS::Lambda::Function", properties, function.comment)
