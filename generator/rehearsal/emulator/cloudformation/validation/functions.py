"""What Lambda refuses of functions, of what belongs to one, and of their code.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.aws_rules.runtimes import LIFECYCLES, READ
from generator.rehearsal.emulator.ministack import lambda_, s3
from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource, Properties

_NAMED = re.compile(r"(?:arn:[^:]+:lambda:[^:]+:\d+:function:|\d+:function:)?([A-Za-z0-9_-]+)(?::[\w$-]+)?")
_OWNERS = {
    "AWS::Lambda::Alias": "FunctionName",
    "AWS::Lambda::EventSourceMapping": "FunctionName",
    "AWS::Lambda::Permission": "FunctionName",
    "AWS::Lambda::Url": "TargetFunctionArn",
    "AWS::Lambda::Version": "FunctionName",
}


class FunctionError(ValueError):
    """Why Lambda refuses a function, or what belongs to one."""


def refuse(resource: PlannedResource, account: str, region: str, unable: Callable[[str], None]) -> None:
    """Raise FunctionError for the first thing that Lambda would refuse; tell `unable` which layers are not there."""
    if resource.type == "AWS::Lambda::Function":
        for check in (_code, _settings, _variables):
            check(resource.properties)
        _runtime(str(resource.properties.get("Runtime", "")))
        for layer in _missing_layers(resource.properties):
            if f":{region}:{account}:" in layer:
                raise _refused(f"Layer version {layer} does not exist.")
            unable(f"{resource.logical_id} uses the layer {layer} of another account, and its code is not here")
    elif resource.type in _OWNERS:
        _owner(resource.properties.get(_OWNERS[resource.type]), account, region)


def _owner(named: Any, account: str, region: str) -> None:
    match = _NAMED.fullmatch(named) if isinstance(named, str) else None
    elsewhere = str(named).startswith("arn:") and f":{region}:{account}:" not in str(named)
    if match and not elsewhere and not lambda_.has_function(match[1]):
        raise _refused(f"Function not found: arn:aws:lambda:{region}:{account}:function:{match[1]}", 404)


def _missing_layers(properties: Properties) -> list[str]:
    return [str(layer) for layer in properties.get("Layers") or () if lambda_.layer_archive(layer) is None]


def _code(properties: Properties) -> None:
    code = properties.get("Code") or {}
    bucket, key = code.get("S3Bucket"), code.get("S3Key")
    if not isinstance(bucket, str) or not isinstance(key, str):
        return
    try:
        content = s3.bucket_content(bucket, key)
    except LookupError:
        raise _unread("NoSuchBucket", "The specified bucket does not exist") from None
    if content is None and not s3.has_bucket(bucket):
        # Of another account, whose bucket may have no such key either: S3 does not say.
        raise _unread("AccessDenied", "Access Denied")
    if content is None:
        raise _unread("NoSuchKey", "The specified key does not exist.")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise _refused("Could not unzip uploaded file. Please check your file, then try to upload again.")


def _unread(code: str, message: str) -> FunctionError:
    return _refused(f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {message}")


def _settings(properties: Properties) -> None:
    if properties.get("PackageType", "Zip") == "Zip":
        for name in ("Runtime", "Handler"):
            if not properties.get(name):
                raise _refused(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages."
                )
    for name, most in (("Timeout", limits.FUNCTION_SECONDS), ("MemorySize", limits.FUNCTION_MEMORY_MB)):
        value = properties.get(name)
        if value is not None and str(value).isdigit() and int(value) > most:
            raise _refused(
                f"1 validation error detected: Value '{value}' at '{name[0].lower()}{name[1:]}' failed to satisfy"
                f" constraint: Member must have value less than or equal to {most}"
            )


def _runtime(runtime: str) -> None:
    """By the day on which the list was read, so that a rehearsal goes the same way on any other; `check` asks today's.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
    """
    lifecycle = LIFECYCLES.get(runtime)
    if lifecycle and lifecycle.is_blocked(dt.date.fromisoformat(READ)):
        raise _refused(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions."
        )


def _variables(properties: Properties) -> None:
    variables: Mapping[str, Any] = (properties.get("Environment") or {}).get("Variables") or {}
    size = sum(len(str(name).encode()) + len(str(value).encode()) for name, value in variables.items())
    if size > limits.FUNCTION_ENVIRONMENT_BYTES:
        raise _refused(
            "Lambda was unable to configure your environment variables because the environment variables you have"
            " provided exceeded the 4KB limit."
        )


def _refused(message: str, status: int = 400) -> FunctionError:
    return FunctionError(f"{message} (Service: Lambda, Status Code: {status})")
