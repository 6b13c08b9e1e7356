"""Resources whose service refuses them: each rule broken once, and kept once."""

from __future__ import annotations

from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import Stack, allowing, role_trust
from tests.rehearsal.emulator.validation.asking import failure, function, parameter, resource, role

ARN = {"Fn::GetAtt": ["Role", "Arn"]}
ACCOUNT = "123456789012"
MACHINE = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'


def table(**properties: Any) -> dict[str, Any]:
    properties = {
        "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        **properties,
    }
    return resource("AWS::DynamoDB::Table", **properties)


def granting(**statement: Any) -> dict[str, Any]:
    granted_statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **statement}
    document = {"Version": "2012-10-17", "Statement": [{k: v for k, v in granted_statement.items() if v is not None}]}
    return role("lambda", Policies=[{"PolicyName": "p", "PolicyDocument": document}])


def trusted(**statement: Any) -> dict[str, Any]:
    document = role_trust("lambda")
    document["Statement"][0].update(statement)
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument=document)


def rule(**properties: Any) -> dict[str, Any]:
    return resource("AWS::Events::Rule", **properties)


def machine(definition: str, role_arn: Any = ARN) -> dict[str, Any]:
    return resource("AWS::StepFunctions::StateMachine", RoleArn=role_arn, DefinitionString=definition)


def topic(**properties: Any) -> dict[str, Any]:
    return resource("AWS::SNS::Topic", **properties)


def subscription(**properties: Any) -> dict[str, Any]:
    properties = {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "team@example.com", **properties}
    return resource("AWS::SNS::Subscription", **properties)


REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        parameter() | resource("AWS::SSM::Parameter", Type="String", Value="x", Colour=1),
        "extraneous key [Colour] is not",
    ),
    (resource("AWS::SSM::Parameter", Type="String"), "#: required key [Value] not found"),
    (parameter({"a": 1}), "#/Value: expected type: String, found: JSONObject"),
    (resource("AWS::CloudFormation::Stack", TemplateBody="{}"), "Encountered unsupported property TemplateBody"),
    (resource("AWS::Logs::LogGroup", RetentionInDays=8), "#/RetentionInDays: 8 is not a valid enum value"),
    (resource("AWS::SQS::Queue", VisibilityTimeout="43201"), "43201 is not less or equal to 43200"),
    (resource("AWS::SQS::Queue", QueueName="q", FifoQueue=True), "must end with .fifo suffix"),
    (role("lambda", RoleName="r" * 65), "#/RoleName: expected maxLength: 64, actual: 65"),
    (role("lambda", ManagedPolicyArns="none"), "#/ManagedPolicyArns: expected type: JSONArray, found: String"),
    (function(Runtime="python9.9"), "#/Runtime: python9.9 is not a valid enum value"),
    (
        function(Runtime="nodejs14.x"),
        "The runtime parameter of nodejs14.x is no longer supported for creating or updating",
    ),
    (function(MemorySize=64), "#/MemorySize: 64 is not greater or equal to 128"),
    (
        function(MemorySize=10241),
        "'memorySize' failed to satisfy constraint: Member must have value less than or equal to",
    ),
    (function(Timeout=901), "'timeout' failed to satisfy constraint: Member must have value less than or equal to 900"),
    (function(Handler=None), "Runtime and Handler are mandatory parameters"),
    (function(Environment={"Variables": {"Long": "x" * 4096}}), "exceeded the 4KB limit"),
    (function(Role="nobody"), "#/Role: failed validation constraint for keyword [pattern]"),
    (
        function(Role=f"arn:aws:iam::{ACCOUNT}:role/nobody"),
        "The role defined for the function cannot be assumed by Lambda.",
    ),
    (
        function(Code={"S3Bucket": "no-such-bucket-here", "S3Key": "k"}),
        "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not",
    ),
    (
        function(Code={"S3Bucket": "code-of-tests", "S3Key": "none"}),
        "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.",
    ),
    (function(Code={"S3Bucket": "code-of-tests", "S3Key": "text"}), "Could not unzip uploaded file."),
    (
        resource("AWS::Lambda::Permission", FunctionName="nope", Action="lambda:InvokeFunction", Principal="*"),
        f"Function not found: arn:aws:lambda:us-east-1:{ACCOUNT}:function:nope",
    ),
    (resource("AWS::Lambda::Alias", FunctionName="nope", FunctionVersion="1", Name="live"), "Function not found"),
    (rule(ScheduleExpression="rate(1 minutes)"), "Parameter ScheduleExpression is not valid."),
    (rule(ScheduleExpression="rate(5 minute)"), "Parameter ScheduleExpression is not valid."),
    (rule(ScheduleExpression="cron(0 10 * * *)"), "Parameter ScheduleExpression is not valid."),
    (rule(ScheduleExpression="cron(0 10 * * * *)"), "Parameter ScheduleExpression is not valid."),
    (
        rule(EventPattern={"source": "aws.s3"}),
        "Event pattern is not valid. Reason: 'source' must be an object or an array",
    ),
    (granting(Action="GetObject"), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
    (granting(Resource="bucket"), 'Resource bucket must be in ARN format or "*".'),
    (trusted(Action="s3:GetObject"), "AssumeRole policy may only specify STS AssumeRole actions."),
    (topic(TopicName="t", FifoTopic=True), "Invalid parameter: Fifo Topic names must end with .fifo"),
    (subscription(TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:none"), "Topic does not exist"),
    (subscription(Protocol="carrier"), "Amazon SNS does not support this protocol string: carrier"),
    (subscription(Endpoint="nobody"), "Invalid parameter: Email address"),
    (
        resource("AWS::S3::Bucket", AccessControl="LogDeliveryWrite"),
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    ),
    (
        resource("AWS::S3::BucketPolicy", Bucket="no-such-bucket-here", PolicyDocument=allowing("s3:*")),
        "The specified bucket does not exist",
    ),
    (
        machine(MACHINE, f"arn:aws:iam::{ACCOUNT}:role/nobody"),
        "Neither the global service principal states.amazonaws.com",
    ),
    (machine(MACHINE.replace('"A",', '"Z",')), "MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /StartAt"),
    (machine(MACHINE.replace("Succeed", "Pass")), "These fields are required: [Next] or [End] at /States/A"),
    (machine("{"), "INVALID_JSON_DESCRIPTION"),
]


@pytest.fixture(scope="session")
def surrounded(emulator: Emulator) -> Emulator:
    """An emulator with a bucket that holds something, but no code."""
    emulator.client("s3").create_bucket(Bucket="code-of-tests")
    emulator.client("s3").put_object(Bucket="code-of-tests", Key="text", Body=b"no archive")
    return emulator


@pytest.mark.parametrize(("broken", "reason"), REFUSED, ids=[f"{n}-{why[:40]}" for n, (_, why) in enumerate(REFUSED)])
def test_a_resource_its_service_refuses_fails_with_the_reason(
    surrounded: Emulator, broken: dict[str, Any], reason: str
) -> None:
    around = {"Role": role("lambda", "states"), "Topic": topic()}
    assert reason in failure(surrounded, {**around, "It": broken})


GOOD: list[dict[str, Any]] = [
    {"It": resource("AWS::SQS::Queue", VisibilityTimeout="60", QueueName="q.fifo", FifoQueue="true")},
    {"Role": role("lambda"), "It": function(MemorySize="128", Timeout=900, Environment={"Variables": {"Port": 8080}})},
    {"It": rule(ScheduleExpression="rate(1 minute)")},
    {"It": rule(ScheduleExpression="rate(5 minutes)", State="DISABLED")},
    {"It": rule(ScheduleExpression="cron(0/15 8-18 ? * MON-FRI *)")},
    {"It": rule(EventPattern={"source": ["aws.s3"], "detail": {"bucket": {"name": [{"prefix": "a"}]}}})},
    {"It": table()},
    {"It": table(BillingMode="PROVISIONED", ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": "1"})},
    {"It": granting(Sid="One", Action=["s3:Get*", "*"], Resource=["arn:aws:s3:::bucket/*"])},
    {"It": trusted(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})},
    {"Topic": topic(TopicName="t.fifo", FifoTopic=True)},
    {"Topic": topic(), "It": subscription()},
    {"Role": role("states"), "It": machine(MACHINE)},
    {"It": resource("AWS::Logs::LogGroup", RetentionInDays="14", Tags=[{"Key": "team", "Value": "a"}])},
]


@pytest.mark.parametrize("resources", GOOD)
def test_a_resource_that_is_right_is_made(emulator: Emulator, resources: dict[str, Any]) -> None:
    assert failure(emulator, resources) == ""


def test_a_bucket_that_takes_acls_may_have_one(emulator: Emulator) -> None:
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    bucket = resource("AWS::S3::Bucket", AccessControl="LogDeliveryWrite", OwnershipControls=controls)
    plain = resource("AWS::S3::Bucket", AccessControl="Private")
    assert Stack(emulator, {"It": bucket, "Plain": plain}).status == "CREATE_COMPLETE"


def test_a_role_another_service_may_assume_is_no_role_for_a_function(emulator: Emulator) -> None:
    reason = failure(emulator, {"Role": role("sns"), "It": function()})
    assert reason.startswith("The role defined for the function cannot be assumed by Lambda.")


NAMED = [
    resource("AWS::DynamoDB::Table", TableName="fixed", **table()["Properties"]),
    role("lambda", RoleName="fixed"),
    resource("AWS::SQS::Queue", QueueName="fixed"),
    topic(TopicName="fixed"),
    resource("AWS::Logs::LogGroup", LogGroupName="fixed"),
    resource("AWS::SSM::Parameter", Name="fixed", Type="String", Value="x"),
    rule(Name="fixed", ScheduleExpression="rate(1 hour)"),
    resource("AWS::SecretsManager::Secret", Name="fixed"),
    resource("AWS::IAM::ManagedPolicy", ManagedPolicyName="fixed", PolicyDocument=allowing("s3:GetObject")),
]


@pytest.mark.parametrize("named", NAMED, ids=[declared["Type"] for declared in NAMED])
def test_a_name_belongs_to_the_stack_that_had_it_first(emulator: Emulator, named: dict[str, Any]) -> None:
    first = Stack(emulator, {"It": named})
    assert first.status == "CREATE_COMPLETE", first.failures
    result = failure(emulator, {"It": named})
    assert f"fixed already exists in stack arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{first.name}/" in result
    assert first.update({"It": named, "More": parameter()}) == "UPDATE_COMPLETE", first.failures
    assert first.delete() == "DELETE_COMPLETE"
    assert failure(emulator, {"It": named}) == ""


def test_a_name_that_something_outside_of_stacks_has_is_taken_as_well(emulator: Emulator) -> None:
    emulator.client("logs").create_log_group(logGroupName="made-by-hand")
    reason = failure(emulator, {"It": resource("AWS::Logs::LogGroup", LogGroupName="made-by-hand")})
    assert reason == "made-by-hand already exists"


def test_a_bucket_that_is_not_empty_stays_and_its_stack_says_why(emulator: Emulator) -> None:
    stack = Stack(emulator, {"It": resource("AWS::S3::Bucket")})
    s3, bucket = emulator.client("s3"), stack.physical_id("It")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert stack.delete() == "DELETE_FAILED"
    s3.delete_object(Bucket=bucket, Key="k")
    assert stack.delete() == "DELETE_COMPLETE"


def test_an_update_that_breaks_a_rule_is_rolled_back(emulator: Emulator) -> None:
    stack = Stack(emulator, {"It": rule(ScheduleExpression="rate(2 hours)")})
    assert stack.update({"It": rule(ScheduleExpression="rate(2 hour)")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.update({"It": rule(ScheduleExpression="rate(1 hour)")}) == "UPDATE_COMPLETE"
