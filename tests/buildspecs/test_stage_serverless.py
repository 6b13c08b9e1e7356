"""What two packagings of the same service have different is called by its content: the same service, the same bytes."""

from __future__ import annotations

import copy
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import serverless_framework

TIMES = ("1796088389144-2026-12-01T01:26:29.144Z", "1796088391243-2026-12-01T01:26:31.243Z")


pytestmark = pytest.mark.usefixtures("bucket")


def packaged(folder: Path, time: str, code: str = "x = 1\n") -> dict[str, Any]:
    """A packaging at a time, in a folder: the zip has that time inside, as those of some plugins have."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "hello.zip", "w") as archive:
        archive.writestr("hello.py", code)
        archive.writestr("hello.pyc", time)
    deployment, version = f"ApiGatewayDeployment{time[:13]}", f"HelloLambdaVersionOf{time[:13]}"
    place = {"S3Bucket": {"Ref": "ServerlessDeploymentBucket"}, "S3Key": f"serverless/todo/beta/{time}/hello.zip"}
    return {
        "Resources": {
            "HelloLambdaFunction": {
                "Type": "AWS::Lambda::Function",
                "Properties": {"Code": place, "Layers": [{"Ref": "WordsLambdaLayer"}], "Timeout": 6},
            },
            version: {
                "Type": "AWS::Lambda::Version",
                "Properties": {"FunctionName": {"Ref": "HelloLambdaFunction"}, "CodeSha256": time},
            },
            "WordsLambdaLayer": {
                "Type": "AWS::Lambda::LayerVersion",
                "Properties": {"Content": {"S3Bucket": "elsewhere", "S3Key": "deployed/words.zip"}},
            },
            "ApiGatewayMethodHelloGet": {"Type": "AWS::ApiGateway::Method", "Properties": {"HttpMethod": "GET"}},
            deployment: {"Type": "AWS::ApiGateway::Deployment", "DependsOn": ["ApiGatewayMethodHelloGet"]},
            "Plan": {"Type": "AWS::ApiGateway::UsagePlan", "DependsOn": [deployment]},
        },
        "Outputs": {"Hello": {"Value": {"Ref": version}}},
    }


def normalised(folder: Path, time: str, code: str = "x = 1\n") -> dict[str, Any]:
    return serverless_framework.normalised(packaged(folder, time, code), folder)


def test_the_same_service_is_the_same_template_whenever_it_is_packaged(tmp_path: Path) -> None:
    first, second = (normalised(tmp_path / time[:13], time) for time in TIMES)
    assert json.dumps(first) == json.dumps(second)
    assert first["Resources"]["HelloLambdaFunction"]["Properties"]["Code"]["S3Bucket"] == "artifacts"


def test_the_order_in_which_the_tool_makes_resources_does_not_matter(tmp_path: Path) -> None:
    template = packaged(tmp_path / "a", TIMES[0])
    turned = {**template, "Resources": dict(reversed(template["Resources"].items()))}
    texts = [
        json.dumps(serverless_framework.normalised(copy.deepcopy(each), tmp_path / "a")) for each in (template, turned)
    ]
    assert texts[0] == texts[1]


def test_other_code_is_another_key_another_version_and_the_same_deployment(tmp_path: Path) -> None:
    first, second = (
        normalised(tmp_path / time[:13], time, code) for time, code in zip(TIMES, ("1\n", "2\n"), strict=True)
    )
    assert first["Resources"]["HelloLambdaFunction"] != second["Resources"]["HelloLambdaFunction"]
    assert first["Outputs"] != second["Outputs"]
    deployments = [{name for name in each["Resources"] if "Deployment" in name} for each in (first, second)]
    assert deployments[0] == deployments[1]


def test_another_method_is_another_deployment_wherever_it_is_named(tmp_path: Path) -> None:
    template = packaged(tmp_path / "a", TIMES[0])
    other = copy.deepcopy(template)
    other["Resources"]["ApiGatewayMethodHelloGet"]["Properties"]["HttpMethod"] = "POST"
    plans = [
        serverless_framework.normalised(each, tmp_path / "a")["Resources"]["Plan"]["DependsOn"][0]
        for each in (template, other)
    ]
    assert plans[0] != plans[1]


def test_code_that_lies_elsewhere_already_stays_there(tmp_path: Path) -> None:
    layer = normalised(tmp_path / "a", TIMES[0])["Resources"]["WordsLambdaLayer"]
    assert layer["Properties"]["Content"] == {"S3Bucket": "elsewhere", "S3Key": "deployed/words.zip"}


def test_a_layer_that_did_not_change_is_the_one_that_was_packaged_whatever_the_stack_calls_it(tmp_path: Path) -> None:
    template = packaged(tmp_path / "a", TIMES[0])
    layers = template["Resources"]
    content = {"S3Bucket": {"Ref": "ServerlessDeploymentBucket"}, "S3Key": "Packaged/of-a-former-build"}
    layers["MyDashwordsLambdaLayer1a2b"] = {"Type": "AWS::Lambda::LayerVersion", "Properties": {"Content": content}}
    with zipfile.ZipFile(tmp_path / "a" / "my-words.zip", "w") as archive:
        archive.writestr("words.py", "")
    template["Outputs"]["MyDashwordsLambdaLayerS3Key"] = {"Value": "Packaged/of-a-former-build"}
    normal = serverless_framework.normalised(template, tmp_path / "a")
    place = normal["Resources"]["MyDashwordsLambdaLayer1a2b"]["Properties"]["Content"]
    assert place["S3Bucket"] == "artifacts"
    assert place["S3Key"].startswith("Packaged/")
    assert place["S3Key"] != "Packaged/of-a-former-build"
    assert normal["Outputs"]["MyDashwordsLambdaLayerS3Key"]["Value"] == place["S3Key"]


def test_code_of_a_former_build_is_read_in_the_bucket_of_the_pipeline(tmp_path: Path) -> None:
    template = packaged(tmp_path / "a", TIMES[0])
    place = template["Resources"]["WordsLambdaLayer"]["Properties"]["Content"]
    place |= {"S3Bucket": {"Ref": "ServerlessDeploymentBucket"}, "S3Key": "Packaged/1"}
    layer = serverless_framework.normalised(template, tmp_path / "a")["Resources"]["WordsLambdaLayer"]
    assert layer["Properties"]["Content"] == {"S3Bucket": "artifacts", "S3Key": "Packaged/1"}


def test_a_stack_is_given_the_tags_and_parameters_that_sls_deploy_gives_it() -> None:
    provider = {
        "stackTags": {"team": "blue", "cost": 7},
        "stackParameters": [{"ParameterKey": "Size", "ParameterValue": "1"}],
        "stackPolicy": [{"Effect": "Allow"}],
    }
    assert serverless_framework.configured(provider, "beta") == {
        "Tags": {"STAGE": "beta", "team": "blue", "cost": "7"},
        "Parameters": {"Size": "1"},
        "StackPolicy": {"Statement": [{"Effect": "Allow"}]},
    }


def test_the_state_refers_to_what_it_has_written_before() -> None:
    reference = {"$ref": '$["service"]["provider"]["tags"]'}
    state = {"service": {"provider": {"tags": {"team": "blue"}, "stackTags": reference}}}
    assert serverless_framework.without_references(state)["service"]["provider"]["stackTags"] == {"team": "blue"}


def test_what_is_lost_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    serverless_framework.tell_lost({"provider": {"tracing": {"apiGateway": True, "lambda": True}}}, "beta")
    assert capsys.readouterr().out.startswith("warning: beta: provider.tracing.apiGateway: sls deploy sets it after")


def test_the_tool_does_not_send_aws_calls_through_a_proxy_that_excepts_them() -> None:
    proxied = {"HTTPS_PROXY": "http://proxy", "NO_PROXY": "127.0.0.1,.amazonaws.com", "A": "1"}
    assert serverless_framework.past_proxy(proxied) == {
        "PIP_PROXY": "http://proxy",
        "NO_PROXY": "127.0.0.1,.amazonaws.com",
        "A": "1",
    }
    assert serverless_framework.past_proxy({"HTTPS_PROXY": "http://proxy"}) == {"HTTPS_PROXY": "http://proxy"}


_QUEUE = "arn:aws:sqs:us-east-1:000000000000:PenstockParameterQueue"
_PARAMETERS = {"table": "PenstockParameterTable", "tables": "PenstockParameterTables", "queue": _QUEUE, "level": "info"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("PenstockParameterTable", {"Ref": "PenstockParameterTable"}),
        ("PenstockParameterTables", {"Ref": "PenstockParameterTables"}),
        (_QUEUE, {"Ref": "PenstockParameterQueue"}),
        (f"{_QUEUE}/*", {"Fn::Join": ["", [{"Ref": "PenstockParameterQueue"}, "/*"]]}),
        (
            "a-PenstockParameterTable/PenstockParameterTables",
            {"Fn::Join": ["", ["a-", {"Ref": "PenstockParameterTable"}, "/", {"Ref": "PenstockParameterTables"}]]},
        ),
        ({"Fn::Sub": "${AWS::Region}-PenstockParameterTable"}, {"Fn::Sub": "${AWS::Region}-${PenstockParameterTable}"}),
        ({"Ref": "ConsumerSQSPenstockParameterQueue"}, {"Ref": "ConsumerSQSPenstockParameterQueue"}),
        (["info", 3, None], ["info", 3, None]),
    ],
)
def test_what_stood_for_an_output_becomes_a_parameter(value: Any, expected: Any) -> None:
    template = serverless_framework.with_outputs({"Resources": {"It": {"Value": value}}}, _PARAMETERS)
    assert template["Resources"] == {"It": {"Value": expected}}
    assert template["Parameters"] == {
        f"PenstockParameter{name}": {"Type": "String"} for name in ("Queue", "Table", "Tables")
    }


def test_a_service_without_outputs_of_others_stays_as_it_is() -> None:
    template = {"Resources": {"It": {"Value": "PenstockParameterTable"}}}
    assert serverless_framework.with_outputs(template, {"level": "info"}) == template


def test_an_output_in_the_name_of_a_key_ends_the_build() -> None:
    template = {"Resources": {"It": {"Variables": {"a-PenstockParameterTable": "x"}}}}
    with pytest.raises(SystemExit, match="an output of another service cannot be part of a key: a-Penstock"):
        serverless_framework.with_outputs(template, _PARAMETERS)
