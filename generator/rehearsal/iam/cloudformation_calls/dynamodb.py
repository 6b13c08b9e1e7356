"""AWS::DynamoDB::Table.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, tags

_BESIDE_UPDATE_TABLE = (
    "ContributorInsightsSpecification",
    "KinesisStreamSpecification",
    "PointInTimeRecoverySpecification",
    "ResourcePolicy",
    "Tags",
    "TimeToLiveSpecification",
)

TABLE = Kind(
    "AWS::DynamoDB::Table",
    "arn:{partition}:dynamodb:{region}:{account}:table/{id}",
    Named("TableName", 255),
    create=(Call("dynamodb:CreateTable"),),
    both=(
        Call("dynamodb:UpdateTimeToLive", when=("TimeToLiveSpecification",)),
        Call("dynamodb:UpdateContinuousBackups", when=("PointInTimeRecoverySpecification",)),
        Call("dynamodb:UpdateContributorInsights", when=("ContributorInsightsSpecification",)),
        Call("dynamodb:EnableKinesisStreamingDestination", when=("KinesisStreamSpecification",)),
        Call("dynamodb:PutResourcePolicy", when=("ResourcePolicy",)),
        *tags("dynamodb:TagResource", "dynamodb:UntagResource"),
    ),
    read=(Call("dynamodb:DescribeTable"),),
    update=(
        Call("dynamodb:UpdateTable", besides=_BESIDE_UPDATE_TABLE),
        Call("dynamodb:DisableKinesisStreamingDestination", lost=("KinesisStreamSpecification",)),
        Call("dynamodb:DeleteResourcePolicy", lost=("ResourcePolicy",)),
    ),
    delete=(Call("dynamodb:DeleteTable"), Call("dynamodb:DescribeTable")),
)

KINDS = (TABLE,)
