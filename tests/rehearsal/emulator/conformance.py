"""Holds a service's answers and errors to botocore's model of it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator


def conforming(client: Any) -> Any:
    """The client, failing when an answer lacks a required member or has one of a wrong type or length."""

    def check(parsed: dict[str, Any], model: Any, **_rest: Any) -> None:
        if "Error" in parsed or model.output_shape is None:
            return
        answer = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        # AWS itself answers with empty lists where its model asks for one item at least.
        answer = {name: value for name, value in answer.items() if value != []}
        report = ParamValidator().validate(answer, model.output_shape)
        assert not report.has_errors(), f"{model.name}: {report.generate_report()}"

    client.meta.events.register("after-call.*", check)
    return client


def refusal(client: Any, operation: str, **request: Any) -> tuple[str, str]:
    """The error an operation answers with: its code, which the model must name for it, and its text."""
    with pytest.raises(ClientError) as raised:
        client._make_api_call(operation, request)
    code, text = raised.value.response["Error"]["Code"], raised.value.response["Error"]["Message"]
    named = {shape.name for shape in client.meta.service_model.operation_model(operation).error_shapes}
    assert code in named, f"{operation} does not name {code}"
    return code, text
