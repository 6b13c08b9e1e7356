"""What somebody has approved is what is deployed: whoever has the build's rights cannot change it any more."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Client, Credentials, connect
from tests.rehearsal.driver.rehearsals import Rehearsed, Stage
from tests.rehearsal.driver.small import Small
from tests.rehearsal.emulator.roles import ACCOUNT

PIPELINE = """\
service: %s
source:
  codecommit: {repository: %s}
app: {template: app.yaml}
tests: none
stages: [prod]
"""
APP = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: hello.py, Handler: hello.handler, Runtime: python3.13}
Outputs:
  Function: {Value: !Ref Function}
"""
NESTED = "  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/template.yaml}}\n"
APPROVED = 'def handler(event, context):\n    return "approved"\n'
EVIL = APPROVED.replace("approved", "evil")


def rehearsed(stage: Stage, name: str, app: str, attack: Callable[[Client, str, str], None]) -> Rehearsed:
    """A rehearsal in which somebody with the rights of the build attacks all packaged code before he approves it."""

    def approve(_waiting: object) -> bool:
        build, bucket = (
            as_build(stage.emulator, name),
            physical_id(stage.emulator, f"{name}-pipeline", "ArtifactBucket"),
        )
        packaged = stage.emulator.client("s3").list_objects_v2(Bucket=bucket, Prefix="Packaged/")["Contents"]
        assert packaged
        for each in packaged:
            attack(build, bucket, each["Key"])
        return True

    (stage.folder / name / "nested").mkdir(parents=True)
    files = {"pipeline.yaml": PIPELINE % (name, name), "hello.py": APPROVED}
    nested = {"nested/template.yaml": APP.replace("hello.py", "./hello.py"), "nested/hello.py": APPROVED + "# nested\n"}
    return stage.rehearse(Small(name, app=app, files={**files, **nested}), approve=approve)


def physical_id(emulator: Emulator, stack: str, logical_id: str) -> str:
    resource = emulator.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)
    return str(resource["StackResourceDetail"]["PhysicalResourceId"])


def as_build(emulator: Emulator, name: str) -> Client:
    role = physical_id(emulator, f"{name}-pipeline", "BuildRole")
    iam = emulator.client("iam")
    # CodeBuild alone may use the role: the test lets itself in.
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps({"Statement": [trust]}))
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    keys = emulator.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return connect("s3", emulator.endpoint, credentials, "us-east-1")


def evil() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hello.py", EVIL)
    return packed.getvalue()


def in_prod(emulator: Emulator, name: str) -> Any:
    (output,) = emulator.client("cloudformation").describe_stacks(StackName=f"{name}-prod")["Stacks"][0]["Outputs"]
    answer = emulator.client("lambda").invoke(FunctionName=output["OutputValue"])
    return json.loads(answer["Payload"].read())


def code(call: Callable[..., Any], **request: Any) -> str:
    try:
        call(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_the_build_cannot_overwrite_what_was_approved(stage: Stage) -> None:
    answers = []

    def attack(build: Client, bucket: str, key: str) -> None:
        what = {"Bucket": bucket, "Key": key}
        answers.append(code(build.put_object, **what, Body=evil()))
        answers.append(code(build.put_object, **what, Body=evil(), IfNoneMatch="*"))
        answers.append(code(build.delete_object, **what))
        answers.append(code(build.create_multipart_upload, **what))

    result = rehearsed(stage, "kept-code", APP.replace("Outputs:", f"{NESTED}Outputs:"), attack)
    # The function, the nested stack and its function.
    assert answers == ["AccessDenied", "PreconditionFailed", "AccessDenied", "AccessDenied"] * 3
    assert result.outcome.status == "Succeeded"
    assert in_prod(stage.emulator, "kept-code") == "approved"


def test_with_the_right_to_overwrite_other_code_would_be_deployed_than_was_approved(stage: Stage) -> None:
    def attack(_build: Client, bucket: str, key: str) -> None:
        stage.emulator.client("s3").put_object(Bucket=bucket, Key=key, Body=evil())

    assert rehearsed(stage, "changed-code", APP, attack).outcome.status == "Succeeded"
    assert in_prod(stage.emulator, "changed-code") == "evil"
