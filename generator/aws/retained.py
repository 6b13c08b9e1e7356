"""Resources that outlive a pipeline's stack (role, policies, bucket, key, repository, images), and their deletion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from generator.aws.door import Client, Door
from generator.aws.stacks import Held
from generator.errors import AwsRefusedError

Kind = Literal["role", "policy", "bucket", "images", "key", "repository"]
KINDS: Final[tuple[Kind, ...]] = ("role", "policy", "bucket", "images", "key", "repository")
"""In the order in which they go."""
KEY_DAYS = 30
"""Days until a key that is given up is gone for good; until then it can be called back.

https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
"""
_GONE = frozenset({"NoSuchEntity", "NotFoundException", "RepositoryNotFoundException"})
_KINDS: Final[Mapping[str, Kind]] = {
    "AWS::IAM::Role": "role",
    "AWS::IAM::ManagedPolicy": "policy",
    "AWS::S3::Bucket": "bucket",
    "AWS::ECR::Repository": "images",
    "AWS::KMS::Key": "key",
    "AWS::CodeCommit::Repository": "repository",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """Something a stack keeps when it goes: `name` is what AWS calls it by, `logical_id` what the template did."""

    kind: Kind
    name: str
    logical_id: str


def still_there(door: Door, held: Iterable[Held]) -> Iterator[Kept]:
    """Those that are there and ours, each as it is called."""
    for resource in held:
        kind = _KINDS.get(resource.type)
        name = _name_of(door, kind, resource.physical_id) if kind else ""
        if kind and name:
            yield Kept(kind, name, resource.logical_id)


def _name_of(door: Door, kind: Kind, physical_id: str) -> str:
    """What to call it by; empty when it is gone."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - only who goes to AWS pays for it

    try:
        return _LOOKS[kind](door, physical_id)
    except ClientError as refused:
        if refused.response["Error"]["Code"] in _GONE:
            return ""
        raise


def _role(door: Door, name: str) -> str:
    return str(door.client("iam").get_role(RoleName=name)["Role"]["RoleName"])


def _policy(door: Door, arn: str) -> str:
    return str(door.client("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"])


def _bucket(door: Door, name: str) -> str:
    # A name that once was ours may be somebody else's by now, which only our own list tells for sure.
    pages = door.client("s3").get_paginator("list_buckets").paginate(Prefix=name)
    return name if any(bucket["Name"] == name for page in pages for bucket in page["Buckets"]) else ""


def _key(door: Door, name: str) -> str:
    metadata = door.client("kms").describe_key(KeyId=name)["KeyMetadata"]
    return "" if metadata["KeyState"] == "PendingDeletion" else str(metadata["KeyId"])


def _repository(door: Door, identity: str) -> str:
    # CloudFormation knows a repository by its id, everybody else by its name.
    pages = door.client("codecommit").get_paginator("list_repositories").paginate()
    names = (
        repository["repositoryName"]
        for page in pages
        for repository in page["repositories"]
        if repository["repositoryId"] == identity
    )
    return next(names, "")


def _images(door: Door, name: str) -> str:
    return str(door.client("ecr").describe_repositories(repositoryNames=[name])["repositories"][0]["repositoryName"])


_LOOKS: Final[Mapping[Kind, Callable[[Door, str], str]]] = {
    "role": _role,
    "policy": _policy,
    "bucket": _bucket,
    "images": _images,
    "key": _key,
    "repository": _repository,
}


def remove(door: Door, resource: Kept) -> None:
    """End it for good, and a key in KEY_DAYS. Raises AwsRefusedError when a bucket cannot be emptied."""
    _ENDS[resource.kind](door, resource.name)


def _remove_role(door: Door, name: str) -> None:
    iam = door.client("iam")
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=name):
        for attached in page["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=name, PolicyArn=attached["PolicyArn"])
    for page in iam.get_paginator("list_role_policies").paginate(RoleName=name):
        for inline in page["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=inline)
    iam.delete_role(RoleName=name)


def _remove_policy(door: Door, arn: str) -> None:
    iam = door.client("iam")
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def _remove_bucket(door: Door, name: str) -> None:
    s3 = door.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        _remove_versions(s3, name, [*page.get("Versions", ()), *page.get("DeleteMarkers", ())])
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=name):
        for upload in page.get("Uploads", ()):
            s3.abort_multipart_upload(Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"])
    s3.delete_bucket(Bucket=name)


def _remove_versions(s3: Client, bucket: str, versions: list[Mapping[str, str]]) -> None:
    if not versions:
        return
    objects = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
    failed = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}).get("Errors", ())
    if failed:
        first = failed[0]
        raise AwsRefusedError(f"{len(failed)} objects of {bucket} stay, such as {first['Key']}: {first['Message']}")


def _remove_key(door: Door, name: str) -> None:
    door.client("kms").schedule_key_deletion(KeyId=name, PendingWindowInDays=KEY_DAYS)


def _remove_repository(door: Door, name: str) -> None:
    door.client("codecommit").delete_repository(repositoryName=name)


def _remove_images(door: Door, name: str) -> None:
    door.client("ecr").delete_repository(repositoryName=name, force=True)


_ENDS: Final[Mapping[Kind, Callable[[Door, str], None]]] = {
    "role": _remove_role,
    "policy": _remove_policy,
    "bucket": _remove_bucket,
    "images": _remove_images,
    "key": _remove_key,
    "repository": _remove_repository,
}
