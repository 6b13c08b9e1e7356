"""The artifact bucket, its policy, and the key that encrypts it; or parameters for those that are there already."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.notification import NOTIFICATION_RULES
from generator.model.pipeline import Pipeline
from generator.model.store import CACHE_PREFIX, USE_KEY, Store
from generator.model.template import Parameter, Resource
from generator.model.text import Json, Text
from generator.pipelines.pull_request import FOLDER

_GROUP = "Artifacts"
_CACHE_DAYS = 30
# What may still be wanted of an artifact once a newer version has taken its place: nothing but a look.
_OLD_VERSION_DAYS = 30
_UNFINISHED_UPLOAD_DAYS = 7


def resources(pipeline: Pipeline) -> tuple[Resource, ...]:
    """Bucket and policy, and the key, as far as the pipeline has its own."""
    store = pipeline.store
    key = (_key(pipeline),) if store.own_key else ()
    bucket = () if store.bucket else (_bucket(pipeline), _bucket_policy(pipeline))
    return (*bucket, *key)


def parameters(store: Store) -> Iterator[Parameter]:
    """The parameters that stand where resources would."""
    if store.bucket:
        yield Parameter(store.bucket_id, store.bucket, _GROUP, "An existing bucket for artifacts.")
    if store.key:
        yield Parameter(store.key_id, store.key, _GROUP, "The ARN of an existing key for artifacts.")


def _bucket(pipeline: Pipeline) -> Resource:
    by_default: dict[str, Json] = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    if key := pipeline.store.key_arn:
        by_default = {
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
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
    return Resource(pipeline.store.bucket_id, "AWS::S3::Bucket", properties, comment, keep=True)


def _lifecycle(pipeline: Pipeline) -> list[Json]:
    # CodePipeline's artifacts are in a folder named after the pipeline. Packaged code lies elsewhere and has no rule:
    # the age of an object says nothing about whether a stack still uses it.
    days = pipeline.store.expiry_days
    return [
        _expiry("ExpireArtifacts", "${ServiceName}", days),
        *([_expiry("ExpirePullRequests", FOLDER, days)] if pipeline.pull_request else ()),
        _expiry("ExpireCache", f"{CACHE_PREFIX}/", _CACHE_DAYS),
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


def _bucket_policy(pipeline: Pipeline) -> Resource:
    store = pipeline.store
    deny_plain_http = {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [store.arn, *store.everything],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    properties = {
        "Bucket": store.name,
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [deny_plain_http, *_readers(pipeline)]},
    }
    comment = "TLS only; roles of other accounts read what they deploy." if pipeline.environments else "TLS only."
    return Resource(f"{store.bucket_id}Policy", "AWS::S3::BucketPolicy", properties, comment)


def _readers(pipeline: Pipeline) -> Iterator[Json]:
    """Roles of other accounts: those of actions read artifacts, those that deploy packaged code."""
    read = {"Action": ["s3:GetObject", "s3:GetObjectVersion"]}
    if pipeline.environments:
        yield _let("ReadArtifacts", pipeline, _action_roles(pipeline), {**read, "Resource": pipeline.store.artifacts})
        at_root = pipeline.store.packaged_at_root if pipeline.build.own else ()
        code = [pipeline.store.packaged, *at_root]
        resource = code if at_root else code[0]
        yield _let("ReadPackagedCode", pipeline, _deploy_roles(pipeline), {**read, "Resource": resource})


def _let(sid: str, pipeline: Pipeline, roles: list[Text], rest: Json) -> Json:
    # By account and name: a role named as principal has to be there, and becomes a dead id when it is deleted.
    accounts = dict.fromkeys(environment.account for environment in pipeline.environments)
    principals = [f"arn:${{AWS::Partition}}:iam::{account}:root" for account in accounts]
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": principals},
        **rest,
        "Condition": {"ArnEquals": {"aws:PrincipalArn": roles}, **rest.get("Condition", {})},
    }


def _action_roles(pipeline: Pipeline) -> list[Text]:
    return [environment.action_role for environment in pipeline.environments]


def _deploy_roles(pipeline: Pipeline) -> list[Text]:
    return [each.role for stage in pipeline.stages for each in stage.deployments if each.action_role]


def _key(pipeline: Pipeline) -> Resource:
    elsewhere = [_decrypting(pipeline)] if pipeline.environments else []
    statements = [_account(), _alarms(), _notification_rules(), _logs(), *elsewhere]
    policy = {"Version": "2012-10-17", "Statement": statements}
    properties = {
        "Description": "Artifacts, logs and notifications of ${ServiceName}",
        "EnableKeyRotation": True,
        "KeyPolicy": policy,
    }
    comment = "Encrypts artifacts, logs and notifications; who may use it, the roles' own policies say."
    return Resource(pipeline.store.key_id, "AWS::KMS::Key", properties, comment, keep=True)


def _decrypting(pipeline: Pipeline) -> Json:
    through = {"StringEquals": {"kms:ViaService": "s3.${AWS::Region}.amazonaws.com"}}
    roles = [*_action_roles(pipeline), *_deploy_roles(pipeline)]
    use = {"Action": "kms:Decrypt", "Resource": "*", "Condition": through}
    return _let("ReadFromOtherAccounts", pipeline, roles, use)


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


def _alarms() -> Json:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    return {
        "Sid": "NotifyOfAlarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}},
    }


def _notification_rules() -> Json:
    # AWS's page has no condition but the way through SNS: no page says that the service names an account.
    # https://docs.aws.amazon.com/dtconsole/latest/userguide/set-up-sns.html
    return {
        "Sid": "NotifyOfExecutions",
        "Effect": "Allow",
        "Principal": {"Service": NOTIFICATION_RULES},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:ViaService": "sns.${AWS::Region}.amazonaws.com"}},
    }


def _logs() -> Json:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    logs = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"
    return {
        "Sid": "EncryptLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logs.${AWS::Region}.amazonaws.com"},
        "Action": list(USE_KEY),
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}},
    }
