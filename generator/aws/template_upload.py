"""Passes a template to CloudFormation: in the request, or through a bucket if it is too large."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from generator.aws.door import Client, Door
from generator.aws_rules import limits

_PRIVATE = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
_ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a template goes that is too large for a request: `bucket`, or a private one that is made and removed again.

    A bucket that is `named` by somebody is made where it is not there, and stays. `tell` hears which one it is.
    """

    bucket: str = ""
    named: bool = False
    tell: Callable[[str], None] = lambda _: None


TEMPORARY = Upload()
"""A bucket for one launch alone."""


@contextmanager
def handed_over(door: Door, template: str, upload: Upload = TEMPORARY) -> Iterator[Mapping[str, str]]:
    """The members of a request that say which template is meant, for as long as CloudFormation has to read it.

    What is uploaded is removed again.
    """
    body = template.encode()
    if len(body) <= limits.TEMPLATE_INLINE_BYTES:
        yield {"TemplateBody": template}
        return
    s3 = door.client("s3")
    with _lent(door, s3, upload) if upload.bucket else _own(door, s3) as place:
        upload.tell(f"the template has {len(body):,} bytes: CloudFormation reads it from the bucket {place}")
        key = f"Launch/{hashlib.sha256(body).hexdigest()[:16]}-{secrets.token_hex(4)}.template"
        put = s3.put_object(Bucket=place, Key=key, Body=body)
        try:
            yield {"TemplateURL": f"{s3.meta.endpoint_url}/{place}/{key}"}
        finally:
            _remove(s3, place, key, put.get("VersionId"))


@contextmanager
def _lent(door: Door, s3: Client, upload: Upload) -> Iterator[str]:
    if upload.named and not _exists(s3, upload.bucket):
        _create(door, s3, upload.bucket)
        _protect(s3, upload.bucket)
    yield upload.bucket


@contextmanager
def _own(door: Door, s3: Client) -> Iterator[str]:
    bucket = f"penstock-launch-{door.account()}-{secrets.token_hex(6)}"
    _create(door, s3, bucket)
    try:
        _protect(s3, bucket)
        yield bucket
    finally:
        s3.delete_bucket(Bucket=bucket)


def _exists(s3: Client, bucket: str) -> bool:
    # Whose bucket it is, and whether we may write there, the upload says in S3's own words.
    try:
        s3.head_bucket(Bucket=bucket)
    except s3.exceptions.ClientError as refused:
        return bool(refused.response["Error"]["Code"] not in {"404", "NoSuchBucket"})
    return True


def _create(door: Door, s3: Client, bucket: str) -> None:
    elsewhere = {} if door.region == "us-east-1" else {"LocationConstraint": door.region}
    s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": elsewhere} if elsewhere else {}))


def _protect(s3: Client, bucket: str) -> None:
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=_PRIVATE)
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=_ENCRYPTED)


def _remove(s3: Client, bucket: str, key: str, version: str | None) -> None:
    s3.delete_object(Bucket=bucket, Key=key, **({"VersionId": version} if version else {}))
