"""AWS::Logs::*: groups, metric filters and subscription filters.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Logs.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed, tags

_GROUPS = "arn:{partition}:logs:{region}:{account}:log-group:"
# What AWS's refusals name, for calls on a whole group too.
_OWN = _GROUPS + "{id}:log-stream:"
_OF = _GROUPS + "{LogGroupName}:log-stream:"

LOG_GROUP = Kind(
    "AWS::Logs::LogGroup",
    _OWN,
    Named("LogGroupName"),
    create=(Call("logs:CreateLogGroup"),),
    both=(
        Call("logs:PutRetentionPolicy", when=("RetentionInDays",)),
        Call("logs:PutDataProtectionPolicy", when=("DataProtectionPolicy",)),
        Call("logs:PutIndexPolicy", when=("FieldIndexPolicies",)),
        Call("logs:AssociateKmsKey", when=("KmsKeyId",)),
        # Tags are judged on the group's plain ARN.
        *tags("logs:TagResource", "logs:UntagResource", _GROUPS + "{id}"),
    ),
    # DescribeLogGroups looks among all of them.
    read=(Call("logs:DescribeLogGroups", _GROUPS + ":log-stream:"),),
    update=(
        Call("logs:DeleteRetentionPolicy", lost=("RetentionInDays",)),
        Call("logs:DeleteDataProtectionPolicy", lost=("DataProtectionPolicy",)),
        Call("logs:DeleteIndexPolicy", lost=("FieldIndexPolicies",)),
        Call("logs:DisassociateKmsKey", lost=("KmsKeyId",)),
    ),
    delete=(Call("logs:DeleteLogGroup"),),
)
METRIC_FILTER = Kind(
    "AWS::Logs::MetricFilter",
    _OF,
    Named("FilterName"),
    create=(Call("logs:PutMetricFilter"),),
    read=(Call("logs:DescribeMetricFilters"),),
    update=(Call("logs:PutMetricFilter"),),
    delete=(Call("logs:DeleteMetricFilter"),),
)
SUBSCRIPTION_FILTER = Kind(
    "AWS::Logs::SubscriptionFilter",
    _OF,
    Named("FilterName"),
    create=(Call("logs:PutSubscriptionFilter"),),
    both=(passed("RoleArn", "logs.amazonaws.com"),),
    read=(Call("logs:DescribeSubscriptionFilters"),),
    update=(Call("logs:PutSubscriptionFilter"),),
    delete=(Call("logs:DeleteSubscriptionFilter"),),
)

KINDS = (LOG_GROUP, METRIC_FILTER, SUBSCRIPTION_FILTER)
