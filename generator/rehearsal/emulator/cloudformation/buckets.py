"""AWS::S3::Bucket: encrypted as its BucketEncryption says, which the emulator leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.emulator.ministack import cloudformation_types, s3

TYPE = "AWS::S3::Bucket"


class Buckets:
    """The emulator's own handlers, with the encryption carried out."""

    def __init__(self) -> None:
        handlers = cloudformation_types.handlers_of(TYPE)
        self._create, self._update = handlers["create"], handlers["update"]

    def register(self) -> None:
        """Take the place of the emulator's handlers."""
        cloudformation_types.replace_handlers(TYPE, create=self.create, update=self.update)

    def create(self, logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        """Make the bucket, then encrypt it."""
        return _encrypted(self._create(logical_id, properties, stack), properties)

    def update(
        self, physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str
    ) -> tuple[str, dict[str, Any]]:
        """Change the bucket, then its encryption."""
        return _encrypted(self._update(physical_id, old, new, stack), new)


def _encrypted(bucket: tuple[str, dict[str, Any]], properties: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    rules = (properties.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration")
    if rules:
        s3.encrypt_bucket(bucket[0], rules)
    return bucket
