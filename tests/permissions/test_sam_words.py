"""What makes SAM add resources, as aws-sam-translator does it."""

from __future__ import annotations

import json
import pkgutil
from importlib import import_module
from typing import Any

import pytest
import samtranslator.model as sam

from generator.application.reader import parse
from generator.application.translation import translate
from generator.permissions.corrections import BASELINE, RARE
from generator.permissions.sam_words import ADDING, EVENTS, TYPES

Json = dict[str, Any]
ROLE = "arn:aws:iam::111122223333:role/r"
FUNCTION: Json = {
    "Type": "AWS::Serverless::Function",
    "Properties": {"Handler": "a.b", "Runtime": "python3.13", "CodeUri": "s3://b/k", "Role": ROLE},
}
MACHINE: Json = {"Type": "AWS::Serverless::StateMachine", "Properties": {"DefinitionUri": "s3://b/k", "Role": ROLE}}
REST: Json = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "x", "DefinitionUri": "s3://b/k"}}
OPEN: Json = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "x"}}
HTTP: Json = {"Type": "AWS::Serverless::HttpApi", "Properties": {"DefinitionUri": "s3://b/k"}}


def types(resources: Json) -> set[str]:
    text = json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})
    translated = translate(parse(text, "template.json"), {})
    assert not translated.problems, translated.problems[0]
    return {resource.type for resource in translated.resources().values()}


def event(kind: str, **properties: Any) -> Json:
    return having(FUNCTION, Events={"E": {"Type": kind, "Properties": properties}})


def having(base: Json, **properties: Any) -> Json:
    return {**base, "Properties": {**base["Properties"], **properties}}


ARN = "arn:aws:sqs:us-east-1:111122223333:q"
BUCKET = {"Bucket": {"Type": "AWS::S3::Bucket"}}
POOL = {"Pool": {"Type": "AWS::Cognito::UserPool"}}
DOMAIN = {"DomainName": "a.example.com", "CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/x"}
EXAMPLES: dict[str, Json] = {
    "AlexaSkill": {"F": event("AlexaSkill")},
    "Api": {"F": event("Api", Path="/", Method="get")},
    "CloudWatchEvent": {"F": event("CloudWatchEvent", Pattern={"source": ["a"]})},
    "CloudWatchLogs": {"F": event("CloudWatchLogs", LogGroupName="l", FilterPattern="x")},
    "Cognito": {"F": event("Cognito", UserPool={"Ref": "Pool"}, Trigger="PreSignUp"), **POOL},
    "DocumentDB": {
        "F": event(
            "DocumentDB",
            Cluster="arn:c",
            DatabaseName="d",
            SourceAccessConfigurations=[{"Type": "BASIC_AUTH", "URI": ARN}],
            StartingPosition="LATEST",
        )
    },
    "DynamoDB": {"F": event("DynamoDB", Stream=ARN, StartingPosition="LATEST")},
    "EventBridgeRule": {"F": event("EventBridgeRule", Pattern={"source": ["a"]})},
    "HttpApi": {"F": event("HttpApi")},
    "IoTRule": {"F": event("IoTRule", Sql="SELECT 1")},
    "Kinesis": {"F": event("Kinesis", Stream=ARN, StartingPosition="LATEST")},
    "MQ": {
        "F": event("MQ", Broker="arn:b", Queues=["q"], SourceAccessConfigurations=[{"Type": "BASIC_AUTH", "URI": ARN}])
    },
    "MSK": {"F": event("MSK", Stream=ARN, Topics=["a"], StartingPosition="LATEST")},
    "S3": {"F": event("S3", Bucket={"Ref": "Bucket"}, Events="s3:ObjectCreated:*"), **BUCKET},
    "SNS": {"F": event("SNS", Topic="arn:aws:sns:us-east-1:111122223333:t")},
    "SQS": {"F": event("SQS", Queue=ARN)},
    "Schedule": {"F": event("Schedule", Schedule="rate(1 day)")},
    "ScheduleV2": {"F": event("ScheduleV2", ScheduleExpression="rate(1 day)")},
    "SelfManagedKafka": {
        "F": event(
            "SelfManagedKafka",
            Topics=["a"],
            KafkaBootstrapServers=["a:1"],
            SourceAccessConfigurations=[{"Type": "SASL_SCRAM_512_AUTH", "URI": ARN}],
        )
    },
    "AutoPublishAlias:": {
        "F": having(FUNCTION, AutoPublishAlias="live"),
        "M": having(MACHINE, AutoPublishAlias="live"),
    },
    "DeploymentPreference:": {
        "F": having(FUNCTION, AutoPublishAlias="live", DeploymentPreference={"Type": "AllAtOnce"}),
        "M": having(MACHINE, AutoPublishAlias="live", DeploymentPreference={"Type": "ALL_AT_ONCE"}),
    },
    "FunctionUrlConfig:": {"F": having(FUNCTION, FunctionUrlConfig={"AuthType": "NONE"})},
    "EventInvokeConfig:": {"F": having(FUNCTION, EventInvokeConfig={"MaximumRetryAttempts": 1})},
    "DestinationConfig:": {
        "F": having(
            FUNCTION,
            EventInvokeConfig={"DestinationConfig": {"OnFailure": {"Type": "SQS"}, "OnSuccess": {"Type": "SNS"}}},
        )
    },
    "DeadLetterConfig:": {"F": event("Schedule", Schedule="rate(1 day)", DeadLetterConfig={"Type": "SQS"})},
    "SqsSubscription:": {"F": event("SNS", Topic="arn:aws:sns:us-east-1:111122223333:t", SqsSubscription=True)},
    "Domain:": {
        "A": having(REST, Domain={**DOMAIN, "BasePath": ["/a"]}),
        "P": having(REST, Domain={**DOMAIN, "BasePath": ["/a"], "EndpointConfiguration": "PRIVATE"}),
        "H": having(HTTP, Domain={**DOMAIN, "BasePath": ["a"]}),
    },
    "AccessAssociation:": {
        "A": having(
            REST,
            Domain={**DOMAIN, "EndpointConfiguration": "PRIVATE", "AccessAssociation": {"VpcEndpointId": "vpce-1"}},
        )
    },
    "Route53:": {"A": having(REST, Domain={**DOMAIN, "Route53": {"HostedZoneId": "Z1"}})},
    "UsagePlan:": {
        "A": having(OPEN, Auth={"UsagePlan": {"CreateUsagePlan": "PER_API"}}),
        "F": event("Api", Path="/", Method="get", RestApiId={"Ref": "A"}),
    },
    "Authorizers:": {
        "A": having(
            OPEN, Auth={"Authorizers": {"L": {"FunctionArn": {"Fn::GetAtt": ["F", "Arn"]}}}, "DefaultAuthorizer": "L"}
        ),
        "F": FUNCTION,
    },
}

# What stands in the examples for other reasons than their word.
_BESIDE = {
    "Cognito": {"AWS::Cognito::UserPool"},
    "S3": {"AWS::S3::Bucket"},
    "DeadLetterConfig:": set(EVENTS["Schedule"]),
    "DeploymentPreference:": set(ADDING["AutoPublishAlias:"]),
    "DestinationConfig:": set(ADDING["EventInvokeConfig:"]),
    "SqsSubscription:": set(EVENTS["SNS"]),
    "AccessAssociation:": set(ADDING["Domain:"]),
    "Route53:": set(ADDING["Domain:"]),
    "UsagePlan:": {"AWS::Lambda::Permission"},
}
BASES = {"AWS::Lambda::Function", "AWS::StepFunctions::StateMachine"}


@pytest.mark.parametrize("word", EXAMPLES)
def test_a_word_adds_what_is_listed(word: str) -> None:
    type_names = types(EXAMPLES[word])
    beside = {*BASES, *_BESIDE.get(word, ())}
    if word not in EVENTS:
        beside |= {*TYPES["AWS::Serverless::Api"], *TYPES["AWS::Serverless::HttpApi"]}
    assert type_names - beside <= set(ADDING[word])
    assert set(ADDING[word]) - type_names <= {"AWS::ApiGateway::DomainNameV2"}


def test_a_connector_adds_a_policy() -> None:
    function = having(FUNCTION)
    del function["Properties"]["Role"]
    connector = {"C": {"Properties": {"Destination": {"Id": "Q"}, "Permissions": ["Write"]}}}
    type_names = types({"F": {**function, "Connectors": connector}, "Q": {"Type": "AWS::SQS::Queue"}})
    assert set(ADDING["Connectors:"]) <= type_names


def test_every_word_has_an_example() -> None:
    assert {*EXAMPLES, "Connectors:"} == ADDING.keys()


def test_every_type_of_event_is_listed() -> None:
    modules = ("eventsources.pull", "eventsources.push", "eventsources.scheduler", "eventsources.cloudwatchlogs")
    members = {
        getattr(variable, "resource_type", None)
        for name in (*modules, "stepfunctions.events")
        for variable in vars(import_module(f"samtranslator.model.{name}")).values()
        if isinstance(variable, type)
    }
    assert {kind for kind in members if isinstance(kind, str) and "::" not in kind} <= EVENTS.keys()


def test_whatever_sam_makes_is_covered_or_added_by_a_word() -> None:
    types = set()
    for module in pkgutil.walk_packages(sam.__path__, "samtranslator.model."):
        for variable in vars(import_module(module.name)).values():
            kind = getattr(variable, "resource_type", None) if isinstance(variable, type) else None
            if isinstance(kind, str) and kind.startswith("AWS::") and "Serverless" not in kind:
                types.add(kind)
    assert types - {*BASELINE, *RARE} == {kind for kinds in ADDING.values() for kind in kinds} - {*BASELINE}


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("Api", {"StageName": "x", "DefinitionUri": "s3://b/k"}),
        ("Application", {"Location": "s3://b/k"}),
        ("Function", {"Handler": "a.b", "Runtime": "python3.13", "CodeUri": "s3://b/k"}),
        ("HttpApi", {"DefinitionUri": "s3://b/k"}),
        ("LayerVersion", {"ContentUri": "s3://b/k"}),
        ("SimpleTable", {}),
        ("StateMachine", {"DefinitionUri": "s3://b/k"}),
    ],
)
def test_a_type_becomes_what_is_listed(kind: str, properties: Json) -> None:
    name = f"AWS::Serverless::{kind}"
    assert types({"A": {"Type": name, "Properties": properties}}) == set(TYPES[name])
