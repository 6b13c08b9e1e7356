"""Where container images of functions lie: a repository of the stack's, and the rights to it."""

from __future__ import annotations

from generator.model import text
from generator.model.iam import Statement
from generator.model.template import Resource
from generator.model.text import Text, as_json

VARIABLE = "IMAGE_REPOSITORY"
"""The variable of a build that says where it pushes images to; without it they are made and not pushed."""
_ID = "ImageRepository"
REPOSITORY_ARN: Text = text.arn(_ID)
REPOSITORY: Text = text.attribute(_ID, "RepositoryUri")
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
_PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
# https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
_PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def repository() -> Resource:
    """The repository: images are scanned, never overwritten, and as packaged code never expire."""
    functions = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"
    lambda_pulls = {
        "Sid": "LambdaPulls",
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": list(_PULL),
        "Condition": {"ArnLike": {"aws:SourceArn": functions}},
    }
    unnamed = {
        "rulePriority": 1,
        "description": "What a build has pushed and not named",
        "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7},
        "action": {"type": "expire"},
    }
    properties = {
        "EncryptionConfiguration": {"EncryptionType": "AES256"},
        "ImageScanningConfiguration": {"ScanOnPush": True},
        "ImageTagMutability": "IMMUTABLE",
        "LifecyclePolicy": {"LifecyclePolicyText": as_json({"rules": [unnamed]})},
        "RepositoryPolicyText": {"Version": "2012-10-17", "Statement": [lambda_pulls]},
    }
    comment = "Container images of functions. Stays when the stack goes: functions run what lies here."
    return Resource(_ID, "AWS::ECR::Repository", properties, comment, keep=True)


def push() -> tuple[Statement, ...]:
    """What a build needs that pushes images, and looks whether they are there."""
    return (
        Statement("PushImages", _PUSH, (REPOSITORY_ARN,)),
        Statement(
            "EnterRegistry",
            ("ecr:GetAuthorizationToken",),
            ("*",),
            comment="IAM knows no resource for the token that a registry is entered with.",
        ),
    )


def pull() -> Statement:
    """What deploys a function of an image needs: Lambda asks whether the caller may read it, and who else may."""
    return Statement("ReadImages", (*_PULL, "ecr:GetRepositoryPolicy"), (REPOSITORY_ARN,))
