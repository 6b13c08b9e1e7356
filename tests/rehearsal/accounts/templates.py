"""A whole project of two accounts and two regions: the templates of the region, the environment and the pipeline.

The pipeline is in the rehearsal's account; what it deploys is in an account and a region of its own. Names of roles are
fixed, since each side's policies name the other's; nothing is granted that is not needed.
"""

from __future__ import annotations

from typing import Any

HOME, REGION = "123456789012", "us-east-1"
PROD, AWAY = "111111111111", "eu-west-1"
NAME = "twohouses"
HOME_BUCKET, AWAY_BUCKET = f"{NAME}-{REGION}", f"{NAME}-{AWAY}"
PACKAGE = "code/app.zip"
Template = dict[str, Any]


def role_arn(account: str, role: str) -> str:
    return f"arn:aws:iam::{account}:role/{NAME}-{role}"


def allow(sid: str, actions: str, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions.split(), "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(sid: str, principal: dict[str, Any], **more: Any) -> dict[str, Any]:
    return document({"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more})


def by_account(account: str, *roles: str) -> dict[str, Any]:
    """The roles of an account by their names, so that they need not be there yet."""
    arns = [role_arn(account, role) for role in roles]
    return {
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Condition": {"ArnEquals": {"aws:PrincipalArn": arns}},
    }


def role(name: str, trusts: dict[str, Any], *statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": f"{NAME}-{name}",
            "AssumeRolePolicyDocument": trusts,
            "Policies": [{"PolicyName": name, "PolicyDocument": document(*statements)}] if statements else [],
        },
    }


def _store(bucket: str, readers: dict[str, Any] | None) -> dict[str, Any]:
    """A bucket and a key: the account administers the key, its own roles use both by their own policies."""
    owner = allow("Account", "kms:*", "*", Principal={"AWS": f"arn:aws:iam::{HOME}:root"})
    key = [owner, *([allow("Decrypt", "kms:Decrypt", "*", **readers)] if readers else [])]
    read = allow("Read", "s3:GetObject", f"arn:aws:s3:::{bucket}/*", **(readers or {}))
    resources: dict[str, Any] = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": document(*key)}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
    }
    if readers:
        policy = {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": document(read)}
        resources["Policy"] = {"Type": "AWS::S3::BucketPolicy", "Properties": policy}
    return resources


def region_template() -> Template:
    """The artifact store of the other region, in the pipeline's account; the deploy role reads packaged code in it."""
    return {
        "Resources": _store(AWAY_BUCKET, by_account(PROD, "action", "deploy")),
        "Outputs": {"Key": {"Value": {"Fn::GetAtt": ["Key", "Arn"]}}},
    }


_TESTS = f"""
import boto3

def handler(event, context):
    job = event["CodePipeline.job"]
    outputs = boto3.client("cloudformation").describe_stacks(StackName="{NAME}-app")["Stacks"][0]["Outputs"]
    values = {{output["OutputKey"]: output["OutputValue"] for output in outputs}}
    answer = boto3.client("lambda").invoke(FunctionName=values["Function"])["Payload"].read().decode()
    details = {{"summary": f"1 passed: {{answer}}"}}
    boto3.client("codepipeline").put_job_success_result(jobId=job["id"], executionDetails=details)
"""


def environment_template(key: str) -> Template:
    """The roles of the other account, and the function that tests what is deployed there."""
    here = f"{AWAY}:{PROD}"
    app, tests = f"arn:aws:lambda:{here}:function:{NAME}-app", f"arn:aws:lambda:{here}:function:{NAME}-tests"
    stack = f"arn:aws:cloudformation:{here}:stack/{NAME}-app/*"
    through_s3 = {"Condition": {"StringEquals": {"kms:ViaService": f"s3.{AWAY}.amazonaws.com"}}}
    passed = {"Condition": {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}}
    change_sets = "DescribeStacks CreateChangeSet DescribeChangeSet ExecuteChangeSet"
    functions = "CreateFunction GetFunction DeleteFunction"
    return {
        "Resources": {
            "Action": role(
                "action",
                trust("Pipeline", {}, **by_account(HOME, "pipeline")),
                allow("Stacks", " ".join(f"cloudformation:{name}" for name in change_sets.split()), stack),
                allow("Pass", "iam:PassRole", role_arn(PROD, "deploy"), **passed),
                allow("Artifacts", "s3:GetObject", f"arn:aws:s3:::{AWAY_BUCKET}/{NAME}/*"),
                allow("Decrypt", "kms:Decrypt", key, **through_s3),
                allow("Test", "lambda:InvokeFunction", tests),
            ),
            "Deploy": role(
                "deploy",
                trust("CloudFormation", {"Service": "cloudformation.amazonaws.com"}),
                allow("Functions", " ".join(f"lambda:{name}" for name in functions.split()), app),
                allow("Pass", "iam:PassRole", role_arn(PROD, "app")),
                allow("Code", "s3:GetObject", f"arn:aws:s3:::{AWAY_BUCKET}/code/*"),
            ),
            "App": role("app", trust("Lambda", {"Service": "lambda.amazonaws.com"})),
            "TestsRole": role(
                "tests",
                trust("Lambda", {"Service": "lambda.amazonaws.com"}),
                allow("Answer", "codepipeline:PutJobSuccessResult", "*"),
                allow("Outputs", "cloudformation:DescribeStacks", stack),
                allow("Call", "lambda:InvokeFunction", app),
            ),
            "Tests": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "FunctionName": f"{NAME}-tests",
                    "Runtime": "python3.13",
                    "Handler": "index.handler",
                    "Timeout": 30,
                    "Role": {"Fn::GetAtt": ["TestsRole", "Arn"]},
                    "Code": {"ZipFile": _TESTS},
                },
            },
        }
    }


def app_template() -> Template:
    """What the pipeline deploys: a function whose code lies in a bucket of the pipeline's account."""
    return {
        "Resources": {
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "FunctionName": f"{NAME}-app",
                    "Runtime": "python3.13",
                    "Handler": "index.handler",
                    "Role": role_arn(PROD, "app"),
                    "Code": {"S3Bucket": AWAY_BUCKET, "S3Key": PACKAGE},
                },
            }
        },
        "Outputs": {"Function": {"Value": {"Fn::GetAtt": ["Function", "Arn"]}}},
    }


def _action(name: str, kind: tuple[str, str], order: int, configuration: dict[str, str], **more: Any) -> dict[str, Any]:
    category, provider = kind
    return {
        "Name": name,
        "ActionTypeId": {"Category": category, "Owner": "AWS", "Provider": provider, "Version": "1"},
        "RunOrder": order,
        "Configuration": configuration,
        **more,
    }


def _deploy_actions() -> list[dict[str, Any]]:
    there = {"RoleArn": role_arn(PROD, "action"), "Region": AWAY}
    stack = {"StackName": f"{NAME}-app", "ChangeSetName": "pipeline"}
    changes = {
        **stack,
        "ActionMode": "CHANGE_SET_REPLACE",
        "RoleArn": role_arn(PROD, "deploy"),
        "TemplatePath": "Source::app.json",
    }
    execute = {**stack, "ActionMode": "CHANGE_SET_EXECUTE"}
    cloudformation = ("Deploy", "CloudFormation")
    return [
        _action("Changes", cloudformation, 1, changes, InputArtifacts=[{"Name": "Source"}], **there),
        _action("Execute", cloudformation, 2, execute, **there),
        _action("Test", ("Invoke", "Lambda"), 3, {"FunctionName": f"{NAME}-tests"}, **there),
    ]


def pipeline_template(away_key: str) -> Template:
    """The pipeline, its store and its role; the repository is there before, for its first execution."""
    source = _action(
        "Source",
        ("Source", "CodeCommit"),
        1,
        {"RepositoryName": NAME, "BranchName": "main", "PollForSourceChanges": "false"},
        OutputArtifacts=[{"Name": "Source"}],
    )
    keys = {REGION: {"Fn::GetAtt": ["Key", "Arn"]}, AWAY: away_key}
    objects = f"arn:aws:s3:::{NAME}-%s/{NAME}/*"
    return {
        "Resources": {
            **_store(HOME_BUCKET, None),
            "Role": role(
                "pipeline",
                trust("CodePipeline", {"Service": "codepipeline.amazonaws.com"}),
                allow(
                    "Source",
                    "codecommit:GetBranch codecommit:GetCommit codecommit:UploadArchive codecommit:CancelUploadArchive"
                    " codecommit:GetUploadArchiveStatus",
                    f"arn:aws:codecommit:{REGION}:{HOME}:{NAME}",
                ),
                allow("Artifacts", "s3:GetObject s3:PutObject", objects % REGION),
                allow("Keys", "kms:Decrypt kms:GenerateDataKey", keys[REGION]),
                allow("Replicas", "s3:PutObject", objects % AWAY),
                allow("ReplicaKey", "kms:GenerateDataKey", away_key),
                allow("Assume", "sts:AssumeRole", role_arn(PROD, "action")),
            ),
            "Pipeline": {
                "Type": "AWS::CodePipeline::Pipeline",
                "Properties": {
                    "Name": NAME,
                    "PipelineType": "V2",
                    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                    "ArtifactStores": [
                        {
                            "Region": region,
                            "ArtifactStore": {
                                "Type": "S3",
                                "Location": f"{NAME}-{region}",
                                "EncryptionKey": {"Id": key, "Type": "KMS"},
                            },
                        }
                        for region, key in keys.items()
                    ],
                    "Stages": [
                        {"Name": "Source", "Actions": [source]},
                        {"Name": "Prod", "Actions": _deploy_actions()},
                    ],
                },
            },
        },
        "Outputs": {"Key": {"Value": keys[REGION]}},
    }
