"""The keys behind a call: what S3 and SNS ask of KMS on the caller's behalf, and CloudWatch Logs by itself.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.rehearsal.emulator import key_uses
from generator.rehearsal.emulator.ministack import kms, s3, sns
from generator.rehearsal.emulator.ministack.iam import Call
from generator.rehearsal.emulator.request_members import members_of
from generator.rehearsal.iam.question import Question, Value

_READING = frozenset({"s3:GetObject", "s3:GetObjectVersion"})
_WRITING = frozenset({"s3:PutObject"})
_OF_AWS = "alias/aws/"
_BUCKET = "arn:aws:s3:::"


def behind(call: Call) -> Iterator[Question]:
    """Whether the caller may use the keys that its call makes a service use."""
    if call.action in _READING | _WRITING:
        yield from _of_objects(call)
    elif call.action == "sns:Publish":
        key = key_behind(sns.topic_key(call.resource))
        if key:
            yield from publishing(call.principal, call.resource, key)
    else:
        yield from _of_others(call)


def _of_others(call: Call) -> Iterator[Question]:
    service = call.action.partition(":")[0]
    for use in key_uses.uses(call.action, call.resource, members_of(call)):
        key = key_behind(use.key)
        if key:
            named = {f"kms:EncryptionContext:{name}": value for name, value in use.context.items()}
            context = {**_via(service, call.region, call.principal), **named}
            for action in key_uses.ASKED[call.action]:
                yield Question(call.principal, action, key, context, call.action)


def publishing(
    principal: str, topic: str, key: str, context: Mapping[str, Value | None] | None = None
) -> Iterator[Question]:
    """Whether somebody may use the key of a topic to publish to it."""
    keys = {**_via("sns", topic.split(":")[3], principal), "kms:EncryptionContext:aws:sns:topicArn": topic}
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        yield Question(principal, action, key, {**keys, **(context or {})}, "sns:Publish")


@dataclass(frozen=True, slots=True)
class Touch:
    """An object that is read or written: `key` is the ARN of its KMS key; `parts`: uploaded in several."""

    action: str
    object: str
    key: str
    region: str
    parts: bool = False


def touching(principal: str, touch: Touch) -> Iterator[Question]:
    """Whether somebody may use the key of an object to read or write it."""
    bucket = touch.object.partition("/")[0]
    about = bucket if s3.has_bucket_key(bucket.removeprefix(_BUCKET)) else touch.object
    context = {**_via("s3", touch.region, principal), "kms:EncryptionContext:aws:s3:arn": about}
    writes = touch.action in _WRITING
    actions = ("kms:GenerateDataKey",) if writes else ("kms:Decrypt",)
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    for action in (*actions, "kms:Decrypt") if writes and touch.parts else actions:
        yield Question(principal, action, touch.key, context, touch.action)


def key_of_object(action: str, arn: str, headers: Mapping[str, str]) -> str:
    """The ARN of the KMS key that reading or writing an object uses; empty unless it is the user's.

    An object that does not say was encrypted as its bucket says.
    """
    bucket, _, name = arn.removeprefix(_BUCKET).partition("/")
    if action in _READING:
        return key_behind(s3.object_key(bucket, name) or s3.bucket_key(bucket))
    algorithm = headers.get("x-amz-server-side-encryption", "")
    named = headers.get("x-amz-server-side-encryption-aws-kms-key-id", "")
    return key_behind(named or (s3.bucket_key(bucket) if algorithm in {"", "aws:kms"} else ""))


def keeping_logs(group: str, key: str) -> Iterator[Question]:
    """Whether CloudWatch Logs may use the key (an ARN) that a log group (its ARN, without an asterisk) names.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    region, account = group.split(":")[3:5]
    named = {"kms:EncryptionContext:aws:logs:arn": group, "kms:CallerAccount": account}
    context: dict[str, Value | None] = {"kms:EncryptionContext:*": None, "kms:ViaService": None, **named}
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        yield Question(f"logs.{region}.amazonaws.com", action, key, context, group)


def _of_objects(call: Call) -> Iterator[Question]:
    key = key_of_object(call.action, call.resource, call.headers)
    if key:
        touch = Touch(call.action, call.resource, key, call.region, parts="uploads" in call.parameters)
        yield from touching(call.principal, touch)


def key_behind(named: str) -> str:
    """The ARN of a key of the user's; empty if there is none, and for AWS's own keys, which ask nothing of the caller.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
    """
    if not named or named.rpartition(":")[2].startswith(_OF_AWS):
        return ""
    return kms.key_arn(named)


def _via(service: str, region: str, principal: str) -> dict[str, Value | None]:
    caller = principal.split(":")[4] if principal.startswith("arn:") else ""
    account = {"kms:CallerAccount": caller} if caller else {}
    return {
        "kms:EncryptionContext:*": None,
        "kms:GrantIsForAWSResource": None,
        "kms:ViaService": f"{service}.{region}.amazonaws.com",
        "aws:ViaAWSService": "true",
        **account,
    }
