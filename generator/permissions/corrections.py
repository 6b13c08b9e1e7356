"""What AWS's published permissions get wrong for a deploy role: what they lack, and what no deployment needs.

They are written for CloudFormation as a whole: a right that one property of many needs stands beside those that all
need. A baseline that granted all of it would let every application write any table and any user.
"""

from __future__ import annotations

from collections.abc import Mapping

_COVERED = {
    "ApiGateway": (
        "Account",
        "ApiKey",
        "Authorizer",
        "BasePathMapping",
        "BasePathMappingV2",
        "Deployment",
        "DomainName",
        "DomainNameAccessAssociation",
        "DomainNameV2",
        "GatewayResponse",
        "Method",
        "Model",
        "RequestValidator",
        "Resource",
        "RestApi",
        "Stage",
        "UsagePlan",
        "UsagePlanKey",
    ),
    "ApiGatewayV2": (
        "Api",
        "ApiMapping",
        "Authorizer",
        "Deployment",
        "DomainName",
        "Integration",
        "IntegrationResponse",
        "Model",
        "Route",
        "RouteResponse",
        "Stage",
    ),
    "AppSync": (
        "ApiCache",
        "ApiKey",
        "DataSource",
        "DomainName",
        "DomainNameApiAssociation",
        "FunctionConfiguration",
        "GraphQLApi",
        "GraphQLSchema",
        "Resolver",
    ),
    "CloudFormation": ("CustomResource", "Stack", "WaitCondition", "WaitConditionHandle"),
    "CloudWatch": ("Alarm", "Dashboard"),
    "CodeDeploy": ("Application", "DeploymentGroup"),
    "Cognito": ("UserPool", "UserPoolClient", "UserPoolDomain"),
    "DynamoDB": ("Table",),
    "Events": ("EventBus", "Rule"),
    "IAM": ("ManagedPolicy", "Policy", "Role", "RolePolicy"),
    "IoT": ("TopicRule",),
    "Lambda": (
        "Alias",
        "EventInvokeConfig",
        "EventSourceMapping",
        "Function",
        "LayerVersion",
        "LayerVersionPermission",
        "Permission",
        "Url",
        "Version",
    ),
    "Logs": ("LogGroup", "MetricFilter", "SubscriptionFilter"),
    "S3": ("Bucket", "BucketPolicy"),
    "SNS": ("Subscription", "Topic", "TopicPolicy"),
    "SQS": ("Queue", "QueuePolicy"),
    "SSM": ("Parameter",),
    "Scheduler": ("Schedule",),
    "StepFunctions": ("StateMachine", "StateMachineAlias", "StateMachineVersion"),
}
_RARE = {
    "CodeDeploy": ("DeploymentConfig",),
    "Cognito": ("UserPoolGroup", "UserPoolResourceServer"),
    "IAM": ("InstanceProfile",),
    "Lambda": (
        "CapacityProvider",
        "MicrovmImage",
        "NetworkConnector",
        "WebFunction",
        "WebFunctionEndpoint",
        "WebFunctionRevision",
    ),
    "Logs": ("LogStream",),
    "SNS": ("TopicInlinePolicy",),
    "SQS": ("QueueInlinePolicy",),
    "Scheduler": ("ScheduleGroup",),
    "StepFunctions": ("Activity",),
}


def _types(services: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(f"AWS::{service}::{name}" for service, names in services.items() for name in names)


BASELINE = _types(_COVERED)
"""What every deploy role covers: what SAM and the Serverless Framework make, and what usually stands beside it.

docs/permissions.md says how the list was counted. Not AWS::Route53::*, which SAM makes for custom domains: the right to
write records would be one for every zone of the account.
"""

RARE = _types(_RARE)
"""What a deploy role covers where the application has it when the pipeline is launched.

Not AWS::CloudWatch::CompositeAlarm and AWS::Events::EventBusPolicy, which take rights to every alarm and every event
bus of the account, nor AWS::DynamoDB::GlobalTable, whose replicas are in other regions: `extra` grants them.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_reqs_bestpractices.html
"""

SAM = tuple(
    f"AWS::Serverless::{name}"
    for name in (
        "Api",
        "Application",
        "Connector",
        "Function",
        "GraphQLApi",
        "HttpApi",
        "LayerVersion",
        "SimpleTable",
        "StateMachine",
    )
)
"""The types of SAM that become what is covered, some with words in a template that `sam_words` knows."""

OPERATIONS = ("create", "read", "update", "delete")
"""The handlers that deploying calls; `list` serves the search for resources."""

OTHER_SERVICES = frozenset(
    {
        # Networks of functions are looked up, and nothing of them is told that a build does not know.
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        # The services that make their own role the first time; a condition names them.
        "iam:CreateServiceLinkedRole",
        # Roles of the stack, to services that are named in a condition.
        "iam:PassRole",
        # An alias that shifts traffic does so with CodeDeploy.
        "codedeploy:CreateDeployment",
        "codedeploy:GetDeployment",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:GetDeploymentGroup",
        "codedeploy:StopDeployment",
        # A state machine's alias may roll back on alarms.
        "cloudwatch:DescribeAlarms",
    }
)
"""Rights beyond a type's own service that a baseline grants. The others belong to one property (a key of KMS, a file
system, a stream, a certificate): `extra` grants them where an application has that property."""

NOT_GRANTED: Mapping[str, tuple[str, ...]] = {
    "the contents of tables, which only imports and replicas touch": tuple(
        f"dynamodb:{name}"
        for name in ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")
    ),
    "replicas and imports of tables": tuple(
        f"dynamodb:{name}"
        for name in (
            "AssociateTableReplica",
            "CreateTableReplica",
            "DescribeImport",
            "DisassociateTableReplica",
            "ImportTable",
        )
    ),
    "people and their groups, to whom policies of an application should not be attached": tuple(
        f"iam:{verb}{who}Policy" for verb in ("Attach", "Delete", "Detach", "Get", "Put") for who in ("Group", "User")
    ),
    "the contents of buckets": ("s3:DeleteObject", "s3:PutObjectAcl"),
    "metadata tables, which live in S3 Tables": tuple(
        f"s3:{name}"
        for name in (
            "CreateBucketMetadataTableConfiguration",
            "DeleteBucketMetadataTableConfiguration",
            "UpdateBucketMetadataAnnotationTableConfiguration",
            "UpdateBucketMetadataInventoryTableConfiguration",
            "UpdateBucketMetadataJournalTableConfiguration",
        )
    ),
    "who may send to event buses, which is one right for every bus of the account": tuple(
        f"events:{name}Permission" for name in ("Put", "Remove")
    ),
    "machines outside AWS": ("codedeploy:RegisterOnPremisesInstance",),
    "functions on machines of one's own, which are few": ("lambda:PassCapacityProvider",),
}
"""Rights that the lists name and a baseline does not grant, by what they are for."""

MISSING: Mapping[str, tuple[str, ...]] = {
    # The schema of this type is no registry's: the function or the topic behind a custom resource is called.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
    "AWS::CloudFormation::CustomResource": ("lambda:InvokeFunction", "sns:Publish"),
    # Where a nested stack's template has a transform, CloudFormation makes a change set of it.
    "AWS::CloudFormation::Stack": (
        "cloudformation:CreateChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStackResources",
        "cloudformation:ExecuteChangeSet",
        # SAM makes a nested stack of an application that it takes from the Serverless Application Repository.
        "serverlessrepo:CreateCloudFormationTemplate",
        "serverlessrepo:GetCloudFormationTemplate",
    ),
    # Access logs of HTTP APIs and logs of state machines are delivered by CloudWatch Logs.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    **dict.fromkeys(
        ("AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Stage", "AWS::StepFunctions::StateMachine"),
        (
            "logs:CreateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
            "logs:GetLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:UpdateLogDelivery",
        ),
    ),
    # Versions are counted and functions are read while they become active; a replaced one gives up its permissions.
    "AWS::Lambda::Function": ("lambda:GetFunctionConfiguration", "lambda:ListTags", "lambda:ListVersionsByFunction"),
    "AWS::Lambda::EventSourceMapping": ("lambda:ListTags", "lambda:TagResource", "lambda:UntagResource"),
    # A role is looked through before it is deleted.
    "AWS::IAM::Role": ("iam:ListInstanceProfilesForRole", "iam:ListRoleTags"),
    "AWS::IAM::ManagedPolicy": ("iam:ListPolicyTags", "iam:TagPolicy", "iam:UntagPolicy"),
}
"""Rights that AWS's lists lack, by type."""

MISSING_FOR_PROPERTIES: Mapping[str, tuple[str, ...]] = {
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    "AWS::DynamoDB::Table": ("kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
}
"""Rights of other services that AWS's lists lack for a property of a type, and that `extra` grants."""

SERVICES: Mapping[str, str] = {
    "ApiGateway": "apigateway",
    "ApiGatewayV2": "apigateway",
    "Cognito": "cognito-idp",
    "StepFunctions": "states",
}
"""The prefix of a service's rights where it is not the service's name in lower case."""
