"""AWS::S3::*: buckets and their policies. Each configuration of a bucket is a call of its own.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html (operations and their actions)
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_S3.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named

_CONFIGURATIONS = {
    "AccelerateConfiguration": "PutAccelerateConfiguration",
    "AccessControl": "PutBucketAcl",
    "AnalyticsConfigurations": "PutAnalyticsConfiguration",
    "BucketEncryption": "PutEncryptionConfiguration",
    "CorsConfiguration": "PutBucketCORS",
    "IntelligentTieringConfigurations": "PutIntelligentTieringConfiguration",
    "InventoryConfigurations": "PutInventoryConfiguration",
    "LifecycleConfiguration": "PutLifecycleConfiguration",
    "LoggingConfiguration": "PutBucketLogging",
    "MetricsConfigurations": "PutMetricsConfiguration",
    "NotificationConfiguration": "PutBucketNotification",
    "ObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "OwnershipControls": "PutBucketOwnershipControls",
    "PublicAccessBlockConfiguration": "PutBucketPublicAccessBlock",
    "ReplicationConfiguration": "PutReplicationConfiguration",
    "Tags": "PutBucketTagging",
    "VersioningConfiguration": "PutBucketVersioning",
    "WebsiteConfiguration": "PutBucketWebsite",
}

BUCKET = Kind(
    "AWS::S3::Bucket",
    "arn:{partition}:s3:::{id}",
    Named("BucketName", lower=True),
    create=(Call("s3:CreateBucket"),),
    both=tuple(Call(f"s3:{action}", when=(name,)) for name, action in _CONFIGURATIONS.items()),
    # What takes a configuration away has the action of what puts it there.
    update=(
        *(Call(f"s3:{action}", lost=(name,)) for name, action in _CONFIGURATIONS.items() if "Website" not in name),
        Call("s3:DeleteBucketWebsite", lost=("WebsiteConfiguration",)),
    ),
    delete=(Call("s3:DeleteBucket"),),
)
BUCKET_POLICY = Kind(
    "AWS::S3::BucketPolicy",
    "arn:{partition}:s3:::{Bucket}",
    Named("Bucket"),
    create=(Call("s3:PutBucketPolicy"),),
    update=(Call("s3:PutBucketPolicy"),),
    delete=(Call("s3:DeleteBucketPolicy"),),
)

KINDS = (BUCKET, BUCKET_POLICY)
