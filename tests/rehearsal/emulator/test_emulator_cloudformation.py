"""Resource types CloudFormation learns here: create, update, delete, Ref and GetAtt, in stacks."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.cloudformation.http_apis import routes
from generator.rehearsal.emulator.cloudformation.pipelines import declared
from generator.rehearsal.emulator.cloudformation.properties import PropertyError, api_tags
from generator.rehearsal.emulator.cloudformation.resource import generated_name
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.conformance import conforming
from tests.rehearsal.emulator.stacks import Stack, allowing, role_trust

TRUST = role_trust("codepipeline", "codebuild", "lambda")
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
SOURCE = {
    "Name": "Source",
    "Actions": [
        {
            "Name": "Get",
            "RunOrder": "1",
            "ActionTypeId": {"Category": "Source", "Owner": "AWS", "Provider": "S3", "Version": "1"},
            "Configuration": {"S3Bucket": "b", "PollForSourceChanges": False, "Extra": {"a": 1}},
            "OutputArtifacts": [{"Name": "S"}],
        }
    ],
}


LAST = {
    "Name": "Last",
    "Actions": [
        {
            "Name": "Ask",
            "ActionTypeId": {"Category": "Approval", "Owner": "AWS", "Provider": "Manual", "Version": "1"},
        }
    ],
}


def pipeline(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CodePipeline::Pipeline",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "ArtifactStore": {"Type": "S3", "Location": "bucket"},
            "Stages": [SOURCE, LAST],
            **properties,
        },
    }


OUTPUTS = {"Ref": {"Value": {"Ref": "It"}}}


def attribute(*names: str) -> dict[str, Any]:
    return OUTPUTS | {name: {"Value": {"Fn::GetAtt": ["It", name]}} for name in names}


def test_a_pipeline_is_created_updated_and_deleted(recording: Emulator) -> None:
    outputs = attribute("Version")
    stack = Stack(recording, {"Role": ROLE, "It": pipeline(Name="whole")}, Outputs=outputs)
    assert stack.status == "CREATE_COMPLETE", stack.failures
    assert stack.outputs == {"Ref": "whole", "Version": "1"}
    later = {"Role": ROLE, "It": pipeline(Name="whole", Stages=[SOURCE, LAST, {**LAST, "Name": "More"}])}
    assert stack.update(later, Outputs=outputs) == "UPDATE_COMPLETE"
    assert stack.outputs == {"Ref": "whole", "Version": "2"}
    kept = recording.client("codepipeline").get_pipeline(name="whole")["pipeline"]
    assert [stage["name"] for stage in kept["stages"]] == ["Source", "Last", "More"]
    assert stack.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="PipelineNotFoundException"):
        recording.client("codepipeline").get_pipeline(name="whole")


def test_a_pipeline_that_gets_another_name_replaces_the_old_one(recording: Emulator) -> None:
    stack = Stack(recording, {"Role": ROLE, "It": pipeline(Name="before")}, Outputs=OUTPUTS)
    assert stack.update({"Role": ROLE, "It": pipeline(Name="after")}, Outputs=OUTPUTS) == "UPDATE_COMPLETE"
    assert stack.outputs == {"Ref": "after"}
    with pytest.raises(ClientError, match="PipelineNotFoundException"):
        recording.client("codepipeline").get_pipeline(name="before")


def test_a_pipeline_without_a_name_gets_one_from_its_stack(recording: Emulator) -> None:
    stack = Stack(recording, {"Role": ROLE, "It": pipeline()}, Outputs=OUTPUTS)
    assert stack.outputs["Ref"].startswith(f"{stack.name}-It-")


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"Stages": [{**SOURCE, "Colour": "red"}, LAST]}, "#/Stages/0: extraneous key [Colour] is not permitted"),
        ({"Name": "no good name"}, "Value 'no good name' at 'pipeline.name' failed to satisfy constraint"),
        ({"Stages": "none"}, "#/Stages: expected type: JSONArray, found: String"),
    ],
)
def test_a_pipeline_that_is_wrong_rolls_the_stack_back(
    recording: Emulator, properties: dict[str, Any], reason: str
) -> None:
    stack = Stack(recording, {"Role": ROLE, "It": pipeline(**properties)})
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any(reason in failure for failure in stack.failures), stack.failures


def test_a_refusal_of_the_service_is_worded_as_stack_events_word_it(recording: Emulator) -> None:
    Stack(recording, {"Role": ROLE, "It": pipeline(Name="taken")})
    second = Stack(recording, {"Role": ROLE, "It": pipeline(Name="taken")})
    text = "taken is taken (Service: codepipeline, Status Code: 400, Error Code: PipelineNameInUseException)"
    assert second.failures[-1] == text


def test_a_declaration_takes_the_apis_names_and_types() -> None:
    stores = [{"Region": "eu-west-1", "ArtifactStore": {"Type": "S3", "Location": "b"}}]
    properties = pipeline(ArtifactStores=stores, RestartExecutionOnUpdate=True)["Properties"]
    declaration = declared("p", {**properties, "RoleArn": "arn"})
    action = declaration["stages"][0]["actions"][0]
    assert action["runOrder"] == 1
    assert action["configuration"] == {
        "S3Bucket": "b",
        "PollForSourceChanges": "false",
        "Extra": '{"a": 1}',
    }
    assert declaration["artifactStores"] == {"eu-west-1": {"type": "S3", "location": "b"}}
    assert "restartExecutionOnUpdate" not in declaration


def test_a_number_that_is_none_is_said_with_its_place() -> None:
    stage = {**SOURCE, "Actions": [{**SOURCE["Actions"][0], "RunOrder": "first"}]}  # type: ignore[dict-item]  # a list, as written above
    with pytest.raises(PropertyError, match=r"#/Stages/0/Actions/0/RunOrder: expected type: Integer, found: first"):
        declared("p", {"RoleArn": "arn", "Stages": [stage]})


def test_cloudformations_own_tags_stay_out() -> None:
    tags = [{"Key": "team", "Value": "a"}, {"Key": "aws:cloudformation:stack-name", "Value": "s"}]
    assert api_tags({"Tags": tags}) == [{"key": "team", "value": "a"}]


def test_generated_names_keep_to_the_limit() -> None:
    assert len(generated_name("s" * 120, "Pipeline", 100)) == 100


@pytest.mark.parametrize("service", ["codeconnections", "codestar-connections"])
def test_a_connection_is_pending_when_it_is_made(emulator: Emulator, service: str) -> None:
    kind = {"codeconnections": "CodeConnections", "codestar-connections": "CodeStarConnections"}[service]
    properties = {"ConnectionName": "hub", "ProviderType": "GitHub", "Tags": [{"Key": "a", "Value": "b"}]}
    resources = {"It": {"Type": f"AWS::{kind}::Connection", "Properties": properties}}
    stack = Stack(emulator, resources, Outputs=attribute("ConnectionArn", "ConnectionStatus", "OwnerAccountId"))
    arn = stack.outputs["Ref"]
    assert stack.outputs == {
        "Ref": arn,
        "ConnectionArn": arn,
        "ConnectionStatus": "PENDING",
        "OwnerAccountId": "123456789012",
    }
    client = conforming(emulator.client(service))
    assert client.get_connection(ConnectionArn=arn)["Connection"]["ProviderType"] == "GitHub"
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    resources["It"]["Properties"] = {**properties, "ConnectionName": "another"}
    assert stack.update(resources) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    # Other tests share the emulator, and leave theirs.
    assert arn not in [connection["ConnectionArn"] for connection in client.list_connections()["Connections"]]


def test_a_notification_rule_is_made_changed_and_removed(emulator: Emulator) -> None:
    properties: dict[str, Any] = {
        "Name": "failures",
        "DetailType": "FULL",
        "EventTypeIds": ["codepipeline-pipeline-pipeline-execution-failed"],
        "Resource": "arn:aws:codepipeline:us-east-1:123456789012:p",
        "Targets": [{"TargetType": "SNS", "TargetAddress": "arn:aws:sns:us-east-1:123456789012:t"}],
    }
    resources = {"It": {"Type": "AWS::CodeStarNotifications::NotificationRule", "Properties": properties}}
    stack = Stack(emulator, resources, Outputs=attribute("Arn"))
    client = conforming(emulator.client("codestar-notifications"))
    rule = client.describe_notification_rule(Arn=stack.outputs["Ref"])
    assert (rule["Name"], rule["Status"], rule["Targets"][0]["TargetStatus"]) == ("failures", "ENABLED", "ACTIVE")
    resources["It"]["Properties"] = {**properties, "Status": "DISABLED"}
    assert stack.update(resources) == "UPDATE_COMPLETE"
    assert client.describe_notification_rule(Arn=stack.outputs.get("Ref") or rule["Arn"])["Status"] == "DISABLED"
    assert stack.delete() == "DELETE_COMPLETE"
    assert rule["Arn"] not in [rule["Arn"] for rule in client.list_notification_rules()["NotificationRules"]]


def test_a_build_project_keeps_every_property(emulator: Emulator) -> None:
    properties = {
        "ServiceRole": {"Fn::GetAtt": ["Role", "Arn"]},
        "Artifacts": {"Type": "CODEPIPELINE"},
        "SecondaryArtifacts": [{"Type": "CODEPIPELINE", "ArtifactIdentifier": "extra"}],
        "Environment": {
            "Type": "LINUX_CONTAINER",
            "ComputeType": "BUILD_GENERAL1_SMALL",
            "Image": "aws/codebuild/standard:7.0",
            "EnvironmentVariables": [{"Name": "COUNT", "Value": 3}],
        },
        "Source": {"Type": "CODEPIPELINE", "BuildSpec": "version: 0.2"},
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": "builds"}},
        "TimeoutInMinutes": "7",
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    resources = {"Role": ROLE, "It": {"Type": "AWS::CodeBuild::Project", "Properties": properties}}
    stack = Stack(emulator, resources, Outputs=attribute("Arn"))
    assert stack.status == "CREATE_COMPLETE", stack.failures
    client, name = conforming(emulator.client("codebuild")), stack.outputs["Ref"]
    [project] = client.batch_get_projects(names=[name])["projects"]
    assert project["arn"] == stack.outputs["Arn"]
    assert project["timeoutInMinutes"] == 7
    assert project["logsConfig"]["cloudWatchLogs"] == {"status": "ENABLED", "groupName": "builds"}
    assert project["secondaryArtifacts"][0]["artifactIdentifier"] == "extra"
    assert project["environment"]["environmentVariables"] == [{"name": "COUNT", "value": "3"}]
    resources["It"] = {"Type": "AWS::CodeBuild::Project", "Properties": {**properties, "Description": "new"}}
    assert stack.update(resources) == "UPDATE_COMPLETE"
    assert client.batch_get_projects(names=[name])["projects"][0]["description"] == "new"
    assert stack.delete() == "DELETE_COMPLETE"
    assert client.batch_get_projects(names=[name])["projectsNotFound"] == [name]


def test_a_build_project_may_write_its_type_as_samples_of_2017_do(emulator: Emulator) -> None:
    properties = {
        "ServiceRole": {"Fn::GetAtt": ["Role", "Arn"]},
        "Artifacts": {"Type": "NO_ARTIFACTS"},
        "Environment": {"Type": "linuxContainer", "ComputeType": "BUILD_GENERAL1_SMALL", "Image": "image"},
        "Source": {"Type": "NO_SOURCE", "BuildSpec": "version: 0.2"},
    }
    stack = Stack(emulator, {"Role": ROLE, "It": {"Type": "AWS::CodeBuild::Project", "Properties": properties}})
    assert stack.status == "CREATE_COMPLETE", stack.failures
    [project] = emulator.client("codebuild").batch_get_projects(names=[stack.physical_id("It")])["projects"]
    assert project["environment"]["type"] == "LINUX_CONTAINER"
    assert stack.delete() == "DELETE_COMPLETE"


def test_webhooks_of_a_build_project_are_refused_in_words(emulator: Emulator) -> None:
    properties = {
        "ServiceRole": {"Fn::GetAtt": ["Role", "Arn"]},
        "Artifacts": {"Type": "NO_ARTIFACTS"},
        "Environment": {"Type": "LINUX_CONTAINER", "ComputeType": "BUILD_GENERAL1_SMALL", "Image": "image"},
        "Source": {"Type": "NO_SOURCE", "BuildSpec": "version: 0.2"},
        "Triggers": {"Webhook": True},
    }
    resources = {"Role": ROLE, "It": {"Type": "AWS::CodeBuild::Project", "Properties": properties}}
    assert "does not support the property Triggers" in Stack(emulator, resources).failures[0]


def test_a_role_policy_is_put_on_its_role(emulator: Emulator) -> None:
    policy = {"RoleName": {"Ref": "Role"}, "PolicyName": "read", "PolicyDocument": allowing("s3:GetObject")}
    resources = {"Role": ROLE, "It": {"Type": "AWS::IAM::RolePolicy", "Properties": policy}}
    stack = Stack(emulator, resources)
    assert stack.status == "CREATE_COMPLETE", stack.failures
    iam, role = emulator.client("iam"), stack.physical_id("Role")
    assert iam.get_role_policy(RoleName=role, PolicyName="read")["PolicyDocument"] == allowing("s3:GetObject")
    assert stack.update({"Role": ROLE}) == "UPDATE_COMPLETE"
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []


def test_a_log_group_without_a_name_gets_one_from_its_stack_and_keeps_it(emulator: Emulator) -> None:
    def group(days: int) -> dict[str, Any]:
        return {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": days}}}

    stack = Stack(emulator, group(7))
    name = stack.physical_id("Logs")
    assert name.startswith(f"{stack.name}-Logs-")
    assert stack.update(group(14)) == "UPDATE_COMPLETE"
    assert stack.physical_id("Logs") == name
    (result,) = emulator.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert result["retentionInDays"] == 14
    assert stack.delete() == "DELETE_COMPLETE"
    assert emulator.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []


def test_the_other_types_of_a_pipeline_stack_are_known(emulator: Emulator) -> None:
    function = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "def handler(event, context): return 1"},
    }
    bucket = {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Ref": "Key"}}}
            ]
        },
        "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 30}]},
        "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        "VersioningConfiguration": {"Status": "Enabled"},
    }
    alarm = {
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "MetricName": "Errors",
        "Namespace": "AWS/Lambda",
        "Period": 60,
        "Statistic": "Sum",
    }
    policy = {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": allowing("s3:GetObject")}
    policy["PolicyDocument"]["Statement"][0]["Principal"] = {"AWS": "arn:aws:iam::123456789012:root"}
    topic_policy = {"Topics": [{"Ref": "Topic"}], "PolicyDocument": policy["PolicyDocument"]}
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "Key": ("AWS::KMS::Key", {"KeyPolicy": allowing("kms:*")}),
        "Bucket": ("AWS::S3::Bucket", bucket),
        "BucketPolicy": ("AWS::S3::BucketPolicy", policy),
        "Function": ("AWS::Lambda::Function", function),
        "Retries": (
            "AWS::Lambda::EventInvokeConfig",
            {"FunctionName": {"Ref": "Function"}, "Qualifier": "$LATEST", "MaximumRetryAttempts": 0},
        ),
        "Logs": ("AWS::Logs::LogGroup", {"RetentionInDays": 30}),
        "Topic": ("AWS::SNS::Topic", {}),
        "TopicPolicy": ("AWS::SNS::TopicPolicy", topic_policy),
        "Mail": (
            "AWS::SNS::Subscription",
            {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "a@b.c"},
        ),
        "Alarm": ("AWS::CloudWatch::Alarm", alarm),
    }
    resources = {name: {"Type": kind, "Properties": own} for name, (kind, own) in kinds.items()}
    stack = Stack(emulator, {"Role": ROLE, **resources})
    assert stack.status == "CREATE_COMPLETE", stack.failures
    assert stack.delete() == "DELETE_COMPLETE"


def test_an_openapi_document_gives_routes_and_integrations() -> None:
    integration = {"type": "aws_proxy", "uri": "arn:f", "payloadFormatVersion": "2.0", "httpMethod": "POST"}
    operation = {"x-amazon-apigateway-integration": integration}
    paths = {
        "/a": {"get": operation, "parameters": []},
        "/b": {"x-amazon-apigateway-any-method": operation, "post": {}},
        "/$default": {"x-amazon-apigateway-any-method": operation},
    }
    result = list(routes({"paths": paths}))
    assert [route["routeKey"] for route, _ in result] == ["GET /a", "ANY /b", "$default"]
    assert {route["target"] for route, _ in result} == {
        f"integrations/{resource['integrationId']}" for _, resource in result
    }
    assert result[0][1]["integrationType"] == "AWS_PROXY"
