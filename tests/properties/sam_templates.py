"""SAM templates that SAM accepts: functions with any events, state machines, APIs, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from generator.permissions.resource_names import NAMED
from tests.permissions.grants import STACK
from tests.properties.templates import references

Json = dict[str, Any]
SAM = "AWS::Serverless-2016-10-31"

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
_DEFINITION = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
_CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/x"
_LOGGED = {"DestinationArn": {"Fn::GetAtt": ["Group", "Arn"]}, "Format": "$context.requestId"}
_TAGS = [{"Key": "team", "Value": "time"}]


def _resource(kind: str, **properties: Any) -> Json:
    return {"Type": kind, "Properties": properties}


def _arn(name: str, attribute: str = "Arn") -> Json:
    return {"Fn::GetAtt": [name, attribute]}


BESIDE: Mapping[str, Json] = {
    "Activity": _resource("AWS::StepFunctions::Activity", Name=f"{STACK}-activity"),
    "Alarm": _resource(
        "AWS::CloudWatch::Alarm",
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[{"Ref": "Topic"}],
    ),
    "Bucket": _resource("AWS::S3::Bucket", Tags=_TAGS),
    "BucketPolicy": _resource("AWS::S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument={"Statement": []}),
    "Bus": _resource("AWS::Events::EventBus", Name=f"{STACK}-bus"),
    "Filter": _resource(
        "AWS::Logs::MetricFilter",
        LogGroupName={"Ref": "Group"},
        FilterPattern="a",
        MetricTransformations=[{"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}],
    ),
    "Group": _resource("AWS::Logs::LogGroup", RetentionInDays=7),
    "Http": _resource("AWS::Serverless::HttpApi"),
    "Layer": _resource("AWS::Serverless::LayerVersion", ContentUri="layer/"),
    "Level": _resource("AWS::SSM::Parameter", Type="String", Value="a"),
    "Pool": _resource("AWS::Cognito::UserPool"),
    "Queue": _resource("AWS::SQS::Queue", Tags=_TAGS),
    "QueuePolicy": _resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": "Queue"}], PolicyDocument={"Statement": []}),
    "Rest": _resource("AWS::Serverless::Api", StageName="v1"),
    "Role": _resource("AWS::IAM::Role", AssumeRolePolicyDocument=_TRUST),
    "Simple": _resource("AWS::Serverless::SimpleTable"),
    "Subscription": _resource(
        "AWS::SNS::Subscription", TopicArn={"Ref": "Topic"}, Protocol="sqs", Endpoint=_arn("Queue")
    ),
    "Table": _resource(
        "AWS::DynamoDB::Table",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamViewType": "NEW_IMAGE"},
    ),
    "Topic": _resource("AWS::SNS::Topic", Tags=_TAGS),
    "TopicPolicy": _resource("AWS::SNS::TopicPolicy", Topics=[{"Ref": "Topic"}], PolicyDocument={"Statement": []}),
}
"""What functions refer to, and what usually stands beside them."""

_STREAM = {"StartingPosition": "LATEST"}
_EVENTS: Mapping[str, tuple[Json, ...]] = {
    "AlexaSkill": ({},),
    "Api": ({"Method": "get"}, {"Method": "post", "RestApiId": {"Ref": "Rest"}}),
    "CloudWatchEvent": ({"Pattern": {"source": ["a"]}},),
    "CloudWatchLogs": ({"LogGroupName": {"Ref": "Group"}, "FilterPattern": "x"},),
    "Cognito": ({"UserPool": {"Ref": "Pool"}, "Trigger": "PreSignUp"},),
    "DynamoDB": ({"Stream": _arn("Table", "StreamArn"), **_STREAM},),
    "EventBridgeRule": (
        {"Pattern": {"source": ["a"]}},
        {"Pattern": {"source": ["a"]}, "EventBusName": {"Ref": "Bus"}, "DeadLetterConfig": {"Type": "SQS"}},
    ),
    "HttpApi": ({"Method": "GET"}, {"Method": "POST", "ApiId": {"Ref": "Http"}}),
    "IoTRule": ({"Sql": "SELECT 1"},),
    "Kinesis": ({"Stream": "arn:aws:kinesis:eu-west-1:111122223333:stream/s", **_STREAM},),
    "S3": ({"Bucket": {"Ref": "Bucket"}, "Events": "s3:ObjectCreated:*"},),
    "SNS": ({"Topic": {"Ref": "Topic"}}, {"Topic": {"Ref": "Topic"}, "SqsSubscription": True}),
    "SQS": ({"Queue": _arn("Queue")},),
    "Schedule": ({"Schedule": "rate(1 day)"}, {"Schedule": "rate(1 day)", "DeadLetterConfig": {"Type": "SQS"}}),
    "ScheduleV2": ({"ScheduleExpression": "rate(1 day)"},),
}
_OF_MACHINES = ("Api", "CloudWatchEvent", "EventBridgeRule", "Schedule", "ScheduleV2")

_PREFERENCE = {"Type": "Canary10Percent5Minutes", "Alarms": [{"Ref": "Alarm"}]}
_FUNCTION: Mapping[str, tuple[Json, ...]] = {
    "published": (
        {"AutoPublishAlias": "live"},
        {"AutoPublishAlias": "live", "DeploymentPreference": _PREFERENCE},
        {"AutoPublishAlias": "live", "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1}},
    ),
    "url": ({"FunctionUrlConfig": {"AuthType": "NONE"}}, {"FunctionUrlConfig": {"AuthType": "AWS_IAM"}}),
    "invoked": (
        {"EventInvokeConfig": {"MaximumRetryAttempts": 1}},
        {"EventInvokeConfig": {"DestinationConfig": {"OnFailure": {"Type": "SQS"}, "OnSuccess": {"Type": "SNS"}}}},
    ),
    "layers": ({"Layers": [{"Ref": "Layer"}]},),
    "role": ({"Role": _arn("Role")}, {"Policies": [{"DynamoDBCrudPolicy": {"TableName": {"Ref": "Table"}}}]}),
    "failed": ({"DeadLetterQueue": {"Type": "SQS", "TargetArn": _arn("Queue")}},),
    "limited": ({"ReservedConcurrentExecutions": 1},),
    "tagged": ({"Tags": {"team": "time"}},),
    "logged": ({"LoggingConfig": {"LogGroup": {"Ref": "Group"}}},),
    "networked": ({"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}},),
    "named": (
        {"FunctionName": "own-{}"},
        {"FunctionName": f"{STACK}-{{}}"},
        {"FunctionName": {"Fn::Sub": "${AWS::StackName}-{}"}},
    ),
}
_MACHINE: Mapping[str, tuple[Json, ...]] = {
    "published": ({"AutoPublishAlias": "live"},),
    "role": ({"Role": _arn("Role")},),
    "tagged": ({"Tags": {"team": "time"}},),
}
_API: Mapping[str, tuple[Json, ...]] = {
    "logged": ({"AccessLogSetting": _LOGGED},),
    "domain": ({"Domain": {"DomainName": "a.example.com", "CertificateArn": _CERTIFICATE}},),
    "tagged": ({"Tags": {"team": "time"}},),
}
_REST = {
    **_API,
    "plan": ({"Auth": {"UsagePlan": {"CreateUsagePlan": "PER_API"}}},),
    "traced": ({"TracingEnabled": True},),
}
_HTTP = {
    **_API,
    "logged": ({"AccessLogSettings": _LOGGED},),
    "domain": ({"Domain": {"DomainName": "b.example.com", "CertificateArn": _CERTIFICATE}},),
}
_FAMILIES = {"AWS::Serverless::Api": _REST, "AWS::Serverless::HttpApi": _HTTP}


def _some(table: Mapping[str, tuple[Json, ...]]) -> st.SearchStrategy[Json]:
    """Some of the rows, of each one alternative, merged."""
    rows = st.fixed_dictionaries({}, optional={name: st.sampled_from(row) for name, row in table.items()})
    return rows.map(lambda chosen: {key: value for entry in chosen.values() for key, value in entry.items()})


@st.composite
def _events(draw: st.DrawFn, of: str, kinds: tuple[str, ...]) -> Json:
    events = {}
    for number, kind in enumerate(draw(st.lists(st.sampled_from(kinds), max_size=4, unique=True))):
        properties = draw(st.sampled_from(_EVENTS[kind]))
        path = {"Path": f"/{of}/{number}"} if kind in {"Api", "HttpApi"} else {}
        events[f"On{number}"] = {"Type": kind, "Properties": {**properties, **path}}
    return {"Events": events} if events else {}


@st.composite
def _function(draw: st.DrawFn, name: str, kinds: tuple[str, ...]) -> Json:
    settings_drawn = _called(draw(_some(_FUNCTION)), name)
    whole = {
        "Handler": "a.b",
        "Runtime": "python3.13",
        "CodeUri": "src/",
        **settings_drawn,
        **draw(_events(name, kinds)),
    }
    return _resource("AWS::Serverless::Function", **whole)


def _called(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _called(inner, name) for key, inner in value.items()}
    return value.replace("{}", name) if isinstance(value, str) else value


@st.composite
def _machine(draw: st.DrawFn) -> Json:
    settings_drawn = {"Definition": _DEFINITION, **draw(_some(_MACHINE)), **draw(_events("Machine", _OF_MACHINES))}
    return _resource("AWS::Serverless::StateMachine", **settings_drawn)


@st.composite
def _named(draw: st.DrawFn, name: str, resource: Json) -> Json:
    """A resource beside, perhaps with a physical name: its own, or one that begins as the stack's."""
    kind, properties = resource["Type"], dict(resource["Properties"])
    if kind in NAMED:
        written = draw(
            st.sampled_from([None, f"own-{name}", f"{STACK}-{name}", {"Fn::Sub": f"${{AWS::StackName}}-{name}"}])
        )
        if written is not None:
            properties[NAMED[kind].name] = _in_small_letters(written) if kind == "AWS::S3::Bucket" else written
    return {"Type": kind, "Properties": {**properties, **draw(_some(_FAMILIES.get(kind, {})))}}


def _in_small_letters(written: Any) -> Any:
    # CloudFormation has no function for it: a template writes such a name in full.
    return written.lower() if isinstance(written, str) else f"{STACK}-bucket".lower()


@st.composite
def templates(draw: st.DrawFn) -> Json:
    """A template's data; what its functions refer to is in it."""
    beside = draw(st.lists(st.sampled_from(sorted(BESIDE)), max_size=6, unique=True))
    # One trigger of a user pool has one function.
    others = tuple(kind for kind in _EVENTS if kind != "Cognito")
    resources = {"First": draw(_function("First", tuple(_EVENTS)))}
    if draw(st.booleans()):
        resources["Second"] = draw(_function("Second", others))
    if draw(st.booleans()):
        resources["Machine"] = draw(_machine())
    names = [*beside, *references(resources)]
    while names:
        name = names.pop()
        if name in BESIDE and name not in resources:
            resources[name] = draw(_named(name, BESIDE[name]))
            names += references(resources[name])
    return {"Transform": SAM, "Resources": dict(sorted(resources.items()))}
