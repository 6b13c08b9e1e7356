"""As much of the aws CLI as the pages use: `aws SERVICE OPERATION --option value`, and `aws SERVICE wait`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import boto3
import botocore.session
from botocore import xform_name


def request(service: str, operation: str, options: Sequence[str]) -> dict[str, Any]:
    """The request that options spell. Raises KeyError for one that the operation has not."""
    model = botocore.session.get_session().get_service_model(service)
    (name,) = [name for name in model.operation_names if xform_name(name, "-") == operation]
    shape = model.operation_model(name).input_shape
    # botocore's own types call every input shape optional.
    members = {f"--{xform_name(member, '-')}": member for member in shape.members}  # type: ignore[union-attr]
    collected: dict[str, Any] = {}
    member = ""
    for option in options:
        if option.startswith("--"):
            member = members[option]
        elif shape.members[member].type_name == "list":  # type: ignore[union-attr]
            collected.setdefault(member, []).append(option)
        else:
            collected[member] = option
    return collected


def run(service: str, operation: str, *options: str) -> None:
    """Do what the command line says, at the endpoint the environment names."""
    client = boto3.client(service)  # type: ignore[call-overload]  # the overloads know names, not strings
    if operation == "wait":
        waiter, *rest = options
        often = {"Delay": 0.1, "MaxAttempts": 100}
        client.get_waiter(waiter.replace("-", "_")).wait(
            **request(service, "describe-stacks", rest), WaiterConfig=often
        )
    else:
        getattr(client, operation.replace("-", "_"))(**request(service, operation, options))


if __name__ == "__main__":
    run(*sys.argv[1:])
