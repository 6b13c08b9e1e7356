"""AWS::DynamoDB::Table.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, tags

_KEY = ("SSESpecification.KMSMasterKeyId",)
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
_SEALING = ("CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
_THROUGH = {"kms:ViaService": "dynamodb.{region}.amazonaws.com", "kms:CallerAccount": "{account}"}
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
    Named("TableName"),
    create=(Call("dynamodb:CreateTable"),),
    both=(
        *(Call(f"kms:{name}", "{each}", when=_KEY, each=f"{_KEY[0]}|key_arn", keys=_THROUGH) for name in _SEALING),
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
