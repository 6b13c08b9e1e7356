"""What the deploy role of a launched pipeline lets CloudFormation make in a stage's stack, and what it refuses."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.small import Small, template_data
from tests.rehearsal.emulator.roles import ACCOUNT
from tests.rehearsal.emulator.stacks import CAPABILITIES, Stack, role_trust, settled

Resources = Mapping[str, Any]
# What the pipeline knows when it is launched: the name of a table is the stage's and not the stack's.
APP = """\
Parameters:
  Stage: {Type: String}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${Stage}-orders"
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
Outputs:
  GreetingUrl: {Value: https://example.com}
"""
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"


class Launched:
    """A launched pipeline whose beta deploys what a test hands it."""

    key = ""

    def __init__(self, emulator: Emulator, template: Mapping[str, Any], name: str) -> None:
        self._client, self.name, self.emulator = emulator.client("cloudformation"), name, emulator
        s3 = emulator.client("s3")
        s3.create_bucket(Bucket=f"{name}-templates")
        s3.put_object(Bucket=f"{name}-templates", Key="pipeline.json", Body=json.dumps(template).encode())
        self._make(f"{name}-pipeline", TemplateURL=f"https://s3.amazonaws.com/{name}-templates/pipeline.json")
        assert settled(self._client, f"{name}-pipeline") == "CREATE_COMPLETE"

    def arn_of(self, logical_id: str) -> str:
        asked = {"StackName": f"{self.name}-pipeline", "LogicalResourceId": logical_id}
        result = str(self._client.describe_stack_resource(**asked)["StackResourceDetail"]["PhysicalResourceId"])
        return result if result.startswith("arn:") else f"arn:aws:iam::{ACCOUNT}:role/{result}"

    def deployed(self, resources: Resources, **template: Any) -> list[str]:
        """Why beta's stack could not be made of these; it is deleted again."""
        stack, body = f"{self.name}-beta", json.dumps({"Resources": resources, **template})
        self._make(stack, TemplateBody=body, RoleARN=self.arn_of("BetaDeployRole"))
        stack_id = self._client.describe_stacks(StackName=stack)["Stacks"][0]["StackId"]
        settled(self._client, stack_id)
        events = self._client.describe_stack_events(StackName=stack_id)["StackEvents"]
        self._client.delete_stack(StackName=stack)
        assert settled(self._client, stack_id) == "DELETE_COMPLETE"
        failed = [event.get("ResourceStatusReason", "") for event in events if "FAILED" in event["ResourceStatus"]]
        return [reason for reason in failed if "cancelled" not in reason]

    @contextlib.contextmanager
    def without(self, action: str) -> Iterator[None]:
        """Take an action from the role that deploys beta, for as long as it lasts."""
        iam, role = self.emulator.client("iam"), self.arn_of("BetaDeployRole").rpartition("/")[2]
        texts = {"RoleName": role, "PolicyName": "", "PolicyDocument": ""}
        before: list[dict[str, str]] = []
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            before.append({**texts, "PolicyName": name, "PolicyDocument": json.dumps(document)})
        attached = [each["PolicyArn"] for each in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]
        for number, arn in enumerate(attached):
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
            narrowed = {**texts, "PolicyName": f"narrowed{number}", "PolicyDocument": lacking(document, action)}
            iam.put_role_policy(**narrowed)
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for policy in before:
            iam.put_role_policy(**{**policy, "PolicyDocument": lacking(json.loads(policy["PolicyDocument"]), action)})
        try:
            yield
        finally:
            for number, arn in enumerate(attached):
                iam.attach_role_policy(RoleName=role, PolicyArn=arn)
                iam.delete_role_policy(RoleName=role, PolicyName=f"narrowed{number}")
            for policy in before:
                iam.put_role_policy(**policy)

    def _make(self, stack: str, **what: str) -> None:
        self._client.create_stack(StackName=stack, Capabilities=CAPABILITIES, **what)


def lacking(document: Any, action: str) -> str:
    """The policy without an action of what it allows."""
    statements = [
        {**statement, "Action": [each for each in as_list(statement["Action"]) if each != action or denies(statement)]}
        for statement in document["Statement"]
    ]
    return json.dumps({**document, "Statement": [statement for statement in statements if statement["Action"]]})


def denies(statement: Mapping[str, Any]) -> bool:
    return bool(statement["Effect"] == "Deny")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Any:
    def written(name: str, more: str = "") -> dict[str, Any]:
        small = Small(name, stages="[beta]", more=more, app=APP)
        return template_data(small.write(tmp_path_factory.mktemp(name)))

    return written


@pytest.fixture(scope="module")
def bounded(emulator: Emulator, template: Any) -> Launched:
    return Launched(emulator, template("bounded", f"deploy_role: {{permissions_boundary: {BOUNDARY!r}}}\n"), "bounded")


def role_of_prod(launched: Launched, policies: list[str]) -> Resources:
    """A role of the application with the tags of prod's deploy role, and these policies."""
    tags = [{"Key": key, "Value": f"{launched.name}-prod"} for key in ("bucket", "stack")]
    properties = {
        "AssumeRolePolicyDocument": role_trust("lambda"),
        "ManagedPolicyArns": policies,
        "PermissionsBoundary": BOUNDARY,
        "Tags": tags,
    }
    return {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}}


def test_a_role_of_the_application_never_gets_the_policies_that_reach_prod(bounded: Launched) -> None:
    harmless = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
    assert bounded.deployed(role_of_prod(bounded, harmless)) == []
    (refused,) = bounded.deployed(role_of_prod(bounded, [bounded.arn_of("DeployPolicy1")]))
    assert "iam:AttachRolePolicy" in refused
    assert "explicit deny" in refused


def test_without_that_denial_beta_could_take_the_rights_of_prod(emulator: Emulator, template: Any) -> None:
    data = template("unguarded", f"deploy_role: {{permissions_boundary: {BOUNDARY!r}}}\n")
    for resource in data["Resources"].values():
        statements = resource["Properties"].get("PolicyDocument", {}).get("Statement", [])
        statements[:] = [statement for statement in statements if statement["Sid"] != "NeverTheseRights"]
    unguarded = Launched(emulator, data, "unguarded")
    assert unguarded.deployed(role_of_prod(unguarded, [unguarded.arn_of("DeployPolicy1")])) == []


OF_ANOTHER_STACK: Mapping[str, Resources] = {
    "a resource of a REST API": {
        "R": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {"RestApiId": {"Fn::ImportValue": "RestApi"}, "ResponseType": "DEFAULT_4XX"},
        }
    },
    "a client of a user pool": {
        "C": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {"UserPoolId": {"Fn::ImportValue": "Pool"}, "ClientName": "theirs"},
        }
    },
}
FOREIGN: Resources = {
    "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api"}},
    "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "pool"}},
}
OWN: Resources = {
    **FOREIGN,
    "R": {
        "Type": "AWS::ApiGateway::GatewayResponse",
        "Properties": {"RestApiId": {"Ref": "Api"}, "ResponseType": "DEFAULT_4XX"},
    },
    "C": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool"}, "ClientName": "ours"}},
    "Http": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "http", "ProtocolType": "HTTP"}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": role_trust("states")}},
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "DefinitionString": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
        },
    },
}


@pytest.fixture(scope="module")
def plain(emulator: Emulator, template: Any) -> Launched:
    key = emulator.client("kms").create_key()["KeyMetadata"]["Arn"]
    actions = ", ".join(
        f"kms:{name}"
        for name in (
            "CreateGrant",
            "Decrypt",
            "DescribeKey",
            "Encrypt",
            "GenerateDataKey",
            "ReEncryptFrom",
            "ReEncryptTo",
        )
    )
    extra = f"deploy_role: {{extra: [{{actions: [{actions}], resources: [{key!r}]}}]}}\n"
    launched = Launched(emulator, template("plain", extra), "plain")
    launched.key = key
    nested = json.dumps(NESTED).encode()
    emulator.client("s3").put_object(Bucket="plain-templates", Key="nested.json", Body=nested)
    outputs = {
        name: {"Value": {"Ref": ref}, "Export": {"Name": name}} for name, ref in (("RestApi", "Api"), ("Pool", "Pool"))
    }
    Stack(emulator, FOREIGN, Outputs=outputs)
    return launched


@pytest.mark.parametrize("what", OF_ANOTHER_STACK)
def test_what_has_the_tag_of_another_stack_is_out_of_reach(plain: Launched, what: str) -> None:
    (refused,) = plain.deployed(OF_ANOTHER_STACK[what])
    assert "not authorized to perform" in refused or "no identity-based policy allows" in refused


def test_what_the_stack_makes_and_its_services_name_is_within_reach(plain: Launched) -> None:
    assert plain.deployed(OWN) == []


HTTP: Resources = {"Http": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "http", "ProtocolType": "HTTP"}}}
NESTED = {"Resources": {"Log": {"Type": "AWS::Logs::LogGroup"}}}
TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
# What an application has -> its resources, and a right without which AWS refuses them.
POINTS: Mapping[str, tuple[Resources, str]] = {
    "a stage of an HTTP API with tags, as SAM gives it": (
        {
            **HTTP,
            "Stage": {
                "Type": "AWS::ApiGatewayV2::Stage",
                "Properties": {"ApiId": {"Ref": "Http"}, "StageName": "$default", "Tags": {"made": "by SAM"}},
            },
        },
        "apigateway:TagResource",
    ),
    "a nested stack": (
        {
            "Nested": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": "https://s3.amazonaws.com/plain-templates/nested.json"},
            }
        },
        "iam:PassRole",
    ),
    "a name by the stage": (
        {"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {**TABLE, "TableName": "beta-orders"}}},
        "dynamodb:CreateTable",
    ),
    "a key of its owner's": (
        {
            "Keyed": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    **TABLE,
                    "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": "KEY"},
                },
            }
        },
        "kms:CreateGrant",
    ),
    "tags of the application's own": (
        {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"Tags": [{"Key": "team", "Value": "shop"}]}}},
        "logs:TagResource",
    ),
}


@pytest.mark.parametrize("point", POINTS)
def test_it_is_deployed_with_the_right_and_refused_without(plain: Launched, point: str) -> None:
    resources, action = POINTS[point]
    resources = json.loads(json.dumps(resources).replace('"KEY"', json.dumps(plain.key)))
    assert plain.deployed(resources) == []
    with plain.without(action):
        assert action in str(plain.deployed(resources))


def test_a_name_by_another_stage_is_out_of_reach(plain: Launched) -> None:
    prod = {"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {**TABLE, "TableName": "prod-orders"}}}
    assert "dynamodb:CreateTable" in str(plain.deployed(prod))
