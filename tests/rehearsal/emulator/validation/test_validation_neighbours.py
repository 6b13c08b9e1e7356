"""Resources that do not fit what they refer to, and the same ones where it fits."""

from __future__ import annotations

from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import Stack
from tests.rehearsal.emulator.validation.asking import Template, failure, function, resource, role

STREAM = {"Fn::GetAtt": ["Table", "StreamArn"]}
READING = [
    f"arn:aws:iam::aws:policy/service-role/AWSLambda{source}ExecutionRole" for source in ("SQSQueue", "DynamoDB")
]
AROUND: Template = {
    "Role": role("lambda", ManagedPolicyArns=READING),
    "Function": function(Timeout=60),
    "Slow": resource("AWS::SQS::Queue", VisibilityTimeout=60),
    "Fast": resource("AWS::SQS::Queue", VisibilityTimeout=59),
    "Table": resource(
        "AWS::DynamoDB::Table",
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamViewType": "NEW_IMAGE"},
    ),
    "Bucket": resource("AWS::S3::Bucket"),
    "Open": resource("AWS::S3::Bucket", PublicAccessBlockConfiguration={"BlockPublicAcls": True}),
    "Api": resource("AWS::ApiGateway::RestApi", Name="api"),
}
BUCKET_OF_ANYBODY = {
    "LambdaConfigurations": [{"Event": "s3:ObjectCreated:*", "Function": {"Fn::GetAtt": ["Function", "Arn"]}}]
}


def mapping(source: Any, **properties: Any) -> Template:
    return resource(
        "AWS::Lambda::EventSourceMapping", EventSourceArn=source, FunctionName={"Ref": "Function"}, **properties
    )


def public(bucket: str) -> Template:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": {"Fn::Sub": f"${{{bucket}.Arn}}/*"},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return resource("AWS::S3::BucketPolicy", Bucket={"Ref": bucket}, PolicyDocument=document)


def notifying() -> Template:
    return resource("AWS::S3::Bucket", NotificationConfiguration=BUCKET_OF_ANYBODY)


PERMISSION = resource(
    "AWS::Lambda::Permission",
    FunctionName={"Ref": "Function"},
    Action="lambda:InvokeFunction",
    Principal="s3.amazonaws.com",
)
DEPLOYMENT = resource("AWS::ApiGateway::Deployment", RestApiId={"Ref": "Api"})
METHOD = resource(
    "AWS::ApiGateway::Method",
    RestApiId={"Ref": "Api"},
    ResourceId={"Fn::GetAtt": ["Api", "RootResourceId"]},
    HttpMethod="GET",
    AuthorizationType="NONE",
    Integration={"Type": "MOCK"},
)
REFUSED = {
    "a queue that shows messages again too soon": (
        mapping({"Fn::GetAtt": ["Fast", "Arn"]}),
        "Queue visibility timeout: 59 seconds is less than Function timeout: 60 seconds",
    ),
    "a queue nobody made": (mapping("arn:aws:sqs:us-east-1:123456789012:nobodys"), "NonExistentQueue"),
    "a stream nobody writes": (
        mapping({"Fn::Sub": "${Table.Arn}/stream/2020"}, StartingPosition="LATEST"),
        "Stream not found: arn:aws:dynamodb:",
    ),
    "a stream without a beginning": (mapping(STREAM), "Value null at 'startingPosition'"),
    "a function S3 may not call": (notifying(), "Unable to validate the following destination configurations"),
    "a policy for everybody": (public("Bucket"), "BlockPublicPolicy"),
    "an API without methods": (DEPLOYMENT, "The REST API doesn't contain any methods"),
}


@pytest.mark.parametrize(("broken", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_its_neighbours_fails_with_the_reason(
    emulator: Emulator, broken: Template, reason: str
) -> None:
    assert reason in failure(emulator, {**AROUND, "It": broken})


def test_what_fits_its_neighbours_is_made(emulator: Emulator) -> None:
    fitting = {
        "Permission": PERMISSION,
        "Method": METHOD,
        "Queued": mapping({"Fn::GetAtt": ["Slow", "Arn"]}),
        "Streamed": mapping(STREAM, StartingPosition="LATEST"),
        "Notifying": {**notifying(), "DependsOn": "Permission"},
        "Public": public("Open"),
        "Deployment": {**DEPLOYMENT, "DependsOn": "Method"},
    }
    assert failure(emulator, {**AROUND, **fitting}) == ""


def test_a_bucket_of_a_template_encrypts_with_the_key_it_names(emulator: Emulator) -> None:
    def bucket(**default: str) -> Template:
        rule = {"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
        return {"It": resource("AWS::S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": [rule]})}

    key = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    stack = Stack(emulator, bucket(SSEAlgorithm="AES256"))
    name = stack.physical_id("It")
    assert stack.update(bucket(SSEAlgorithm="aws:kms", KMSMasterKeyID=key)) == "UPDATE_COMPLETE"
    encryption = emulator.client("s3").get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
    (rule,) = encryption["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert rule["BucketKeyEnabled"] is True
    stack.delete()
