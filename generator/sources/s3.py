"""A zip in an S3 bucket, created with the pipeline or already there: for code that comes from somewhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.action import Action
from generator.model.artifact import SOURCE_ARTIFACT
from generator.model.iam import Statement
from generator.model.source import Source
from generator.model.template import Output, Parameter, Resource
from generator.model.text import Json, arn, reference

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = (
    r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*(\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))"
    r"(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
)

# https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
_SOURCE_BUCKET, _SOURCE_BUCKET_NAME, _SOURCE_KEY = "SourceBucket", "SourceBucketName", "SourceKey"
_VARIABLES = ("BucketName", "ETag", "ObjectKey", "VersionId")

SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "description": "A zip file in an S3 bucket; every new version of it is delivered.",
    "additionalProperties": False,
    "properties": {
        "bucket": {
            "type": "string",
            "description": "The bucket's name; a bucket that the stack creates needs none.",
            "pattern": f"^{_BUCKET}$",
            "x-what": "an S3 bucket name (3-63 lower-case letters, digits, '.' and '-')",
            "examples": ["acme-deliveries"],
        },
        "key": {
            "type": "string",
            "description": "The object's key.",
            "default": "source.zip",
            "pattern": r"^[A-Za-z0-9!_.*'()/-]{1,1000}$",
            "x-what": "an S3 object key of safe characters",
        },
        "create": {
            "type": "boolean",
            "default": True,
            "description": "Create the bucket with the pipeline; false uses one that exists.",
        },
    },
    "if": {"properties": {"create": {"const": False}}, "required": ["create"]},
    "then": {"required": ["bucket"]},
}


def source(settings: Mapping[str, Any], _service: str) -> Source:
    """The source for these settings; a new version of the object starts the pipeline through an event."""
    create = settings["create"]
    bucket = reference(_SOURCE_BUCKET if create else _SOURCE_BUCKET_NAME)
    return Source(
        kind="s3",
        action=Action(
            name="Source",
            category="Source",
            provider="S3",
            configuration={"S3Bucket": bucket, "S3ObjectKey": reference(_SOURCE_KEY), "PollForSourceChanges": "false"},
            outputs=(SOURCE_ARTIFACT,),
            namespace="Source",
        ),
        commit="#{Source.VersionId}",
        parameters=_parameters(settings),
        statements=_statements("arn:${AWS::Partition}:s3:::" + bucket),
        variables=_VARIABLES,
        resources=(_bucket(), _bucket_policy()) if create else (),
        outputs=_outputs(bucket, create),
        conditions={"NamedSourceBucket": {"Fn::Not": [{"Fn::Equals": [{"Ref": _SOURCE_BUCKET_NAME}, ""]}]}}
        if create
        else {},
        event_pattern={
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [bucket]}, "object": {"key": [reference(_SOURCE_KEY)]}},
        },
    )


def _parameters(settings: Mapping[str, Any]) -> tuple[Parameter, ...]:
    return (
        Parameter(
            _SOURCE_BUCKET_NAME,
            settings.get("bucket", ""),
            "Source",
            "Name of the bucket to create; empty lets CloudFormation choose one."
            if settings["create"]
            else "Name of the bucket that receives the application's zip.",
            max_length=63,
        ),
        Parameter(
            _SOURCE_KEY,
            settings["key"],
            "Source",
            "Key of the zip; every new version of it is delivered.",
            max_length=1000,
        ),
    )


def _statements(bucket_arn: str) -> tuple[Statement, ...]:
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
    return (
        Statement(
            "ReadSourceBucket",
            ("s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"),
            (bucket_arn,),
        ),
        Statement(
            "ReadSource",
            ("s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"),
            (f"{bucket_arn}/{reference(_SOURCE_KEY)}",),
        ),
    )


def _bucket() -> Resource:
    named = {"Fn::If": ["NamedSourceBucket", {"Ref": _SOURCE_BUCKET_NAME}, {"Ref": "AWS::NoValue"}]}
    return Resource(
        _SOURCE_BUCKET,
        "AWS::S3::Bucket",
        {
            "BucketName": named,
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
            # The source action needs versions to name what it delivers.
            "VersioningConfiguration": {"Status": "Enabled"},
            "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "PublicAccessBlockConfiguration": dict.fromkeys(
                ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
            ),
        },
        "Upload the application's zip here; the bucket stays when the stack goes.",
        keep=True,
    )


def _bucket_policy() -> Resource:
    statement = {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn(_SOURCE_BUCKET), f"{arn(_SOURCE_BUCKET)}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return Resource(
        "SourceBucketPolicy",
        "AWS::S3::BucketPolicy",
        {"Bucket": reference(_SOURCE_BUCKET), "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}},
        "TLS only.",
    )


def _outputs(bucket: str, create: bool) -> tuple[Output, ...]:
    upload = Output(
        "SourceLocation",
        f"s3://{bucket}/{reference(_SOURCE_KEY)}",
        "Upload the zip here; every new version is delivered.",
    )
    if create:
        return (upload,)
    todo = f"bucket {bucket}: its owner must switch on versioning and the notifications to Amazon EventBridge"
    return (
        upload,
        Output("SourceBucketToPrepare", todo, "Without both, no upload ever starts the pipeline."),
    )
