"""Source action of provider S3: one object of a versioned bucket. Its deploy action has a module of its own.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
"""

from __future__ import annotations

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.s3_deployment import deploy
from generator.rehearsal.codepipeline.sources import refuse_too_large
from generator.rehearsal.codepipeline.state import Outcome, Revision

ACTION_TYPES = frozenset({("Source", "AWS"), ("Deploy", "AWS")})


def start(context: ActionContext) -> Outcome:
    """Put out the object, in its latest version or the one asked for at the start; or deploy."""
    if context.action.type.category == "Deploy":
        return deploy(context)
    return _source(context)


def _source(context: ActionContext) -> Outcome:
    s3 = context.client("s3")
    bucket = context.configuration["S3Bucket"]
    key = _key(context)
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        raise ActionFailedError("ConfigurationError", f"Versioning is not enabled for bucket {bucket}.")
    asked = context.overrides.get("S3_OBJECT_VERSION_ID")
    object_ = s3.get_object(Bucket=bucket, Key=key, **({"VersionId": asked} if asked else {}))
    file = context.folder / "object"
    with file.open("wb") as target:
        for chunk in object_["Body"].iter_chunks():
            target.write(chunk)
    refuse_too_large(file, limits.S3_SOURCE_BYTES)
    (name,) = context.action.outputs
    version, etag = object_.get("VersionId", "null"), object_["ETag"].strip('"')
    return Outcome(
        summary=f"Amazon S3 version id: {version}",
        external_id=version,
        artifacts=(context.put(name, file, version),),
        variables={"BucketName": bucket, "ETag": etag, "ObjectKey": key, "VersionId": version},
        revision=Revision(name, version, f"Amazon S3 version id: {version}", created=object_["LastModified"]),
    )


def _key(context: ActionContext) -> str:
    declared = context.configuration["S3ObjectKey"]
    key = context.overrides.get("S3_OBJECT_KEY", declared)
    allowed = context.configuration.get("AllowOverrideForS3ObjectKey", "false").lower() == "true"
    if key != declared and not allowed:
        raise ActionFailedError(
            "ConfigurationError",
            f"Object key {key} cannot take the place of {declared}: AllowOverrideForS3ObjectKey is not true.",
        )
    return key
