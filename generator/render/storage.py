"""The artifact bucket, its policy, and the key that encrypts it."""

from __future__ import annotations

from generator.model.iam import Statement
from generator.model.pipeline import Pipeline
from generator.model.template import Resource
from generator.model.text import Json
from generator.pipelines.pull_request import FOLDER

_DENIED_HTTP = {
    "Sid": "DenyPlainHttp",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["${ArtifactBucket.Arn}", "${ArtifactBucket.Arn}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
_CACHE_PREFIX = "Cache"
CACHE = f"${{ArtifactBucket}}/{_CACHE_PREFIX}"
"""Where the build's cache lies in S3."""
_CACHE_DAYS = 30
# What may still be wanted of an artifact once a newer version has taken its place: nothing but a look.
_OLD_VERSION_DAYS = 30
_UNFINISHED_UPLOAD_DAYS = 7


def resources(pipeline: Pipeline) -> tuple[Resource, ...]:
    """Bucket and policy, and the key, as far as the pipeline has its own."""
    key = (_key(),) if has_own_key(pipeline) else ()
    bucket = () if pipeline.bucket else (_bucket(pipeline), _bucket_policy())
    return (*bucket, *key)


def has_own_key(pipeline: Pipeline) -> bool:
    """Whether the pipeline makes a key, which then encrypts logs and topics, too."""
    return pipeline.encryption == "kms" and not pipeline.key


def use_key(pipeline: Pipeline) -> tuple[Statement, ...]:
    """What a role needs to read and write artifacts under the pipeline's own key."""
    if pipeline.encryption != "kms":
        return ()
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html
    actions = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
    return (Statement("UseKey", actions, ("${ArtifactKey.Arn}",)),)


def read_key(pipeline: Pipeline, sid: str) -> tuple[Statement, ...]:
    """What a role needs to read artifacts or packaged code under the pipeline's own key."""
    if pipeline.encryption != "kms":
        return ()
    return (Statement(sid, ("kms:Decrypt", "kms:DescribeKey"), ("${ArtifactKey.Arn}",)),)


def _bucket(pipeline: Pipeline) -> Resource:
    by_default: dict[str, Json] = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    if pipeline.encryption == "kms":
        by_default = {
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "${ArtifactKey.Arn}"},
            # Asks KMS once for many objects instead of once for each.
            "BucketKeyEnabled": True,
        }
    properties = {
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [by_default]},
        "LifecycleConfiguration": {"Rules": _lifecycle(pipeline)},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": dict.fromkeys(
            ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
        ),
        "VersioningConfiguration": {"Status": "Enabled"},
    }
    comment = (
        "What actions hand to each other, and packaged code. Stays when the stack goes: "
        "CloudFormation reads an application's earlier code again when it rolls back."
    )
    return Resource("ArtifactBucket", "AWS::S3::Bucket", properties, comment, keep=True)


def _lifecycle(pipeline: Pipeline) -> list[Json]:
    # CodePipeline's artifacts lie in a folder named after the pipeline. Packaged code lies elsewhere and has no rule:
    # the age of an object says nothing about whether a stack still uses it.
    days = pipeline.artifact_expiry_days
    return [
        _expiry("ExpireArtifacts", "${ServiceName}", days),
        *([_expiry("ExpirePullRequests", FOLDER, days)] if pipeline.source.pull_request else ()),
        _expiry("ExpireCache", f"{_CACHE_PREFIX}/", _CACHE_DAYS),
        {
            "Id": "AbortUnfinishedUploads",
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": _UNFINISHED_UPLOAD_DAYS},
        },
    ]


def _expiry(name: str, prefix: str, days: int) -> Json:
    return {
        "Id": name,
        "Status": "Enabled",
        "Prefix": prefix,
        "ExpirationInDays": days,
        "NoncurrentVersionExpiration": {"NoncurrentDays": _OLD_VERSION_DAYS},
    }


def _bucket_policy() -> Resource:
    policy = {"Version": "2012-10-17", "Statement": [_DENIED_HTTP]}
    properties = {"Bucket": "${ArtifactBucket}", "PolicyDocument": policy}
    return Resource("ArtifactBucketPolicy", "AWS::S3::BucketPolicy", properties, "TLS only.")


def _key() -> Resource:
    policy = {"Version": "2012-10-17", "Statement": [_account(), _publishers(), _logs()]}
    properties = {
        "Description": "Artifacts, logs and notifications of ${ServiceName}",
        "EnableKeyRotation": True,
        "KeyPolicy": policy,
    }
    comment = "Encrypts artifacts, logs and notifications; who may use it, the roles' own policies say."
    return Resource("ArtifactKey", "AWS::KMS::Key", properties, comment, keep=True)


def _account() -> Json:
    # Naming roles here would make a cycle: they name the key. The account's own policies decide instead.
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    return {
        "Sid": "AccountDecides",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def _publishers() -> Json:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    return {
        "Sid": "Notify",
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com", "codestar-notifications.amazonaws.com"]},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}},
    }


def _logs() -> Json:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    logs = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"
    return {
        "Sid": "EncryptLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logs.${AWS::Region}.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}},
    }
