"""What makes SAM add resources: its types, types of events, and keys (with their colon), and what these add.

A test has aws-sam-translator add them, and finds what the list lacks.
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from __future__ import annotations

from collections.abc import Mapping

_MAPPING = ("AWS::Lambda::EventSourceMapping",)
_PERMISSION = "AWS::Lambda::Permission"
_RULE = ("AWS::Events::Rule", _PERMISSION)
_REST = ("AWS::ApiGateway::Deployment", "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage")
_HTTP = ("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage")
_QUEUE = ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy")

EVENTS: Mapping[str, tuple[str, ...]] = {
    "AlexaSkill": (_PERMISSION,),
    "Api": (*_REST, _PERMISSION),
    "CloudWatchEvent": _RULE,
    "CloudWatchLogs": (_PERMISSION, "AWS::Logs::SubscriptionFilter"),
    "Cognito": (_PERMISSION,),
    "DocumentDB": _MAPPING,
    "DynamoDB": _MAPPING,
    "EventBridgeRule": _RULE,
    "HttpApi": (*_HTTP, _PERMISSION),
    "IoTRule": ("AWS::IoT::TopicRule", _PERMISSION),
    "Kinesis": _MAPPING,
    "MQ": _MAPPING,
    "MSK": _MAPPING,
    "S3": (_PERMISSION,),
    "SNS": (_PERMISSION, "AWS::SNS::Subscription"),
    "SQS": _MAPPING,
    "Schedule": _RULE,
    "ScheduleV2": ("AWS::IAM::Role", "AWS::Scheduler::Schedule"),
    "SelfManagedKafka": _MAPPING,
}
KEYS: Mapping[str, tuple[str, ...]] = {
    "AccessAssociation:": ("AWS::ApiGateway::DomainNameAccessAssociation",),
    "Authorizers:": (_PERMISSION,),
    "AutoPublishAlias:": (
        "AWS::Lambda::Alias",
        "AWS::Lambda::Version",
        "AWS::StepFunctions::StateMachineAlias",
        "AWS::StepFunctions::StateMachineVersion",
    ),
    "Connectors:": ("AWS::IAM::ManagedPolicy",),
    "DeadLetterConfig:": _QUEUE,
    "DeploymentPreference:": (
        "AWS::CodeDeploy::Application",
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::IAM::Role",
    ),
    "DestinationConfig:": ("AWS::SNS::Topic", "AWS::SQS::Queue"),
    "Domain:": (
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::BasePathMappingV2",
        "AWS::ApiGateway::DomainName",
        "AWS::ApiGateway::DomainNameV2",
        "AWS::ApiGatewayV2::ApiMapping",
        "AWS::ApiGatewayV2::DomainName",
    ),
    "EventInvokeConfig:": ("AWS::Lambda::EventInvokeConfig",),
    "FunctionUrlConfig:": (_PERMISSION, "AWS::Lambda::Url"),
    "Route53:": ("AWS::Route53::RecordSetGroup",),
    "SqsSubscription:": (*_MAPPING, *_QUEUE),
    "UsagePlan:": (
        "AWS::ApiGateway::ApiKey",
        "AWS::ApiGateway::UsagePlan",
        "AWS::ApiGateway::UsagePlanKey",
    ),
}
ADDING: Mapping[str, tuple[str, ...]] = {**EVENTS, **KEYS}
"""What a word may add to a resource of SAM."""

TYPES: Mapping[str, tuple[str, ...]] = {
    "AWS::Serverless::Api": _REST,
    "AWS::Serverless::Application": ("AWS::CloudFormation::Stack",),
    "AWS::Serverless::Function": ("AWS::IAM::Role", "AWS::Lambda::Function"),
    "AWS::Serverless::HttpApi": _HTTP,
    "AWS::Serverless::LayerVersion": ("AWS::Lambda::LayerVersion",),
    "AWS::Serverless::SimpleTable": ("AWS::DynamoDB::Table",),
    "AWS::Serverless::StateMachine": ("AWS::IAM::Role", "AWS::StepFunctions::StateMachine"),
}
"""What the usual types become by themselves; the others only count where a template has them."""
