"""What the CloudFormation action takes out of its configuration, and refuses before CloudFormation is asked."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest
from botocore.stub import Stubber

from tests.rehearsal.codepipeline.action_runner import ActionRunner, code, message, stubbed
from tests.rehearsal.codepipeline.formation import (
    EMPTY,
    STACK_ID,
    TEMPLATE,
    Formation,
    deploy,
    fails,
    run,
)
from tests.rehearsal.codepipeline.pipeline_api import REGION

WRONG: dict[str, tuple[dict[str, Any], dict[str, str], str]] = {
    "an unknown mode": (deploy("DEPLOY"), {}, "ActionMode must be one of CREATE_UPDATE"),
    "no template": (
        deploy("CREATE_UPDATE", TemplatePath="code::none.json"),
        {},
        "File [none.json] does not exist in artifact [code]. There are: app.json.",
    ),
    "an artifact not given": (
        deploy("CREATE_UPDATE", TemplatePath="other::app.json"),
        {},
        "TemplatePath names artifact other; the action's input artifacts: code.",
    ),
    "a path without artifact": (
        deploy("CREATE_UPDATE", TemplatePath="app.json"),
        {},
        "TemplatePath must have the form artifact::file",
    ),
    "an empty template": (deploy("CREATE_UPDATE"), {"app.json": ""}, "has 0 bytes"),
    "a huge template": (deploy("CREATE_UPDATE"), {"app.json": "#" * 1_000_001}, "has 1000001 bytes"),
    "no resources": (deploy("CREATE_UPDATE"), {"app.json": "{}"}, "At least one Resources member"),
    "no YAML": (deploy("CREATE_UPDATE"), {"app.json": "a: [b"}, "YAML not well-formed"),
    "a parameter nobody declared": (
        deploy("CREATE_UPDATE", ParameterOverrides='{"X": "1", "A": "2"}'),
        {},
        "Parameters: [X] do not exist in the template",
    ),
    "overrides that are no JSON": (
        deploy("CREATE_UPDATE", ParameterOverrides='{"A": "say "hi""}'),
        {},
        "ParameterOverrides is not valid JSON",
    ),
    "a capability with a space": (
        deploy("CREATE_UPDATE", Capabilities="CAPABILITY_IAM, CAPABILITY_NAMED_IAM"),
        {},
        "it has ' CAPABILITY_NAMED_IAM'",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_configuration_never_reaches_cloudformation(
    runner: ActionRunner, formation: Formation, name: str
) -> None:
    declared, files, expected = WRONG[name]
    assert expected in message(fails(runner, declared, **files))
    formation.stubber.assert_no_pending_responses()


def test_overrides_that_grow_past_one_kilobyte_are_refused(runner: ActionRunner, formation: Formation) -> None:
    declared = deploy("CREATE_UPDATE")
    resolved = {**declared["configuration"], "ParameterOverrides": json.dumps({"A": "x" * 1024})}
    artifact = runner.artifact("code", {"app.json": TEMPLATE})
    context = runner.context(declared, artifact, configuration=resolved)
    assert message(runner.fails(context)) == ("ParameterOverrides has 1033 bytes; the maximum is 1024 bytes (1 KB).")
    formation.stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("mode", "key"),
    [
        ("CREATE_UPDATE", "RoleArn"),
        ("CREATE_UPDATE", "TemplatePath"),
        ("CHANGE_SET_REPLACE", "ChangeSetName"),
        ("CHANGE_SET_EXECUTE", "ChangeSetName"),
        ("DELETE_ONLY", "RoleArn"),
    ],
)
def test_what_a_mode_needs_is_named(runner: ActionRunner, formation: Formation, mode: str, key: str) -> None:
    declared = deploy(mode)
    del declared["configuration"][key]
    assert message(fails(runner, declared)) == f"{key} is required for ActionMode {mode}."
    formation.stubber.assert_no_pending_responses()


def test_executing_a_change_set_needs_no_role(runner: ActionRunner, formation: Formation) -> None:
    declared = deploy("CHANGE_SET_EXECUTE")
    del declared["configuration"]["RoleArn"]
    formation.change_set("FAILED", EMPTY).stack("UPDATE_COMPLETE")
    run(runner, formation, declared)


def test_an_artifact_of_more_than_256_mb_is_refused(runner: ActionRunner, formation: Formation) -> None:
    artifact = runner.artifact("code", {"app.json": TEMPLATE})
    context = runner.context(deploy("CREATE_UPDATE"), artifact)
    file = runner.folder / "code.in.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(2):
            archive.writestr(str(number), bytes(129 * 1024**2))
    assert "at most 268435456 bytes (256 MB)" in message(runner.fails(context))
    formation.stubber.assert_no_pending_responses()


def taken(runner: ActionRunner, formation: Formation, declared: dict[str, Any], **files: str) -> dict[str, Any]:
    """What CreateStack was asked."""
    seen: dict[str, Any] = {}
    client = runner.clients["cloudformation"]
    client.meta.events.register(
        "provide-client-params.cloudformation.CreateStack", lambda params, **_: seen.update(params)
    )
    formation.stack(None)
    formation.stubber.add_response("create_stack", {"StackId": STACK_ID})
    formation.stack("CREATE_COMPLETE", STACK_ID)
    run(runner, formation, declared, **files)
    return seen


def test_parameters_come_from_the_file_and_overrides_win(runner: ActionRunner, formation: Formation) -> None:
    file = {"Parameters": {"A": "file", "B": 7}, "Tags": {"team": "x"}, "StackPolicy": {"Statement": []}}
    declared = deploy("CREATE_UPDATE", TemplateConfiguration="code::conf.json", ParameterOverrides='{"A": "action"}')
    seen = taken(runner, formation, declared, **{"conf.json": json.dumps(file)})
    assert seen["Parameters"] == [
        {"ParameterKey": "A", "ParameterValue": "action"},
        {"ParameterKey": "B", "ParameterValue": "7"},
    ]
    assert seen["Tags"] == [{"Key": "team", "Value": "x"}]
    assert json.loads(seen["StackPolicyBody"]) == {"Statement": []}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::GetArtifactAtt": ["code", "BucketName"]}, "artifacts"),
        ({"Fn::GetArtifactAtt": ["code", "ObjectKey"]}, "line/code/earlier"),
        (
            {"Fn::GetArtifactAtt": ["code", "URL"]},
            f"https://s3.{REGION}.amazonaws.com/artifacts/line/code/earlier",
        ),
        ({"Fn::GetParam": ["code", "values.json", "Key"]}, "found"),
        ({"Fn::GetParam": ["code", "values.json", "Number"]}, "7"),
    ],
)
def test_overrides_can_read_artifacts(
    runner: ActionRunner, formation: Formation, value: dict[str, Any], expected: str
) -> None:
    values = json.dumps({"Key": "found", "Number": 7})
    declared = deploy("CREATE_UPDATE", ParameterOverrides=json.dumps({"A": value}))
    seen = taken(runner, formation, declared, **{"values.json": values})
    assert seen["Parameters"] == [{"ParameterKey": "A", "ParameterValue": expected}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::GetArtifactAtt": ["code", "Colour"]}, "knows BucketName, ObjectKey, URL; A asks for Colour"),
        ({"Fn::GetArtifactAtt": ["other", "URL"]}, "names artifact other"),
        ({"Fn::GetArtifactAtt": "code"}, "takes 2 arguments in a list"),
        ({"Fn::GetParam": ["code", "values.json", "No"]}, "has no key No; it has Key"),
        ({"Fn::GetParam": ["code", "app.txt", "No"]}, "File [app.txt] does not exist"),
        ({"Ref": "A"}, "A must be a text, Fn::GetArtifactAtt or Fn::GetParam"),
    ],
)
def test_overrides_that_cannot_be_read_say_why(
    runner: ActionRunner, formation: Formation, value: dict[str, Any], expected: str
) -> None:
    declared = deploy("CREATE_UPDATE", ParameterOverrides=json.dumps({"A": value}))
    outcome = fails(runner, declared, **{"values.json": '{"Key": "found"}'})
    assert expected in message(outcome)
    formation.stubber.assert_no_pending_responses()


ROLE_TEMPLATE = '{"Resources": {"R": {"Type": "AWS::IAM::Role"}}}'


def test_a_capability_that_is_missing_fails_in_aws_words(runner: ActionRunner, formation: Formation) -> None:
    outcome = fails(runner, deploy("CREATE_UPDATE"), **{"app.json": ROLE_TEMPLATE})
    assert code(outcome) == "InsufficientCapabilitiesException"
    assert message(outcome) == "Requires capabilities : [CAPABILITY_IAM]"
    formation.stubber.assert_no_pending_responses()


def test_a_capability_that_is_given_is_passed_on(runner: ActionRunner, formation: Formation) -> None:
    declared = deploy("CREATE_UPDATE", Capabilities="CAPABILITY_IAM")
    assert taken(runner, formation, declared, **{"app.json": ROLE_TEMPLATE})["Capabilities"] == ["CAPABILITY_IAM"]


def test_stubber_is_strict() -> None:
    """The tests above lean on it: an unexpected call is an error."""
    client, stubber = stubbed("cloudformation")
    assert isinstance(stubber, Stubber)
    with pytest.raises(Exception, match="Unexpected API Call"):
        client.describe_stacks(StackName="x")
