"""The deploy role's statements: what CloudFormation needs to create, update, delete and roll back an application.

Every area is scoped to the full name of the role's stack: CloudFormation begins generated names with it.
What carries a generated id instead is scoped by a condition where AWS has one.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import NamedTuple

from generator.rights import TRANSFORMS, Statement

_ARN = "arn:${AWS::Partition}:"
_HERE = ":${AWS::Region}:${AWS::AccountId}:"
# IAM puts in the tags of the role that asks: one policy serves the roles of all stacks, and each reaches its own only.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_STACK = "${!aws:PrincipalTag/stack}"
_BUCKET = "${!aws:PrincipalTag/bucket}"
_FUNCTIONS = f"{_ARN}lambda{_HERE}function:{_STACK}-*"
_ROLES = f"{_ARN}iam::${{AWS::AccountId}}:role/{_STACK}-*"


class _Area(NamedTuple):
    """Actions of one service, and the ARNs they are for."""

    sid: str
    service: str
    arns: tuple[str, ...]
    actions: str


_AREAS = (
    _Area(
        "Functions",
        "lambda",
        (_FUNCTIONS,),
        "AddPermission CreateAlias CreateFunction CreateFunctionUrlConfig DeleteAlias DeleteFunction "
        "DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig DeleteFunctionUrlConfig "
        "DeleteProvisionedConcurrencyConfig GetAlias GetFunction GetFunctionCodeSigningConfig "
        "GetFunctionConfiguration GetFunctionEventInvokeConfig GetFunctionRecursionConfig "
        "GetFunctionScalingConfig GetFunctionUrlConfig GetPolicy GetProvisionedConcurrencyConfig "
        "GetRuntimeManagementConfig ListTags ListVersionsByFunction PublishVersion PutFunctionConcurrency "
        "PutFunctionEventInvokeConfig PutFunctionRecursionConfig PutProvisionedConcurrencyConfig "
        "PutRuntimeManagementConfig RemovePermission TagResource UntagResource UpdateAlias UpdateFunctionCode "
        "UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig UpdateFunctionUrlConfig",
    ),
    _Area(
        "Roles",
        "iam",
        (_ROLES,),
        "AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy "
        "GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies ListRoleTags PutRolePermissionsBoundary "
        "PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
    ),
    _Area(
        "Logs",
        "logs",
        (
            # What services write for a resource of the stack, and what CloudFormation names by itself.
            f"{_ARN}logs{_HERE}log-group:/aws/*/{_STACK}-*",
            f"{_ARN}logs{_HERE}log-group:{_STACK}-*",
        ),
        "CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DescribeIndexPolicies GetDataProtectionPolicy "
        "ListTagsForResource PutRetentionPolicy TagResource UntagResource",
    ),
    _Area(
        "Tables",
        "dynamodb",
        (f"{_ARN}dynamodb{_HERE}table/{_STACK}-*",),
        "CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights "
        "DescribeKinesisStreamingDestination DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource "
        "TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
    ),
    _Area(
        "Queues",
        "sqs",
        (f"{_ARN}sqs{_HERE}{_STACK}-*",),
        "CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue",
    ),
    _Area(
        "Topics",
        "sns",
        (f"{_ARN}sns{_HERE}{_STACK}-*",),
        "CreateTopic DeleteTopic GetDataProtectionPolicy GetSubscriptionAttributes GetTopicAttributes "
        "ListSubscriptionsByTopic ListTagsForResource SetSubscriptionAttributes SetTopicAttributes Subscribe "
        "TagResource Unsubscribe UntagResource",
    ),
    _Area(
        "Rules",
        "events",
        (f"{_ARN}events{_HERE}rule/{_STACK}-*",),
        "DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets TagResource "
        "UntagResource",
    ),
    _Area(
        "Buckets",
        "s3",
        (f"{_ARN}s3:::{_BUCKET}-*",),
        "CreateBucket DeleteBucket DeleteBucketPolicy GetBucketPolicy GetBucketTagging GetEncryptionConfiguration "
        "GetLifecycleConfiguration ListBucket PutBucketCORS PutBucketNotification PutBucketOwnershipControls "
        "PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration "
        "PutLifecycleConfiguration",
    ),
)

# API Gateway names its resources by generated ids, and its actions by HTTP verbs; SAM tags every HTTP API.
_API_PATHS = ("apis", "apis/*", "restapis", "restapis/*", "tags/*")
_APIS = tuple(f"{_ARN}apigateway:${{AWS::Region}}::/{path}" for path in _API_PATHS)
_VERBS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_PASSED_TO = ("apigateway.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com", "states.amazonaws.com")


def statements() -> tuple[Statement, ...]:
    """What every deploy role may do with the resources of its own stack, and what none may ever do."""
    scoped = tuple(Statement(area.sid, _actions(area.service, area.actions), area.arns) for area in _AREAS)
    return (*scoped, *_generated_ids(), *_shared(), _never())


def _actions(service: str, names: str) -> tuple[str, ...]:
    return tuple(f"{service}:{name}" for name in names.split())


def _generated_ids() -> tuple[Statement, ...]:
    return (
        Statement("Apis", _actions("apigateway", " ".join(_VERBS)), _APIS),
        Statement(
            "EventSources",
            _actions("lambda", "CreateEventSourceMapping DeleteEventSourceMapping UpdateEventSourceMapping"),
            # The mapping's id is made by Lambda; creating one knows no resource at all. The condition is the scope.
            ("*",),
            {"ArnLike": {"lambda:FunctionArn": _FUNCTIONS}},
        ),
        # Reading a mapping knows neither a resource by name nor the function's condition key.
        Statement("ReadEventSources", ("lambda:GetEventSourceMapping",), ("*",)),
        Statement(
            "PassRoles", ("iam:PassRole",), (_ROLES,), {"StringEquals": {"iam:PassedToService": list(_PASSED_TO)}}
        ),
    )


def _shared() -> tuple[Statement, ...]:
    return (
        Statement("ReadCode", ("s3:GetObject", "s3:GetObjectVersion"), ("${ArtifactBucket.Arn}/*",)),
        Statement("Transform", ("cloudformation:CreateChangeSet",), TRANSFORMS),
        # CloudFormation looks a log group up among all of them.
        Statement("FindLogs", ("logs:DescribeLogGroups",), (f"{_ARN}logs{_HERE}log-group:*",)),
    )


def _never() -> Statement:
    # Who could tag these roles, change their policies or this stack would write his own permissions.
    roles = tuple(f"{_ARN}iam::${{AWS::AccountId}}:{kind}/${{AWS::StackName}}-*" for kind in ("policy", "role"))
    stack = f"{_ARN}cloudformation{_HERE}stack/${{AWS::StackName}}/*"
    return Statement("NeverThisPipeline", ("cloudformation:*", "iam:*"), (stack, *roles), effect="Deny")
