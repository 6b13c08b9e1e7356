"""The condition keys that a call brings with it, read from its request; one it could bring and does not has no value.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from generator.rehearsal.emulator import dynamodb_keys
from generator.rehearsal.emulator.ministack import context
from generator.rehearsal.emulator.ministack.iam import Call, boundary_of
from generator.rehearsal.emulator.ministack.owners import owner_of
from generator.rehearsal.emulator.request_members import inside, members_of
from generator.rehearsal.iam.question import Value

Keys = dict[str, Value | None]

MEMBERS: Mapping[str, Mapping[str, str]] = {
    "cloudformation": {
        "RoleARN": "cloudformation:RoleArn",
        "ChangeSetName": "cloudformation:ChangeSetName",
        "StackPolicyURL": "cloudformation:StackPolicyUrl",
        "TemplateURL": "cloudformation:TemplateUrl",
    },
    "events": {
        "Entries[].DetailType": "events:detail-type",
        "Entries[].Source": "events:source",
        "Targets[].Arn": "events:TargetArn",
    },
    "iam": {"AWSServiceName": "iam:AWSServiceName", "PolicyArn": "iam:PolicyARN"},
    "lambda": {
        "AuthType": "lambda:FunctionUrlAuthType",
        "CodeSigningConfigArn": "lambda:CodeSigningConfigArn",
        "EventSourceToken": "lambda:EventSourceToken",
        "Layers[]": "lambda:Layer",
        "Principal": "lambda:Principal",
        "VpcConfig.SecurityGroupIds[]": "lambda:SecurityGroupIds",
        "VpcConfig.SubnetIds[]": "lambda:SubnetIds",
    },
    "secretsmanager": {
        "Description": "secretsmanager:Description",
        "KmsKeyId": "secretsmanager:KmsKeyArn",
        "Name": "secretsmanager:Name",
        "VersionId": "secretsmanager:VersionId",
        "VersionStage": "secretsmanager:VersionStage",
    },
    "sns": {"Endpoint": "sns:Endpoint", "Protocol": "sns:Protocol"},
    "sts": {
        "ExternalId": "sts:ExternalId",
        "RoleSessionName": "sts:RoleSessionName",
        "SourceIdentity": "sts:SourceIdentity",
    },
}
"""Service -> member of a request -> the condition key that has its value."""

HEADERS = (
    *("x-amz-acl", "x-amz-content-sha256", "x-amz-copy-source", "x-amz-metadata-directive", "x-amz-object-ownership"),
    *(f"x-amz-grant-{what}" for what in ("full-control", "read", "read-acp", "write", "write-acp")),
    *("x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"),
    *("x-amz-server-side-encryption-customer-algorithm", "x-amz-storage-class", "x-amz-website-redirect-location"),
    *("if-match", "if-none-match"),
)
"""Headers that are condition keys of S3 by their own name."""
_QUERY = {"delimiter": "s3:delimiter", "max-keys": "s3:max-keys", "prefix": "s3:prefix", "versionId": "s3:VersionId"}


def keys_of(call: Call) -> Keys:
    """The keys of the request itself; the emulator's own go before what is read here."""
    own = {name: text for name, value in call.keys.items() if (text := _text(value)) is not None}
    read = _READERS.get(call.service, _of_members)(call)
    own_names = {name.lower() for name in own}
    missing = {name: value for name, value in read.items() if name.lower() not in own_names}
    return {"aws:RequestedRegion": call.region, "aws:ViaAWSService": "false", "aws:CalledVia*": None, **missing, **own}


def _of_members(call: Call) -> Keys:
    members = MEMBERS.get(call.service, {})
    request = members_of(call) if members else {}
    return {key: _single_or_all(inside(request, member)) for member, key in members.items()}


def _single_or_all(values: list[str]) -> Value | None:
    return None if not values else values[0] if len(values) == 1 else tuple(values)


def _of_functions(call: Call) -> Keys:
    """lambda:FunctionArn is an ARN, however the request names the function."""
    named = str(members_of(call).get("FunctionName") or "")
    arn = f"arn:aws:lambda:{call.region}:{call.principal.split(':')[4]}:function:{named}"
    function = named if not named or named.startswith("arn:") else arn
    return {**_of_members(call), "lambda:FunctionArn": function or None}


def _of_objects(call: Call) -> Keys:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html."""
    headers, query = call.headers, members_of(call)
    tags = dict(parse_qsl(headers.get("x-amz-tagging", ""), keep_blank_values=True))
    return {
        **{f"s3:{name}": headers.get(name) or None for name in HEADERS},
        **{key: str(query[name]) if name in query else None for name, key in _QUERY.items()},
        "s3:ExistingObjectTag/*": None,
        "s3:RequestObjectTag/*": None,
        **{f"s3:RequestObjectTag/{name}": value for name, value in tags.items()},
        "s3:RequestObjectTagKeys": tuple(tags) or None,
        # Not the caller's: nobody need have signed.
        "s3:ResourceAccount": owner_of(call.resource) or context.account(),
        "s3:authType": "REST-HEADER" if headers.get("authorization") else "REST-QUERY-STRING",
        "s3:signatureversion": "AWS4-HMAC-SHA256",
        "s3:DataAccessPoint*": None,
        "s3:AccessPointNetworkOrigin": None,
    }


def _of_keys(call: Call) -> Keys:
    """https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html."""
    encrypted_with = members_of(call).get("EncryptionContext")
    named = encrypted_with if isinstance(encrypted_with, Mapping) else {}
    return {
        "kms:EncryptionContext:*": None,
        **{f"kms:EncryptionContext:{name}": str(value) for name, value in named.items()},
        "kms:EncryptionContextKeys": tuple(named) or None,
        "kms:CallerAccount": call.principal.split(":")[4],
        "kms:GrantIsForAWSResource": None,
        "kms:ViaService": None,
    }


def _of_principals(call: Call) -> Keys:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html."""
    request = members_of(call)
    asked = str(request.get("PermissionsBoundary") or "")
    held = "" if asked else boundary_of(call.principal.split(":")[4], request)
    return {**_of_members(call), "iam:PermissionsBoundary": asked or held or None}


def _of_items(call: Call) -> Keys:
    return dynamodb_keys.keys_of(call.action, call.resource, members_of(call))


_READERS: Mapping[str, Callable[[Call], Keys]] = {
    "dynamodb": _of_items,
    "iam": _of_principals,
    "kms": _of_keys,
    "lambda": _of_functions,
    "s3": _of_objects,
}


def _text(value: Any) -> Value | None:
    if value is None:
        return None
    if isinstance(value, (list, tuple, set)):
        return tuple(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
