"""What deploy roles lack for an application is said with its place, before AWS refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.application.translation import translate
from generator.compiler.deploy_role_gaps import problems
from generator.compiler.pipeline import compile_file
from generator.errors import Problem
from generator.repository.files import Repository

_HEAD = "service: time-service\nsource:\n  codecommit: {repository: time-service}\ntests: none\n"
_FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, InlineCode: pass}
"""
_BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"


def gaps(tmp_path: Path, template: str, more: str = "") -> list[Problem]:
    (tmp_path / "app-sam.yaml").write_text(template)
    file = tmp_path / "pipeline.yaml"
    file.write_text(_HEAD + more)
    compiled = compile_file(file, "pipeline.yaml", Repository(tmp_path))
    app = translate(compiled.file.app.template, {}) if compiled.file.app.template else None
    return [*problems(compiled.pipeline, compiled.document, app, None)]


_OWN = """\
Parameters:
  Stage: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /aws/service/x}
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Named: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub '${Stage}-fn'}}
"""


def plain(resource: str) -> str:
    return f"Resources:\n  It:\n    {resource}\n"


def beside(resource: str) -> str:
    """A resource in a template that has others, and parameters."""
    return f"{_OWN}  It: {resource}\n"


def test_roles_without_a_boundary_are_a_remark(tmp_path: Path) -> None:
    (remark,) = gaps(tmp_path, _FUNCTION)
    assert remark.level == "info"
    assert "permissions_boundary" in remark.hint


def test_an_application_without_roles_hears_nothing_of_boundaries(tmp_path: Path) -> None:
    assert gaps(tmp_path, plain("Type: AWS::SQS::Queue")) == []


def test_a_role_without_the_required_boundary_is_refused_where_it_is_made(tmp_path: Path) -> None:
    (problem,) = gaps(tmp_path, _FUNCTION, f"deploy_role: {{permissions_boundary: {_BOUNDARY}}}\n")
    assert problem.level == "error"
    assert str(problem.place) == "app-sam.yaml:3:3"
    assert "Globals: {Function: {PermissionsBoundary:" in problem.hint


def test_globals_give_every_function_s_role_the_boundary(tmp_path: Path) -> None:
    bounded = f"Globals: {{Function: {{PermissionsBoundary: '{_BOUNDARY}'}}}}\n{_FUNCTION}"
    assert gaps(tmp_path, bounded, f"deploy_role: {{permissions_boundary: {_BOUNDARY}}}\n") == []


def test_a_type_without_rights_is_named_with_the_way_out(tmp_path: Path) -> None:
    (problem,) = gaps(tmp_path, plain("Type: AWS::Kinesis::Stream"))
    assert (problem.level, str(problem.place)) == ("error", "app-sam.yaml:2:3")
    assert problem.message == "the deploy roles have no rights for AWS::Kinesis::Stream, and the build refuses it"
    assert problem.hint.startswith("deploy_role: {extra: [{actions: [kinesis:AddTagsToStream, kinesis:CreateStream, ")
    assert problem.hint.endswith('], resources: ["*"]}]}')


def test_what_is_to_be_pasted_for_a_type_makes_the_file_right(tmp_path: Path) -> None:
    for kind in ("AWS::Synthetics::Canary", "AWS::AutoScaling::AutoScalingGroup"):
        (problem,) = gaps(tmp_path, plain(f"Type: {kind}"))
        assert 'iam:PassRole], resources: ["arn:${AWS::Partition}:iam::${AWS::AccountId}:role/' in problem.hint
        assert gaps(tmp_path, plain(f"Type: {kind}"), f"{problem.hint}\n") == []


@pytest.mark.parametrize(
    ("kind", "helps"),
    [("AWS::Pinpoint::App", "nothing helps but"), ("AWS::OpsWorks::App", "grant it by hand")],
)
def test_of_a_type_of_which_aws_publishes_nothing_is_told_what_helps(tmp_path: Path, kind: str, helps: str) -> None:
    (problem,) = gaps(tmp_path, plain(f"Type: {kind}"))
    assert problem.hint.startswith(f"AWS publishes no list of what it takes: {helps}")


def test_what_an_own_buildspec_may_let_through_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "buildspec.yml").write_text("version: 0.2\nphases: {build: {commands: [make]}}\n")
    (problem,) = gaps(tmp_path, plain("Type: AWS::Kinesis::Stream"), "build: {buildspec: buildspec.yml}\n")
    assert problem.level == "warning"
    assert problem.message == "the deploy roles have no rights for AWS::Kinesis::Stream"


@pytest.mark.parametrize("kind", ["Acme::Shop::Till", "Acme::Shop::Till::MODULE"])
@pytest.mark.parametrize("more", ["", "deploy_role: {extra: [{actions: ['shop:*'], resources: ['*']}]}\n"])
def test_for_a_type_that_is_not_aws_s_only_another_role_or_buildspec_helps(
    tmp_path: Path, kind: str, more: str
) -> None:
    (warning,) = gaps(tmp_path, plain(f"Type: {kind}"), more)
    assert (warning.level, str(warning.place)) == ("error", "app-sam.yaml:2:3")
    assert warning.message.startswith(f"the deploy roles have no rights for {kind}, which is not AWS's")
    assert warning.hint.startswith("the only way is deploy_role: {arn: <ARN>}, or a buildspec of your own")


@pytest.mark.parametrize("more", ["", "deploy_role: exact\n", "deploy_role: {scope: wide}\n"])
@pytest.mark.parametrize(
    "resource",
    [
        "{Type: AWS::SQS::Queue, Properties: {QueueName: orders}}",
        "{Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${Stage}-orders'}}",
        "{Type: AWS::DynamoDB::Table, Properties: {TableName: !Join ['-', [!Ref Stage, orders]]}}",
        "{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/${AWS::StackName}/app'}}",
        "{Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Files}}\n  Files: {Type: AWS::S3::Bucket}",
        "{Type: AWS::IAM::Role, Properties: {Path: /shop/, AssumeRolePolicyDocument: {}}}",
        "{Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: x}}",
        "{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Named}'}}",
        "{Type: AWS::Lambda::Permission, Properties: {FunctionName: !GetAtt Named.Arn, Action: x, Principal: y}}",
        "{Type: AWS::Logs::LogGroup, Properties: {KmsKeyId: !Sub '{{resolve:ssm:/${AWS::StackName}/key}}'}}",
        "{Type: AWS::Logs::LogGroup, Properties: {KmsKeyId: '{{resolve:ssm:/aws/service/key}}'}}",
        # Queues, streams and clusters are reached by the function's own role: docs/permissions.md has AWS's pages.
        "{Type: AWS::Lambda::Function, Properties: {VpcConfig: {SubnetIds: [subnet-1]}}}",
        "{Type: AWS::Lambda::Function, Properties: {DeadLetterConfig: {TargetArn: 'arn:aws:x'}}}",
        "{Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Named, EventSourceArn: 'arn:aws:x'}}",
    ],
)
def test_what_is_known_before_launch_is_within_reach(tmp_path: Path, resource: str, more: str) -> None:
    errors = [problem for problem in gaps(tmp_path, beside(resource), more) if problem.level == "error"]
    assert errors == []


@pytest.mark.parametrize(
    ("resource", "arn"),
    [
        ("AWS::CloudWatch::Dashboard, Properties: {DashboardBody: x}", "cloudwatch::A:dashboard/*"),
        ("AWS::SQS::Queue, Properties: {QueueName: !ImportValue x}", "sqs:R:A:*"),
        ("AWS::SQS::Queue, Properties: {QueueName: !Sub '${Stored}-orders'}", "sqs:R:A:*-orders"),
        (
            "AWS::SNS::Subscription, Properties: {TopicArn: 'arn:aws:sns:eu-west-1:111122223333:news', Protocol: sqs}",
            "arn:aws:sns:eu-west-1:111122223333:news",
        ),
        ("AWS::Logs::MetricFilter, Properties: {LogGroupName: /theirs}", "logs:R:A:log-group:/theirs"),
        (
            "AWS::ApiGateway::GatewayResponse, Properties: {RestApiId: !ImportValue Api, ResponseType: DEFAULT_4XX}",
            "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/*/*",
        ),
        (
            "AWS::ApiGatewayV2::Route, Properties: {ApiId: a1b2c3, RouteKey: GET /}",
            "arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/a1b2c3/*",
        ),
        (
            "AWS::ApiGatewayV2::ApiMapping, Properties: {DomainName: api.example.com, ApiId: a, Stage: b}",
            "arn:${AWS::Partition}:apigateway:${AWS::Region}::/domainnames/api.example.com/*",
        ),
        ("AWS::Cognito::UserPoolClient, Properties: {UserPoolId: r_1}", "cognito-idp:R:A:userpool/r_1"),
        ("Custom::It, Properties: {ServiceToken: !ImportValue Provider}", "lambda:R:A:function:*"),
        (
            "AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::111122223333:role/theirs'}",
            "arn:aws:iam::111122223333:role/theirs",
        ),
        (
            "AWS::SQS::Queue, Properties: {KmsMasterKeyId: '{{resolve:ssm:/shared/key}}'}",
            "ssm:R:A:parameter/shared/key",
        ),
        (
            "AWS::SQS::Queue, Properties: {KmsMasterKeyId: '{{resolve:secretsmanager:shared:SecretString:key}}'}",
            "secretsmanager:R:A:secret:shared-*",
        ),
    ],
)
def test_what_is_out_of_reach_is_an_error_that_its_own_hint_mends(tmp_path: Path, resource: str, arn: str) -> None:
    template = beside(f"{{Type: {resource}}}")
    (error,) = [problem for problem in gaps(tmp_path, template) if problem.level == "error"]
    whole = arn.replace("R:A", "${AWS::Region}:${AWS::AccountId}").replace("h::A", "h::${AWS::AccountId}")
    whole = whole if whole.startswith("arn:") else f"arn:${{AWS::Partition}}:{whole}"
    assert error.message.endswith(f": {whole}")
    assert f'resources: ["{whole}"]' in error.hint
    assert str(error.place).startswith("app-sam.yaml:7:")
    assert [gap for gap in gaps(tmp_path, template, f"{error.hint}\n") if gap.level == "error"] == []


@pytest.mark.parametrize(
    ("resource", "actions", "arn"),
    [
        (
            "AWS::Lambda::Function, Properties: {KmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k'}",
            "kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:Encrypt, kms:GenerateDataKey",
            "arn:aws:kms:eu-west-1:111122223333:key/k",
        ),
        (
            "AWS::DynamoDB::Table, Properties: {SSESpecification: {KMSMasterKeyId: alias/shop}}",
            (
                "kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:Encrypt, kms:GenerateDataKey, kms:ListAliases, "
                "kms:ReEncryptFrom, kms:ReEncryptTo, kms:RevokeGrant"
            ),
            "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*",
        ),
        (
            "AWS::Lambda::Function, Properties: {FileSystemConfigs: [{Arn: 'arn:aws:elasticfilesystem:r:1:x/y'}]}",
            "elasticfilesystem:DescribeMountTargets",
            "arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:file-system/*",
        ),
        (
            "AWS::DynamoDB::Table, Properties: {KinesisStreamSpecification: {StreamArn: 'arn:aws:kinesis:r:1:s/s'}}",
            "kinesis:DescribeStream, kinesis:PutRecords",
            "arn:aws:kinesis:r:1:s/s",
        ),
    ],
)
def test_a_property_that_needs_rights_of_another_service_is_an_error_that_its_hint_mends(
    tmp_path: Path, resource: str, actions: str, arn: str
) -> None:
    template = beside(f"{{Type: {resource}}}")
    (error,) = [problem for problem in gaps(tmp_path, template) if problem.level == "error"]
    assert error.message.endswith(f": {arn}")
    assert f"actions: [{actions}" in error.hint
    assert [gap for gap in gaps(tmp_path, template, f"{error.hint}\n") if gap.level == "error"] == []


def test_keys_of_aws_s_own_need_no_rights(tmp_path: Path) -> None:
    table = "AWS::DynamoDB::Table, Properties: {SSESpecification: {KMSMasterKeyId: alias/aws/dynamodb}}"
    assert [gap for gap in gaps(tmp_path, beside(f"{{Type: {table}}}")) if gap.level == "error"] == []


def test_a_parameter_of_the_store_is_read_by_the_role(tmp_path: Path) -> None:
    stored = "Parameters:\n  Level: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /shared/level}\n"
    (error,) = gaps(tmp_path, stored + plain("Type: AWS::SQS::Queue"))
    assert error.message.endswith("parameter/shared/level")
    assert gaps(tmp_path, stored + plain("Type: AWS::SQS::Queue"), f"{error.hint}\n") == []


@pytest.mark.parametrize(
    "resource", ["Type: AWS::Kinesis::Stream", "{Type: AWS::SQS::Queue, Properties: {QueueName: q}}"]
)
def test_nothing_is_said_of_a_role_that_is_not_ours(tmp_path: Path, resource: str) -> None:
    role = "deploy_role: {arn: 'arn:aws:iam::111122223333:role/deployer'}\n"
    assert gaps(tmp_path, plain(resource), role) == []


def test_a_template_that_sam_refuses_is_looked_at_as_it_is_written(tmp_path: Path) -> None:
    api = (
        "{Type: AWS::Serverless::Api, Properties: {StageName: x, Auth: {DefaultAuthorizer: None}, DefinitionBody: %s}}"
    )
    include = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}"
    (tmp_path / "api.yaml").write_text("openapi: 3.0.1\n")
    template = f"{_FUNCTION}  Api: {api % include}\n  Stream: {{Type: AWS::Kinesis::Stream}}\n"
    messages = [problem.message for problem in gaps(tmp_path, template)]
    assert "the deploy roles have no rights for AWS::Kinesis::Stream, and the build refuses it" in messages
