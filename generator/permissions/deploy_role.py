"""The deploy role's statements: what CloudFormation needs to create, update, delete and roll back an application.

Every area is scoped to the full names of the service's stacks: CloudFormation begins generated names with the stack's.
What carries a generated id instead is scoped by a condition where AWS has one.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from generator.model import Statement, Text

_ARN = "arn:${AWS::Partition}:"
_HERE = ":${AWS::Region}:${AWS::AccountId}:"


class _Area(NamedTuple):
    """Actions of one service, and its ARNs with `{stack}` where the stack's name stands."""

    sid: str
    service: str
    arns: tuple[str, ...]
    actions: str


_AREAS = (
    _Area(
        "Functions",
        "lambda",
        (f"{_ARN}lambda{_HERE}function:{{stack}}-*",),
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
        (f"{_ARN}iam::${{AWS::AccountId}}:role/{{stack}}-*",),
        "AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy "
        "GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies ListRoleTags PutRolePermissionsBoundary "
        "PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
    ),
    _Area(
        "Logs",
        "logs",
        (
            # What services write for a resource of the stack, and what CloudFormation names by itself.
            f"{_ARN}logs{_HERE}log-group:/aws/*/{{stack}}-*",
            f"{_ARN}logs{_HERE}log-group:{{stack}}-*",
        ),
        "CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DescribeIndexPolicies GetDataProtectionPolicy "
        "ListTagsForResource PutRetentionPolicy TagResource UntagResource",
    ),
    _Area(
        "Tables",
        "dynamodb",
        (f"{_ARN}dynamodb{_HERE}table/{{stack}}-*",),
        "CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights "
        "DescribeKinesisStreamingDestination DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource "
        "TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
    ),
    _Area(
        "Queues",
        "sqs",
        (f"{_ARN}sqs{_HERE}{{stack}}-*",),
        "CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue",
    ),
    _Area(
        "Topics",
        "sns",
        (f"{_ARN}sns{_HERE}{{stack}}-*",),
        "CreateTopic DeleteTopic GetDataProtectionPolicy GetSubscriptionAttributes GetTopicAttributes "
        "ListSubscriptionsByTopic ListTagsForResource SetSubscriptionAttributes SetTopicAttributes Subscribe "
        "TagResource Unsubscribe UntagResource",
    ),
    _Area(
        "Rules",
        "events",
        (f"{_ARN}events{_HERE}rule/{{stack}}-*",),
        "DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets TagResource "
        "UntagResource",
    ),
    _Area(
        "Buckets",
        "s3",
        (f"{_ARN}s3:::{{stack}}-*",),
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
_TRANSFORMS = ("Include", "LanguageExtensions", "Serverless-2016-10-31")
# What would let an application rewrite the pipeline that delivers it.
_OWN_ROLE_ACTIONS = (
    "AttachRolePolicy DeleteRole DeleteRolePolicy DetachRolePolicy PassRole PutRolePermissionsBoundary PutRolePolicy "
    "UpdateAssumeRolePolicy UpdateRole"
)
_OWN_STACK_ACTIONS = "CreateChangeSet DeleteStack ExecuteChangeSet UpdateStack"


def statements(stacks: Sequence[Text]) -> tuple[Statement, ...]:
    """What the deploy role may do for these stacks, and what it may never do."""
    scoped = tuple(
        Statement(area.sid, _actions(area.service, area.actions), _for_stacks(area.arns, stacks)) for area in _AREAS
    )
    return (*scoped, *_generated_ids(stacks), *_shared(), *_never())


def _for_stacks(arns: Sequence[str], stacks: Sequence[Text]) -> tuple[Text, ...]:
    return tuple(arn.replace("{stack}", stack) for arn in arns for stack in stacks)


def _actions(service: str, names: str) -> tuple[str, ...]:
    return tuple(f"{service}:{name}" for name in names.split())


def _generated_ids(stacks: Sequence[Text]) -> tuple[Statement, ...]:
    functions = _for_stacks((f"{_ARN}lambda{_HERE}function:{{stack}}-*",), stacks)
    roles = _for_stacks((f"{_ARN}iam::${{AWS::AccountId}}:role/{{stack}}-*",), stacks)
    return (
        Statement("Apis", _actions("apigateway", " ".join(_VERBS)), _APIS),
        Statement(
            "EventSources",
            _actions("lambda", "CreateEventSourceMapping DeleteEventSourceMapping UpdateEventSourceMapping"),
            # The mapping's id is made by Lambda; creating one knows no resource at all. The condition is the scope.
            ("*",),
            {"ArnLike": {"lambda:FunctionArn": list(functions)}},
        ),
        # Reading a mapping knows neither a resource by name nor the function's condition key.
        Statement("ReadEventSources", ("lambda:GetEventSourceMapping",), ("*",)),
        Statement("PassRoles", ("iam:PassRole",), roles, {"StringEquals": {"iam:PassedToService": list(_PASSED_TO)}}),
    )


def _shared() -> tuple[Statement, ...]:
    transform = f"{_ARN}cloudformation:${{AWS::Region}}:aws:transform/"
    return (
        Statement("ReadCode", ("s3:GetObject", "s3:GetObjectVersion"), ("${ArtifactBucket.Arn}/*",)),
        Statement("Transform", ("cloudformation:CreateChangeSet",), tuple(transform + name for name in _TRANSFORMS)),
        # CloudFormation looks a log group up among all of them.
        Statement("FindLogs", ("logs:DescribeLogGroups",), (f"{_ARN}logs{_HERE}log-group:*",)),
    )


def _never() -> tuple[Statement, ...]:
    return (
        Statement(
            "NeverThisPipelinesRoles",
            _actions("iam", _OWN_ROLE_ACTIONS),
            (f"{_ARN}iam::${{AWS::AccountId}}:role/${{AWS::StackName}}-*",),
            effect="Deny",
        ),
        Statement(
            "NeverThisPipelinesStack",
            _actions("cloudformation", _OWN_STACK_ACTIONS),
            (f"{_ARN}cloudformation{_HERE}stack/${{AWS::StackName}}/*",),
            effect="Deny",
        ),
    )
