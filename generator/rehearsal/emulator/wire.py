"""AWS's JSON protocols, both ways, after botocore's model of a service."""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.model import OperationModel, ServiceModel
from botocore.utils import parse_timestamp

from generator.rehearsal.emulator.constraints import violations
from generator.rehearsal.service import ServiceError, service_data

Shape = Any  # botocore's shapes have members, a member or a value, depending on their kind


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: status, headers, body."""

    status: int
    headers: dict[str, str]
    body: bytes


@functools.cache
def model_of(service: str) -> ServiceModel:
    """The model botocore has of a service ("codepipeline")."""
    return ServiceModel(service_data(service), service)


def operation_of(model: ServiceModel, path: str, headers: Mapping[str, str]) -> OperationModel | None:
    """The operation a request asks for: by its target header, or by its path for REST services."""
    name = headers.get("x-amz-target", "").rpartition(".")[2] or _by_path(model).get(path.rstrip("/"), "")
    return model.operation_model(name) if name in model.operation_names else None


@functools.cache
def _by_path(model: ServiceModel) -> dict[str, str]:
    paths = {name: model.operation_model(name).http.get("requestUri", "/") for name in model.operation_names}
    return {path: name for name, path in paths.items() if path != "/"}


def parse(operation: OperationModel, body: bytes) -> dict[str, Any]:
    """The request as boto3's caller wrote it.

    Raises ServiceError: SerializationException for a body that is not of the model's types, or the service's
    own validation error for a value the model does not allow.
    """
    try:
        body_members = json.loads(body or b"{}")
        request = _taken(operation.input_shape, body_members) if operation.input_shape else {}
    except (ValueError, TypeError) as problem:
        raise ServiceError("SerializationException", str(problem)) from problem
    refuse_violations(operation, request)
    return dict(request)


def refuse_violations(operation: OperationModel, request: Mapping[str, Any]) -> None:
    """Raise the service's validation error, in AWS's words, for what the model does not allow.

    An operation whose model names no error for it (most of CodeCommit's) words each refusal itself.
    """
    named = {shape.name for shape in operation.error_shapes}
    code = next((c for c in ("ValidationException", "InvalidInputException") if c in named), None)
    if code is None or operation.input_shape is None:
        return
    violated = violations(operation.input_shape, request)
    if violated:
        plural = "error" if len(violated) == 1 else "errors"
        raise ServiceError(code, f"{len(violated)} validation {plural} detected: {'; '.join(violated)}")


def answer(operation: OperationModel, result: Mapping[str, Any]) -> Reply:
    """The HTTP answer of a result. Raises KeyError or TypeError if the result is not of the model's shape."""
    shape = operation.output_shape
    body = json.dumps(_written(shape, result)).encode() if shape else b""
    return Reply(200, {"Content-Type": _content_type(operation.service_model)}, body)


def refusal(model: ServiceModel, error: ServiceError) -> Reply:
    """The HTTP answer of an error, with the status its shape asks for (400 when it does not say)."""
    status = 400
    if error.code in model.shape_names:
        status = model.shape_for(error.code).metadata.get("error", {}).get("httpStatusCode", 400)
    body = json.dumps({"__type": error.code, "message": error.message, **error.fields}).encode()
    return Reply(status, {"Content-Type": _content_type(model), "x-amzn-ErrorType": error.code}, body)


def _content_type(model: ServiceModel) -> str:
    version = model.metadata.get("jsonVersion")
    return f"application/x-amz-json-{version}" if version else "application/json"


def _taken(shape: Shape, value: Any) -> Any:
    """A JSON value as Python's: timestamps and blobs decoded, null members and unknown ones left out."""
    kind = shape.type_name
    if kind == "structure":
        _require(value, dict, shape)
        present = {name: member for name, member in shape.members.items() if value.get(name) is not None}
        return {name: _taken(member, value[name]) for name, member in present.items()}
    if kind == "list":
        return [_taken(shape.member, item) for item in _require(value, list, shape)]
    if kind == "map":
        return {key: _taken(shape.value, item) for key, item in _require(value, dict, shape).items()}
    if kind == "timestamp":
        return parse_timestamp(value).astimezone(UTC)
    if kind == "blob":
        return base64.b64decode(_require(value, str, shape), validate=True)
    return _require(value, _SCALARS.get(kind, object), shape)


_SCALARS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
}


def _require(value: Any, kind: type | tuple[type, ...], shape: Shape) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool and kind is not object):
        raise TypeError(f"{json.dumps(value)[:80]} can not be converted to {shape.type_name} {shape.name}")
    return value


def _written(shape: Shape, value: Any) -> Any:
    """A Python value as JSON's, with every member named by the model."""
    kind = shape.type_name
    if kind == "structure":
        present = {name: item for name, item in value.items() if item is not None}
        return {name: _written(shape.members[name], item) for name, item in present.items()}
    if kind == "list":
        return [_written(shape.member, item) for item in value]
    if kind == "map":
        return {key: _written(shape.value, item) for key, item in value.items()}
    if kind == "timestamp":
        return _epoch(value)
    if kind == "blob":
        return base64.b64encode(value).decode()
    return value


def _epoch(moment: datetime) -> float:
    if moment.tzinfo is None:
        raise TypeError("a timestamp needs a time zone")
    return round(moment.timestamp(), 3)
