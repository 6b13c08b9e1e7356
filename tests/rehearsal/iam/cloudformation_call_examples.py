"""One resource of every listed type: what it is made with, what an update makes of it, and what it needs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Properties = Mapping[str, Any]
TAGS = [{"Key": "team", "Value": "time"}]
CODE = {"ZipFile": "def handler(event, context):\n    return event\n"}


@dataclass(frozen=True)
class Example:
    """`created` and `changed` are properties; `beside` other resources of the stack, which stay as they are."""

    created: Properties
    changed: Properties | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)


def _role_trust(service: str) -> dict[str, Any]:
    principal = {"Service": f"{service}.amazonaws.com"}
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }


def _allowing(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _arn(name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, "Arn"]}


ROLE = _resource("AWS::IAM::Role", AssumeRolePolicyDocument=_role_trust("lambda"))
FUNCTION_PROPERTIES = {"Runtime": "python3.13", "Handler": "index.handler", "Code": CODE, "Role": _arn("R")}
FUNCTION = {"R": ROLE, "F": _resource("AWS::Lambda::Function", **FUNCTION_PROPERTIES)}
VERSION = _resource("AWS::Lambda::Version", FunctionName=_ref("F"))
API = {"A": _resource("AWS::ApiGateway::RestApi", Name="api")}
ROOT = {"Fn::GetAtt": ["A", "RootResourceId"]}
METHOD_PROPERTIES = {
    "RestApiId": _ref("A"),
    "ResourceId": ROOT,
    "HttpMethod": "GET",
    "AuthorizationType": "NONE",
    "Integration": {"Type": "MOCK"},
}
METHOD = _resource("AWS::ApiGateway::Method", **METHOD_PROPERTIES)
DEPLOYMENT = {**_resource("AWS::ApiGateway::Deployment", RestApiId=_ref("A")), "DependsOn": "M"}
PLAN = {"P": _resource("AWS::ApiGateway::UsagePlan", UsagePlanName="plan")}
HTTP_API = {"A": _resource("AWS::ApiGatewayV2::Api", Name="api", ProtocolType="HTTP")}
HTTP_ROUTE = {**HTTP_API, "R": _resource("AWS::ApiGatewayV2::Route", ApiId=_ref("A"), RouteKey="GET /a")}
SOCKET_API = {
    "A": _resource(
        "AWS::ApiGatewayV2::Api", Name="api", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.do"
    ),
    "R": _resource("AWS::ApiGatewayV2::Route", ApiId=_ref("A"), RouteKey="do"),
    "I": _resource("AWS::ApiGatewayV2::Integration", ApiId=_ref("A"), IntegrationType="MOCK"),
}
HTTP_DOMAIN = {"D": _resource("AWS::ApiGatewayV2::DomainName", DomainName="v2.example.com")}
QUEUE = {"Q": _resource("AWS::SQS::Queue")}
TOPIC = {"T": _resource("AWS::SNS::Topic")}
GROUP = {"G": _resource("AWS::Logs::LogGroup")}
POOL = {"P": _resource("AWS::Cognito::UserPool", UserPoolName="pool")}
PATTERN = {"source": ["here"]}
METRIC = [{"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}]
STREAM = {"D": FUNCTION["F"], "R": ROLE}
MACHINE = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
ALARM = {
    "MetricName": "m",
    "Namespace": "n",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}
SCHEDULE = {"ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}}
TARGET = {"Arn": _arn("Q"), "RoleArn": _arn("R")}
SCHEDULER_ROLE = _resource("AWS::IAM::Role", AssumeRolePolicyDocument=_role_trust("scheduler"))
STATES_ROLE = _resource("AWS::IAM::Role", AssumeRolePolicyDocument=_role_trust("states"))
STAGE_BESIDE = {**API, "M": METHOD, "D": DEPLOYMENT}
TABLE = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
LAYER = {"LayerName": "layer", "Content": {"S3Bucket": "code", "S3Key": "layer.zip"}}
MAPPING = {"FunctionName": _ref("F"), "EventSourceArn": _arn("Q"), "BatchSize": 1}
MAPPED = {
    "F": FUNCTION["F"],
    "Q": QUEUE["Q"],
    "R": _resource(
        "AWS::IAM::Role",
        AssumeRolePolicyDocument=_role_trust("lambda"),
        Policies=[{"PolicyName": "reads", "PolicyDocument": _allowing("sqs:*")}],
    ),
}

EXAMPLES: Mapping[str, Example] = {
    "AWS::ApiGateway::Account": Example({}, {"CloudWatchRoleArn": _arn("R")}, {"R": ROLE}),
    "AWS::ApiGateway::ApiKey": Example({"Enabled": True, "Tags": TAGS}, {"Enabled": False}),
    "AWS::ApiGateway::Authorizer": Example(
        {"RestApiId": _ref("A"), "Name": "a", "Type": "TOKEN", "IdentitySource": "method.request.header.A"},
        {"RestApiId": _ref("A"), "Name": "b", "Type": "TOKEN", "IdentitySource": "method.request.header.A"},
        API,
    ),
    "AWS::ApiGateway::BasePathMapping": Example(
        {"DomainName": _ref("N"), "RestApiId": _ref("A"), "BasePath": "b"},
        {"DomainName": _ref("N"), "RestApiId": _ref("A"), "BasePath": "b", "Stage": "s"},
        {**API, "N": _resource("AWS::ApiGateway::DomainName", DomainName="api.example.com")},
    ),
    "AWS::ApiGateway::Deployment": Example(
        {"RestApiId": _ref("A")}, {"RestApiId": _ref("A"), "Description": "later"}, {**API, "M": METHOD}
    ),
    "AWS::ApiGateway::DomainName": Example(
        {"DomainName": "one.example.com"}, {"DomainName": "one.example.com", "SecurityPolicy": "TLS_1_2"}
    ),
    "AWS::ApiGateway::GatewayResponse": Example(
        {"RestApiId": _ref("A"), "ResponseType": "DEFAULT_4XX"},
        {"RestApiId": _ref("A"), "ResponseType": "DEFAULT_4XX", "StatusCode": "404"},
        API,
    ),
    "AWS::ApiGateway::Method": Example(METHOD_PROPERTIES, {**METHOD_PROPERTIES, "ApiKeyRequired": True}, API),
    "AWS::ApiGateway::Model": Example(
        {"RestApiId": _ref("A"), "Name": "Model", "ContentType": "application/json", "Schema": {}},
        {"RestApiId": _ref("A"), "Name": "Model", "ContentType": "application/json", "Schema": {"type": "object"}},
        API,
    ),
    "AWS::ApiGateway::RequestValidator": Example(
        {"RestApiId": _ref("A"), "Name": "v"}, {"RestApiId": _ref("A"), "Name": "v", "ValidateRequestBody": True}, API
    ),
    "AWS::ApiGateway::Resource": Example({"RestApiId": _ref("A"), "ParentId": ROOT, "PathPart": "time"}, None, API),
    "AWS::ApiGateway::RestApi": Example({"Name": "api", "Tags": TAGS}, {"Name": "other", "Tags": TAGS}),
    "AWS::ApiGateway::Stage": Example(
        {"RestApiId": _ref("A"), "DeploymentId": _ref("D"), "StageName": "s"},
        {"RestApiId": _ref("A"), "DeploymentId": _ref("D"), "StageName": "s", "Description": "later"},
        STAGE_BESIDE,
    ),
    "AWS::ApiGateway::UsagePlan": Example({"UsagePlanName": "plan"}, {"UsagePlanName": "other"}),
    "AWS::ApiGateway::UsagePlanKey": Example(
        {"KeyId": _ref("K"), "KeyType": "API_KEY", "UsagePlanId": _ref("P")},
        None,
        {**PLAN, "K": _resource("AWS::ApiGateway::ApiKey", Enabled=True)},
    ),
    "AWS::ApiGatewayV2::Api": Example(
        {"Name": "api", "ProtocolType": "HTTP", "Tags": {"team": "time"}},
        {"Name": "other", "ProtocolType": "HTTP", "Tags": {"team": "time"}},
    ),
    "AWS::ApiGatewayV2::ApiMapping": Example(
        {"ApiId": _ref("A"), "DomainName": _ref("D"), "Stage": "s"},
        {"ApiId": _ref("A"), "DomainName": _ref("D"), "Stage": "s", "ApiMappingKey": "k"},
        {**HTTP_API, **HTTP_DOMAIN},
    ),
    "AWS::ApiGatewayV2::Authorizer": Example(
        {"ApiId": _ref("A"), "Name": "a", "AuthorizerType": "REQUEST"},
        {"ApiId": _ref("A"), "Name": "b", "AuthorizerType": "REQUEST"},
        HTTP_API,
    ),
    "AWS::ApiGatewayV2::Deployment": Example(
        {"ApiId": _ref("A")}, {"ApiId": _ref("A"), "Description": "later"}, HTTP_ROUTE
    ),
    "AWS::ApiGatewayV2::DomainName": Example(
        {"DomainName": "v2.example.com"}, {"DomainName": "v2.example.com", "Tags": {"team": "time"}}
    ),
    "AWS::ApiGatewayV2::Integration": Example(
        {
            "ApiId": _ref("A"),
            "IntegrationType": "HTTP_PROXY",
            "IntegrationMethod": "GET",
            "IntegrationUri": "https://a",
        },
        {
            "ApiId": _ref("A"),
            "IntegrationType": "HTTP_PROXY",
            "IntegrationMethod": "GET",
            "IntegrationUri": "https://b",
        },
        HTTP_API,
    ),
    "AWS::ApiGatewayV2::IntegrationResponse": Example(
        {"ApiId": _ref("A"), "IntegrationId": _ref("I"), "IntegrationResponseKey": "$default"},
        {"ApiId": _ref("A"), "IntegrationId": _ref("I"), "IntegrationResponseKey": "/2/"},
        SOCKET_API,
    ),
    "AWS::ApiGatewayV2::RouteResponse": Example(
        {"ApiId": _ref("A"), "RouteId": _ref("R"), "RouteResponseKey": "$default"},
        {"ApiId": _ref("A"), "RouteId": _ref("R"), "RouteResponseKey": "other"},
        SOCKET_API,
    ),
    "AWS::ApiGatewayV2::Route": Example(
        {"ApiId": _ref("A"), "RouteKey": "GET /a"}, {"ApiId": _ref("A"), "RouteKey": "GET /b"}, HTTP_API
    ),
    "AWS::ApiGatewayV2::Stage": Example(
        {"ApiId": _ref("A"), "StageName": "s"}, {"ApiId": _ref("A"), "StageName": "s", "AutoDeploy": True}, HTTP_API
    ),
    "AWS::CloudFormation::CustomResource": Example(
        {"ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:answers"},
        {"ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:answers", "More": "yes"},
    ),
    "AWS::CloudFormation::Stack": Example(
        {"TemplateURL": "https://s3.us-east-1.amazonaws.com/code/nested.json"},
        {"TemplateURL": "https://s3.us-east-1.amazonaws.com/code/later.json"},
    ),
    "AWS::CloudFormation::WaitCondition": Example({"Handle": "https://h", "Timeout": "1", "Count": 0}),
    "AWS::CloudFormation::WaitConditionHandle": Example({}),
    "AWS::CloudWatch::Alarm": Example(ALARM, {**ALARM, "Threshold": 2}),
    "AWS::CodeDeploy::Application": Example({"ComputePlatform": "Lambda"}, {"ComputePlatform": "Lambda", "Tags": TAGS}),
    "AWS::CodeDeploy::DeploymentGroup": Example(
        {"ApplicationName": _ref("Shifts"), "ServiceRoleArn": "arn:aws:iam::123456789012:role/deploys"},
        {"ApplicationName": _ref("Shifts"), "ServiceRoleArn": "arn:aws:iam::123456789012:role/others"},
        {"Shifts": _resource("AWS::CodeDeploy::Application", ComputePlatform="Lambda")},
    ),
    "AWS::Cognito::UserPool": Example(
        {"UserPoolName": "pool"},
        {"UserPoolName": "pool", "MfaConfiguration": "OFF"},
    ),
    "AWS::Cognito::UserPoolClient": Example(
        {"UserPoolId": _ref("P"), "ClientName": "c"}, {"UserPoolId": _ref("P"), "ClientName": "d"}, POOL
    ),
    "AWS::DynamoDB::Table": Example(
        {**TABLE, "Tags": TAGS},
        {
            **TABLE,
            "Tags": [{"Key": "other", "Value": "b"}],
            "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
            "DeletionProtectionEnabled": False,
        },
    ),
    "AWS::Events::EventBus": Example({"Name": "bus"}, {"Name": "bus", "Description": "later"}),
    "AWS::Events::Rule": Example(
        {"EventPattern": PATTERN, "Targets": [{"Id": "q", "Arn": _arn("Q")}]},
        {"EventPattern": PATTERN, "Description": "later"},
        QUEUE,
    ),
    "AWS::IAM::ManagedPolicy": Example(
        {"PolicyDocument": _allowing("s3:GetObject"), "Roles": [_ref("R")]},
        {"PolicyDocument": _allowing("s3:PutObject")},
        {"R": ROLE},
    ),
    "AWS::IAM::Policy": Example(
        {"PolicyName": "p", "PolicyDocument": _allowing("s3:GetObject"), "Roles": [_ref("R")]},
        {"PolicyName": "p", "PolicyDocument": _allowing("s3:PutObject"), "Roles": [_ref("R")]},
        {"R": ROLE},
    ),
    "AWS::IAM::Role": Example(
        {
            "AssumeRolePolicyDocument": _role_trust("lambda"),
            "Policies": [{"PolicyName": "p", "PolicyDocument": _allowing("s3:GetObject")}],
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
            "Tags": TAGS,
        },
        {"AssumeRolePolicyDocument": _role_trust("states"), "Description": "later", "Tags": TAGS},
    ),
    "AWS::IAM::RolePolicy": Example(
        {"PolicyName": "p", "RoleName": _ref("R"), "PolicyDocument": _allowing("s3:GetObject")},
        {"PolicyName": "p", "RoleName": _ref("R"), "PolicyDocument": _allowing("s3:PutObject")},
        {"R": ROLE},
    ),
    "AWS::Lambda::Alias": Example(
        {"FunctionName": _ref("F"), "FunctionVersion": {"Fn::GetAtt": ["V", "Version"]}, "Name": "live"},
        {
            "FunctionName": _ref("F"),
            "FunctionVersion": {"Fn::GetAtt": ["V", "Version"]},
            "Name": "live",
            "Description": "d",
        },
        {**FUNCTION, "V": VERSION},
    ),
    "AWS::Lambda::EventInvokeConfig": Example(
        {"FunctionName": _ref("F"), "Qualifier": "$LATEST", "MaximumRetryAttempts": 1},
        {"FunctionName": _ref("F"), "Qualifier": "$LATEST", "MaximumRetryAttempts": 2},
        FUNCTION,
    ),
    "AWS::Lambda::EventSourceMapping": Example(MAPPING, {**MAPPING, "BatchSize": 2}, MAPPED),
    "AWS::Lambda::Function": Example(
        {**FUNCTION_PROPERTIES, "Tags": TAGS, "ReservedConcurrentExecutions": 1},
        {**FUNCTION_PROPERTIES, "Code": {"ZipFile": "handler = print\n"}, "Timeout": 9},
        {"R": ROLE},
    ),
    "AWS::Lambda::LayerVersion": Example(LAYER),
    "AWS::Lambda::LayerVersionPermission": Example(
        {
            "Action": "lambda:GetLayerVersion",
            "LayerVersionArn": "arn:aws:lambda:us-east-1:123456789012:layer:l:1",
            "Principal": "*",
        }
    ),
    "AWS::Lambda::Permission": Example(
        {"FunctionName": _ref("F"), "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"},
        None,
        FUNCTION,
    ),
    "AWS::Lambda::Url": Example(
        {"TargetFunctionArn": _ref("F"), "AuthType": "NONE"},
        {"TargetFunctionArn": _ref("F"), "AuthType": "AWS_IAM"},
        FUNCTION,
    ),
    "AWS::Lambda::Version": Example({"FunctionName": _ref("F")}, None, FUNCTION),
    "AWS::Logs::LogGroup": Example({"RetentionInDays": 7, "Tags": TAGS}, {"RetentionInDays": 14}),
    "AWS::Logs::MetricFilter": Example(
        {"LogGroupName": _ref("G"), "FilterPattern": "a", "MetricTransformations": METRIC},
        {"LogGroupName": _ref("G"), "FilterPattern": "b", "MetricTransformations": METRIC},
        GROUP,
    ),
    "AWS::Logs::SubscriptionFilter": Example(
        {"LogGroupName": _ref("G"), "FilterPattern": "a", "DestinationArn": _arn("F")},
        {"LogGroupName": _ref("G"), "FilterPattern": "b", "DestinationArn": _arn("F")},
        {**GROUP, **FUNCTION},
    ),
    "AWS::S3::Bucket": Example({"Tags": TAGS}, {"Tags": TAGS, "VersioningConfiguration": {"Status": "Enabled"}}),
    "AWS::S3::BucketPolicy": Example(
        {"Bucket": _ref("B"), "PolicyDocument": _allowing("s3:GetObject")},
        {"Bucket": _ref("B"), "PolicyDocument": _allowing("s3:PutObject")},
        {"B": _resource("AWS::S3::Bucket")},
    ),
    "AWS::SNS::Subscription": Example(
        {"TopicArn": _ref("T"), "Protocol": "sqs", "Endpoint": _arn("Q")},
        {"TopicArn": _ref("T"), "Protocol": "sqs", "Endpoint": _arn("Q"), "RawMessageDelivery": True},
        {**TOPIC, **QUEUE},
    ),
    "AWS::SNS::Topic": Example({"DisplayName": "a", "Tags": TAGS}, {"DisplayName": "b", "Tags": TAGS}),
    "AWS::SNS::TopicPolicy": Example(
        {"Topics": [_ref("T")], "PolicyDocument": _allowing("sns:Publish")},
        {"Topics": [_ref("T")], "PolicyDocument": _allowing("sns:Subscribe")},
        TOPIC,
    ),
    "AWS::SQS::Queue": Example({"DelaySeconds": 1, "Tags": TAGS}, {"DelaySeconds": 2, "Tags": TAGS}),
    "AWS::SQS::QueuePolicy": Example(
        {"Queues": [_ref("Q")], "PolicyDocument": _allowing("sqs:SendMessage")},
        {"Queues": [_ref("Q")], "PolicyDocument": _allowing("sqs:ReceiveMessage")},
        QUEUE,
    ),
    "AWS::SSM::Parameter": Example({"Type": "String", "Value": "a"}, {"Type": "String", "Value": "b"}),
    "AWS::Scheduler::Schedule": Example(
        {**SCHEDULE, "Target": TARGET},
        {**SCHEDULE, "Target": TARGET, "State": "DISABLED"},
        {**QUEUE, "R": SCHEDULER_ROLE},
    ),
    "AWS::StepFunctions::StateMachine": Example(
        {"DefinitionString": MACHINE, "RoleArn": _arn("R")},
        {"DefinitionString": MACHINE.replace('"StartAt"', '"Comment": "later", "StartAt"'), "RoleArn": _arn("R")},
        {"R": STATES_ROLE},
    ),
}
