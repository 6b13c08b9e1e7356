"""What an identity must be allowed to launch a pipeline: actions by resource type, and the ARNs they are asked for.

From the handlers of the types in CloudFormation's registry, as of 2026-10-20; rights that only deleting or tagging
takes are left out.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

STACK = "AWS::CloudFormation::Stack"
"""The pipeline's own stack, beside the types of its template."""
UPLOAD = "the template's upload"
"""The bucket that `launch` makes for a template too large for a request, and removes again: see `template_upload`."""
_UPLOADED = "what is uploaded"


class Needed(NamedTuple):
    """Actions on one resource; `*` where AWS knows no ARN before it exists."""

    actions: tuple[str, ...]
    resource: str


_ACTIONS: Mapping[str, tuple[str, str]] = {
    STACK: (
        """cloudformation:CreateChangeSet cloudformation:DescribeChangeSet cloudformation:ExecuteChangeSet
        cloudformation:DescribeStacks cloudformation:DescribeStackEvents""",
        "cloudformation:{region}:{account}:stack/{stack}/*",
    ),
    UPLOAD: (
        "s3:CreateBucket s3:DeleteBucket s3:PutBucketPublicAccessBlock s3:PutEncryptionConfiguration",
        "s3:::penstock-launch-{account}-x",
    ),
    _UPLOADED: ("s3:DeleteObject s3:GetObject s3:PutObject", "s3:::penstock-launch-{account}-x/Launch/x"),
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": ("chatbot:CreateMicrosoftTeamsChannelConfiguration", "*"),
    "AWS::Chatbot::SlackChannelConfiguration": ("chatbot:CreateSlackChannelConfiguration", "*"),
    "AWS::CloudWatch::Alarm": ("cloudwatch:PutMetricAlarm", "cloudwatch:{region}:{account}:alarm:{stack}-x"),
    "AWS::CodeBuild::Project": ("codebuild:CreateProject", "codebuild:{region}:{account}:project/{service}-build"),
    "AWS::CodeCommit::Repository": (
        "codecommit:CreateRepository codecommit:GetRepository",
        "codecommit:{region}:{account}:{service}",
    ),
    "AWS::CodeConnections::Connection": ("codeconnections:CreateConnection codeconnections:GetConnection", "*"),
    "AWS::CodePipeline::Pipeline": (
        "codepipeline:CreatePipeline codepipeline:GetPipeline",
        "codepipeline:{region}:{account}:{pipeline}",
    ),
    "AWS::CodeStarNotifications::NotificationRule": ("codestar-notifications:CreateNotificationRule", "*"),
    "AWS::ECR::Repository": (
        "ecr:CreateRepository ecr:DescribeRepositories ecr:PutLifecyclePolicy ecr:SetRepositoryPolicy",
        "ecr:{region}:{account}:repository/{stack}-x",
    ),
    "AWS::Events::Rule": ("events:PutRule events:PutTargets", "events:{region}:{account}:rule/{stack}-x"),
    "AWS::IAM::ManagedPolicy": ("iam:CreatePolicy iam:GetPolicy", "iam::{account}:policy/{stack}-x"),
    "AWS::IAM::Role": (
        "iam:CreateRole iam:AttachRolePolicy iam:GetRole iam:PassRole iam:PutRolePolicy iam:TagRole",
        "iam::{account}:role/{stack}-x",
    ),
    "AWS::KMS::Key": ("kms:CreateKey", "*"),
    "AWS::Lambda::EventInvokeConfig": (
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:{region}:{account}:function:{service}_start_tests",
    ),
    "AWS::Lambda::Function": (
        "lambda:CreateFunction lambda:GetFunction",
        "lambda:{region}:{account}:function:{service}_start_tests",
    ),
    "AWS::Logs::LogGroup": (
        "logs:CreateLogGroup logs:PutRetentionPolicy",
        "logs:{region}:{account}:log-group:/aws/codebuild/{service}-build:*",
    ),
    "AWS::S3::Bucket": (
        """s3:CreateBucket s3:PutBucketOwnershipControls s3:PutBucketPublicAccessBlock s3:PutBucketVersioning
        s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration""",
        "s3:::{stack}-x",
    ),
    "AWS::S3::BucketPolicy": ("s3:PutBucketPolicy", "s3:::{stack}-x"),
    "AWS::SNS::Topic": ("sns:CreateTopic sns:Subscribe", "sns:{region}:{account}:{stack}-x"),
    "AWS::SNS::TopicPolicy": ("sns:SetTopicAttributes", "sns:{region}:{account}:{stack}-x"),
}


def needed(types: Iterable[str], partition: str, **names: str) -> Iterator[Needed]:
    """What launching a stack of these types takes; `names` are region, account, stack, service and pipeline."""
    for kind in sorted({STACK, UPLOAD, _UPLOADED, *types}):
        if kind in _ACTIONS:
            actions, resource = _ACTIONS[kind]
            arn = resource if resource == "*" else f"arn:{partition}:{resource.format(**names)}"
            yield Needed(tuple(actions.split()), arn)


def unknown(types: Iterable[str]) -> tuple[str, ...]:
    """The types this table knows nothing of."""
    return tuple(sorted(set(types) - _ACTIONS.keys()))
