"""Where artifacts and packaged code lie: a bucket and the key that encrypts it, made by the stack or there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.model import text
from generator.model.artifact import PACKAGED_PREFIX
from generator.model.iam import Statement
from generator.model.text import Text

Encryption = Literal["s3", "kms"]

CACHE_PREFIX = "Cache"
"""The folder of builds' caches."""
# https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html
USE_KEY = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
"""What a service or a role does with a key that it encrypts and decrypts with."""


class Store(NamedTuple):
    """The store of one region.

    `bucket` and `key` are the name and the ARN of what is there already, as parameters of the template have it; empty:
    the stack makes its own, a key only for `encryption` kms. The ids are those of the resources or parameters.
    """

    encryption: Encryption = "s3"
    bucket: str = ""
    key: str = ""
    expiry_days: int = 90
    bucket_id: str = "ArtifactBucket"
    key_id: str = "ArtifactKey"

    @property
    def name(self) -> Text:
        """The bucket's name."""
        return text.reference(self.bucket_id)

    @property
    def arn(self) -> Text:
        """The bucket's ARN."""
        return f"arn:${{AWS::Partition}}:s3:::{self.name}" if self.bucket else text.arn(self.bucket_id)

    @property
    def key_arn(self) -> Text:
        """The key's ARN; empty where S3's own key encrypts."""
        if self.encryption != "kms":
            return ""
        return text.reference(self.key_id) if self.key else text.arn(self.key_id)

    @property
    def own_key(self) -> Text:
        """The ARN of a key that the stack makes, which then encrypts logs and topics, too; empty if there is none."""
        return "" if self.key else self.key_arn

    @property
    def artifacts(self) -> Text:
        """The objects of the delivering pipeline's own folder, which begins with the service's name."""
        return self.folder("${ServiceName}")

    @property
    def packaged(self) -> Text:
        """The objects that are packaged code."""
        return self.folder(f"{PACKAGED_PREFIX}/")

    @property
    def built(self) -> Text:
        """The objects that are what services were built to, by what they were built from."""
        return self.folder(f"{PACKAGED_PREFIX}/services/")

    @property
    def packaged_at_root(self) -> tuple[Text, ...]:
        """Packaged code in no folder: the aws CLI calls it by its MD5 sum, and templates end in `.template`."""
        return tuple(f"{self.arn}/{'?' * 32}{suffix}" for suffix in ("", ".template"))

    @property
    def everything(self) -> tuple[Text, ...]:
        """All objects of a pipeline and its builds: its folders in a bucket that others may use, else the whole."""
        if not self.bucket:
            return (self.folder(""),)
        return (self.artifacts, self.packaged, self.cached)

    @property
    def cached(self) -> Text:
        """The objects that are caches of builds."""
        return self.folder(f"{CACHE_PREFIX}/${{ServiceName}}/" if self.bucket else f"{CACHE_PREFIX}/")

    @property
    def cache(self) -> Text:
        """Where the caches of builds lie, as CodeBuild has it: bucket and folder."""
        return f"{self.name}/{CACHE_PREFIX}" + ("/${ServiceName}" if self.bucket else "")

    @classmethod
    def longest(cls) -> Mapping[Text, int]:
        """How many characters stand for each reference once the stack is there, at most: a bucket's name has 63."""
        own, existing = cls("kms"), cls("kms", key="existing")
        # arn:aws-us-gov:s3:::, and arn:aws-us-gov:kms:ap-southeast-7:111122223333:key/ with an id behind it.
        return {own.name: 63, own.arn: 83, own.key_arn: 85, existing.key_arn: 85}

    def folder(self, prefix: Text) -> Text:
        """The objects whose names begin so."""
        return f"{self.arn}/{prefix}*"

    def use_key(self) -> tuple[Statement, ...]:
        """What a role needs to read and write artifacts under the key."""
        return (Statement("UseKey", USE_KEY, (self.key_arn,)),) if self.key_arn else ()

    def read_key(self, sid: str) -> tuple[Statement, ...]:
        """What a role needs to read artifacts or packaged code under the key."""
        return (Statement(sid, ("kms:Decrypt", "kms:DescribeKey"), (self.key_arn,)),) if self.key_arn else ()
