"""Passes a template to CloudFormation: in the request, or through a bucket if it is too large."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from generator.aws.door import Client, Door
from generator.aws_rules import limits

_PRIVATE = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
_ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}


@contextmanager
def handed_over(door: Door, template: str, bucket: str = "") -> Iterator[Mapping[str, str]]:
    """The members of a request that say which template is meant, for as long as CloudFormation has to read it.

    A large one lies in `bucket` meanwhile, or in a private bucket of its own, and is removed again.
    """
    body = template.encode()
    if len(body) <= limits.TEMPLATE_INLINE_BYTES:
        yield {"TemplateBody": template}
        return
    s3 = door.client("s3")
    with _lent(s3, bucket) if bucket else _own(door, s3) as place:
        key = f"Launch/{hashlib.sha256(body).hexdigest()[:16]}-{secrets.token_hex(4)}.template"
        put = s3.put_object(Bucket=place, Key=key, Body=body)
        try:
            yield {"TemplateURL": f"{s3.meta.endpoint_url}/{place}/{key}"}
        finally:
            _remove(s3, place, key, put.get("VersionId"))


@contextmanager
def _lent(_s3: Client, bucket: str) -> Iterator[str]:
    yield bucket


@contextmanager
def _own(door: Door, s3: Client) -> Iterator[str]:
    bucket = f"penstock-launch-{door.account()}-{secrets.token_hex(6)}"
    elsewhere = {} if door.region == "us-east-1" else {"LocationConstraint": door.region}
    s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": elsewhere} if elsewhere else {}))
    try:
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=_PRIVATE)
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=_ENCRYPTED)
        yield bucket
    finally:
        s3.delete_bucket(Bucket=bucket)


def _remove(s3: Client, bucket: str, key: str, version: str | None) -> None:
    s3.delete_object(Bucket=bucket, Key=key, **({"VersionId": version} if version else {}))
