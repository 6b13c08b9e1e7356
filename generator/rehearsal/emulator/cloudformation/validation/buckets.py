"""What S3 refuses: invalid names, ACLs of buckets that do not take them, and to delete a bucket that holds something.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html
"""

from __future__ import annotations

import re

from generator.rehearsal.emulator.ministack import s3
from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource, Properties

TYPE = "AWS::S3::Bucket"
_NAME = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class BucketError(ValueError):
    """Why S3 refuses."""


def refuse(resource: PlannedResource) -> None:
    """Raise BucketError for an invalid name, and for a policy of a bucket that does not exist."""
    if resource.type == TYPE:
        name = resource.properties.get("BucketName")
        if isinstance(name, str) and not _NAME.fullmatch(name):
            raise BucketError("The specified bucket is not valid. (Service: S3, Status Code: 400)")
        if resource.properties.get("AccessControl", "Private") != "Private" and not _has_acls(resource.properties):
            raise BucketError(
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
                " (Service: S3, Status Code: 400)"
            )
    elif resource.type == "AWS::S3::BucketPolicy" and not s3.has_bucket(str(resource.properties.get("Bucket"))):
        raise BucketError("The specified bucket does not exist (Service: S3, Status Code: 404)")


def _has_acls(properties: Properties) -> bool:
    """Whether a bucket takes ACLs, which none does whose OwnershipControls do not say so.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html (AccessControl)
    """
    rules = (properties.get("OwnershipControls") or {}).get("Rules") or ()
    return any(rule.get("ObjectOwnership", "BucketOwnerEnforced") != "BucketOwnerEnforced" for rule in rules)


def refuse_deletion(resource_type: str, physical_id: str) -> None:
    """Raise BucketError for a bucket that is not empty; versions and delete markers count."""
    if resource_type == TYPE and s3.bucket_is_full(physical_id):
        raise BucketError("The bucket you tried to delete is not empty (Service: S3, Status Code: 409)")
