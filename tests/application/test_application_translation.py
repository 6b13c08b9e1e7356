"""SAM's own transform: what it makes, what it refuses, and that it asks nobody."""

from __future__ import annotations

import copy
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.application.reader import of
from generator.application.template import Template
from generator.application.translation import translate
from generator.document import TEMPLATE, parse
from generator.errors import Place

Reader = Callable[..., Template]

_HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
_FUNCTION = """  GetTime:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
"""
_EVENTS = """      Events:
        Get: {Type: Api, Properties: {Path: /time, Method: get}}
        Daily:
          Type: Schedule
          Properties: {Schedule: rate(1 day)}
"""


def test_sam_adds_the_resources_of_a_function(template: Reader) -> None:
    translated = translate(template(_HEAD + _FUNCTION + _EVENTS), {})
    assert translated.problems == ()
    kinds = {resource.type for resource in translated.resources().values()}
    assert kinds == {
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Stage",
        "AWS::Events::Rule",
        "AWS::IAM::Role",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
    }


def test_the_template_itself_stays_as_it_is(template: Reader) -> None:
    read_back = template(_HEAD + _FUNCTION)
    before = copy.deepcopy(read_back.document.data)
    translate(read_back, {})
    assert read_back.document.data == before


def test_parameter_values_count(template: Reader) -> None:
    text = (
        "Parameters: {Alias: {Type: String, Default: ''}}\n"
        + _HEAD
        + _FUNCTION
        + "      AutoPublishAlias: !Ref Alias\n"
    )
    resources = translate(template(text), {"Alias": "live"}).resources()
    assert resources["GetTimeAliaslive"].properties["Name"] == "live"


def test_a_functions_version_follows_its_code(template: Reader) -> None:
    text = _HEAD + _FUNCTION + "      AutoPublishAlias: live\n"
    versions = {
        name
        for code in ("src/", "other/")
        for name in translate(template(text.replace("src/", code)), {}).resources()
        if name.startswith("GetTimeVersion")
    }
    assert len(versions) == 2


def test_the_region_decides_the_partition(template: Reader) -> None:
    read_back = template(_HEAD + _FUNCTION)
    role = translate(read_back, {}, region="cn-north-1").resources()["GetTimeRole"]
    assert role.properties["ManagedPolicyArns"][0].startswith("arn:aws-cn:")
    role = translate(read_back, {}).resources()["GetTimeRole"]
    assert role.properties["ManagedPolicyArns"][0].startswith("arn:aws:")


def test_what_aliases_share_sam_takes_apart(template: Reader) -> None:
    text = (
        _HEAD + _FUNCTION.replace("Properties:", "Properties: &shared") + "  Other: {Type: AWS::Serverless::Function,"
    )
    translated = translate(template(text + " Properties: *shared}\n"), {})
    assert translated.problems == ()
    assert {"GetTime", "Other"} <= translated.resources().keys()


def test_a_template_without_sam_stays_plain(template: Reader) -> None:
    read_back = template("Resources:\n  Topic: {Type: AWS::SNS::Topic}\n")
    translated = translate(read_back, {})
    assert translated.data == read_back.document.data
    assert translated.resources() == dict(read_back.resources)


def test_loops_and_includes_are_left_out(template: Reader) -> None:
    read_back = template("""
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Fn::ForEach::Queues: [Name, [A], {"Queue${Name}": {Type: AWS::SQS::Queue}}]
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
  Topic: {Type: AWS::SNS::Topic}
""")
    translated = translate(read_back, {})
    assert (list(translated.resources()), translated.problems) == (["Topic"], ())


@pytest.mark.parametrize(
    ("line", "message", "place"),
    [
        pytest.param(
            "      PackageType: Zap\n",
            "SAM: Resource with id [GetTime] is invalid. invalid 'PackageType' : Zap",
            (9, 20),
            id="a resource",
        ),
        pytest.param(
            "      Events:\n        Queue: {Type: Nope}\n",
            "SAM: Resource with id [GetTime] is invalid. Event with id [Queue] is invalid. Resource dict has missing or"
            " invalid value for key Type. Event Type is: Nope.",
            (10, 9),
            id="an event",
        ),
        pytest.param(
            "      Events:\n        Queue: {Type: SQS, Properties: {Enabled: true}}\n",
            "SAM: Resource with id [GetTimeQueue] is invalid. Missing required property 'Queue'.",
            (10, 9),
            id="a resource of an event",
        ),
        pytest.param(
            "      Tags: [1]\n",
            "SAM: Resource with id [GetTime] is invalid. Property 'Tags' should be a map.",
            (9, 13),
            id="a property",
        ),
        pytest.param(
            "  Bare: {Type: AWS::Serverless::Function}\n",
            "SAM: Resource with id [Bare] is invalid."
            " Runtime and Handler needs to be present when PackageType is of type `Zip`",
            (9, 3),
            id="a resource as a whole",
        ),
    ],
)
def test_what_sam_refuses_has_sams_words_and_its_place(
    template: Reader, line: str, message: str, place: tuple[int, int]
) -> None:
    translated = translate(template(_HEAD + _FUNCTION + line), {})
    assert translated.resources() == {}
    assert [(problem.message, problem.place) for problem in translated.problems] == [
        (message, Place("app-sam.yaml", *place))
    ]


def test_what_sam_refuses_of_globals_stands_there(template: Reader) -> None:
    translated = translate(template(_HEAD + _FUNCTION + "Globals:\n  Function:\n    FunctionName: x\n"), {})
    [problem] = translated.problems
    assert problem.message.startswith(
        "SAM: 'Globals' section is invalid. 'FunctionName' is not a supported property of 'Function'."
    )
    assert problem.place == Place("app-sam.yaml", 9, 1)


@pytest.mark.parametrize("unseen", ["Fn::Transform: {Name: AWS::Include}", "Fn::ForEach::X: [A, [b], {}]"])
def test_what_sam_misses_where_something_unseen_may_add_it_is_a_warning(template: Reader, unseen: str) -> None:
    function = f"  Bare: {{Type: AWS::Serverless::Function, Properties: {{{unseen}}}}}\n"
    [problem] = translate(template(_HEAD + function), {}).problems
    assert problem.level == "warning"


def test_every_refusal_is_told(template: Reader) -> None:
    text = _HEAD + "".join(
        f"  F{i}: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: a, InlineCode: b}}}}\n" for i in range(3)
    )
    assert len(translate(template(text), {}).problems) == 3


def test_no_connection_is_opened_for_an_application_of_the_repository(
    template: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("a connection was opened")

    # Not our code: the operating system's door to the network.
    monkeypatch.setattr(socket.socket, "connect", refuse)
    location = "{ApplicationId: 'arn:aws:serverlessrepo:us-east-1:1:applications/x', SemanticVersion: 1.0.0}"
    text = f"{_HEAD}  Nested:\n    Type: AWS::Serverless::Application\n    Properties: {{Location: {location}}}\n"
    translated = translate(template(text + _FUNCTION + "      Policies: [AWSLambdaSQSQueueExecutionRole]\n"), {})
    assert translated.resources()["Nested"].type == "AWS::CloudFormation::Stack"
    assert translated.problems == ()


def test_neither_credentials_nor_a_region_nor_a_profile_are_looked_for(tmp_path: Path) -> None:
    program = """
import sys
from generator.application.reader import of
from generator.application.translation import translate
from generator.document import TEMPLATE, parse
print(sorted(translate(of(parse(sys.argv[1], "t", TEMPLATE), "t"), {}).resources()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, _HEAD + _FUNCTION],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "AWS_PROFILE": "missing", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("['GetTime', 'GetTimeRole']\n", "")


def test_reading_a_template_imports_none_of_it() -> None:
    program = (
        "import sys, generator.application.reader, generator.application.translation, generator.checks.application;"
        "print(sorted({'samtranslator', 'boto3', 'cfnlint', 'troposphere'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


_KEYS = st.sampled_from(["Type", "Properties", "Events", "CodeUri", "Location", "Condition", "Fn::ForEach::X", "Ref"])
_TYPES = st.sampled_from([f"AWS::Serverless::{kind}" for kind in ("Function", "Api", "Application", "SimpleTable")])
_ANY = st.recursive(
    _TYPES | st.sampled_from(["x", 1, True, None, "s3://b/k"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["A", "B", "Fn::ForEach::Q"]), _ANY), _ANY)
def test_any_template_is_answered(resources: Any, shared: Any) -> None:
    import json  # noqa: PLC0415 -- a template in JSON is one in YAML

    data = {"Transform": "AWS::Serverless-2016-10-31", "Globals": shared, "Resources": resources}
    translated = translate(of(parse(json.dumps(data), "any.json", TEMPLATE), "any.json"), {})
    assert all(problem.place for problem in translated.problems)
