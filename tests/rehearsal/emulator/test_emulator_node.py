"""Node functions: AWS's runtime client without its compiled part, SDK clients on demand, what is said without Node."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from generator.rehearsal.emulator.functions import node_environment
from generator.rehearsal.emulator.functions.node_environment import NoNodeError, named_sdk_packages
from generator.rehearsal.emulator.functions.stand_ins import NotRehearsableError, stand_in
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.lambdas import Function, archive

NODE = "nodejs22.x"
PATIENCE = 60
DEPLOYED = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Runtime: nodejs22.x
      Handler: index.handler
      Code: {S3Bucket: code, S3Key: zip}
"""


def test_a_node_function_gets_event_and_context(emulator: Emulator) -> None:
    code = """
exports.handler = async (event, context) => {
  console.log("hello");
  return [event, context.functionName, typeof context.awsRequestId, process.env.AWS_EXECUTION_ENV];
};
"""
    function = Function(emulator, code, NODE)
    assert function({"a": "ü"}) == [{"a": "ü"}, function.name, "string", f"AWS_Lambda_{NODE}"]
    _, _, log = function.ask({})
    assert re.search(r"Z\t\S+\tINFO\thello\n", log)


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("exports.handler = async () => { throw new TypeError('boo'); };", "TypeError", "boo"),
        ("exports.handler = async () => { throw new TypeError('größe €'); };", "TypeError", "größe €"),
        ("exports.handler = (event, context, done) => done(new Error('late'));", "Error", "late"),
        ("exports.other = 1;", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"),
        ("require('nothere');", "Runtime.ImportModuleError", "Cannot find module 'nothere'"),
        ("exports.handler = async () => process.exit(3);", "Runtime.ExitError", "exit status 3"),
        ("exports.handler = () => { setTimeout(() => { throw new RangeError('late'); }, 1); };", "RangeError", "late"),
        (
            "exports.handler = (e, c) => { setTimeout(() => { Promise.reject(new Error('lost')); }, 1); };",
            "Runtime.UnhandledPromiseRejection",
            "lost",
        ),
    ],
)
def test_a_failing_node_function_fails_as_on_aws(emulator: Emulator, code: str, kind: str, message: str) -> None:
    payload, failed, _ = Function(emulator, code, NODE).ask()
    assert failed
    assert payload["errorType"] == kind
    assert message in payload["errorMessage"]
    assert "penstock" not in str(payload)


def test_handlers_with_callbacks_work_until_node_22_and_are_refused_from_24_on(emulator: Emulator) -> None:
    code = "exports.handler = (event, context, done) => done(null, event);"
    assert Function(emulator, code, NODE)("told") == "told"
    payload, failed, _ = Function(emulator, code, "nodejs24.x").ask()
    assert failed
    assert payload["errorType"] == "Runtime.CallbackHandlerDeprecated"


def test_a_node_module_finds_the_sdk_it_names(emulator: Emulator) -> None:
    code = """
import { STSClient, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
export const handler = async () => (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;
"""
    function = Function(emulator, {"index.mjs": code}, NODE, Timeout=10)
    assert function() == f"arn:aws:sts::123456789012:assumed-role/functions/{function.name}"


def test_the_sdk_is_fetched_when_a_function_is_deployed_and_not_when_somebody_calls_it(tmp_path: Path) -> None:
    notes, npm = tmp_path / "notes", tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f'#!/bin/sh\necho "$*" >> {notes}\nmkdir node_modules\n')
    npm.chmod(0o755)
    environ = {**os.environ, "PATH": f"{npm.parent}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with Emulator(environ) as emulator:
        s3, cloudformation = emulator.client("s3"), emulator.client("cloudformation")
        s3.create_bucket(Bucket="code")
        s3.put_object(Bucket="code", Key="zip", Body=archive({"index.mjs": 'import "@aws-sdk/client-sts";'}))
        cloudformation.create_stack(StackName="early", TemplateBody=DEPLOYED, Capabilities=["CAPABILITY_IAM"])
        cloudformation.get_waiter("stack_create_complete").wait(StackName="early")
        until = time.monotonic() + PATIENCE
        while not notes.exists() and time.monotonic() < until:
            time.sleep(0.05)
    assert notes.read_text().splitlines()[0].endswith(" @aws-sdk/client-sts")


def test_sdk_packages_that_are_carried_or_only_named_by_others_are_not_fetched() -> None:
    code = archive(
        {
            "index.js": 'require("@aws-sdk/client-sts"); require("@aws-sdk/client-s3")',
            "node_modules/@aws-sdk/client-s3/index.js": 'require("@aws-sdk/util-user-agent")',
            "README.md": "@aws-sdk/client-ec2",
        }
    )
    assert named_sdk_packages(code) == {"@aws-sdk/client-sts"}


def test_without_node_it_says_what_to_install() -> None:
    with pytest.raises(NotRehearsableError, match="needs `node`"):
        stand_in(NODE, {"PATH": "/nowhere"})
    with pytest.raises(NoNodeError, match="needs `npm`"):
        node_environment.npm([], Path(), {"PATH": "/nowhere"})


def test_a_node_that_only_looks_like_one_is_not_taken(tmp_path: Path) -> None:
    shim = tmp_path / "node"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    with pytest.raises(NoNodeError):
        node_environment.node_program({"PATH": str(tmp_path)})


NPM = [
    "npm error code EACCES",
    "npm error syscall open",
    "npm error Your cache belongs to root.",
    "npm error Read the log",
]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [(["one", "code E404"], "code E404"), (NPM, r"Your cache belongs to root\."), ([""], "no reason given")],
    ids=["the last line", "npm's own", "nothing"],
)
def test_a_failing_npm_is_told_by_the_line_that_says_why(lines: list[str], reason: str, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("\n".join(["#!/bin/sh", *(f"echo '{line}' >&2" for line in lines), "exit 1"]))
    npm.chmod(0o755)
    with pytest.raises(NoNodeError, match=f"npm pack failed: {reason}$"):
        node_environment.node_environment(
            tmp_path / "cache", {"PATH": f"{tmp_path}:/usr/bin:/bin"}, node_environment.UNTIL_22
        )
    assert not list((tmp_path / "cache").rglob("index.mjs"))


def test_another_package_than_was_published_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "aws-lambda-ric.tgz"
    packed.write_bytes(b"another")
    with pytest.raises(NoNodeError, match=r"another aws-lambda-ric 3\.3\.0 than was published"):
        node_environment.refuse_another(packed, node_environment.UNTIL_22)
