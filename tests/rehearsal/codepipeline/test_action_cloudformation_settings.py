"""What the CloudFormation action takes out of its configuration, and refuses before CloudFormation is asked."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest
from botocore.stub import Stubber

from tests.rehearsal.codepipeline.bench import REGION
from tests.rehearsal.codepipeline.formation import (
    EMPTY,
    STACK_ID,
    TEMPLATE,
    Formation,
    deploy,
    fails,
    run,
)
from tests.rehearsal.codepipeline.workshop import Workshop, code, message, stubbed

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
    workshop: Workshop, formation: Formation, name: str
) -> None:
    declared, files, expected = WRONG[name]
    assert expected in message(fails(workshop, declared, **files))
    formation.stubber.assert_no_pending_responses()


def test_overrides_that_grow_past_one_kilobyte_are_refused(workshop: Workshop, formation: Formation) -> None:
    declared = deploy("CREATE_UPDATE")
    resolved = {**declared["configuration"], "ParameterOverrides": json.dumps({"A": "x" * 1024})}
    artifact = workshop.artifact("code", {"app.json": TEMPLATE})
    context = workshop.context(declared, artifact, configuration=resolved)
    assert message(workshop.fails(context)) == ("ParameterOverrides has 1033 bytes; the maximum is 1024 bytes (1 KB).")
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
def test_what_a_mode_needs_is_named(workshop: Workshop, formation: Formation, mode: str, key: str) -> None:
    declared = deploy(mode)
    del declared["configuration"][key]
    assert message(fails(workshop, declared)) == f"{key} is required for ActionMode {mode}."
    formation.stubber.assert_no_pending_responses()


def test_executing_a_change_set_needs_no_role(workshop: Workshop, formation: Formation) -> None:
    declared = deploy("CHANGE_SET_EXECUTE")
    del declared["configuration"]["RoleArn"]
    formation.change_set("FAILED", EMPTY).stack("UPDATE_COMPLETE")
    run(workshop, formation, declared)


def test_an_artifact_of_more_than_256_mb_is_refused(workshop: Workshop, formation: Formation) -> None:
    artifact = workshop.artifact("code", {"app.json": TEMPLATE})
    context = workshop.context(deploy("CREATE_UPDATE"), artifact)
    file = workshop.folder / "code.in.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(2):
            archive.writestr(str(number), bytes(129 * 1024**2))
    assert "at most 268435456 bytes (256 MB)" in message(workshop.fails(context))
    formation.stubber.assert_no_pending_responses()


def taken(workshop: Workshop, formation: Formation, declared: dict[str, Any], **files: str) -> dict[str, Any]:
    """What CreateStack was asked."""
    seen: dict[str, Any] = {}
    client = workshop.clients["cloudformation"]
    client.meta.events.register(
        "provide-client-params.cloudformation.CreateStack", lambda params, **_: seen.update(params)
    )
    formation.stack(None)
    formation.stubber.add_response("create_stack", {"StackId": STACK_ID})
    formation.stack("CREATE_COMPLETE", STACK_ID)
    run(workshop, formation, declared, **files)
    return seen


def test_parameters_come_from_the_file_and_overrides_win(workshop: Workshop, formation: Formation) -> None:
    file = {"Parameters": {"A": "file", "B": 7}, "Tags": {"team": "x"}, "StackPolicy": {"Statement": []}}
    declared = deploy("CREATE_UPDATE", TemplateConfiguration="code::conf.json", ParameterOverrides='{"A": "action"}')
    seen = taken(workshop, formation, declared, **{"conf.json": json.dumps(file)})
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
    workshop: Workshop, formation: Formation, value: dict[str, Any], expected: str
) -> None:
    values = json.dumps({"Key": "found", "Number": 7})
    declared = deploy("CREATE_UPDATE", ParameterOverrides=json.dumps({"A": value}))
    seen = taken(workshop, formation, declared, **{"values.json": values})
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
    workshop: Workshop, formation: Formation, value: dict[str, Any], expected: str
) -> None:
    declared = deploy("CREATE_UPDATE", ParameterOverrides=json.dumps({"A": value}))
    outcome = fails(workshop, declared, **{"values.json": '{"Key": "found"}'})
    assert expected in message(outcome)
    formation.stubber.assert_no_pending_responses()


ROLE_TEMPLATE = '{"Resources": {"R": {"Type": "AWS::IAM::Role"}}}'


def test_a_capability_that_is_missing_fails_in_aws_words(workshop: Workshop, formation: Formation) -> None:
    outcome = fails(workshop, deploy("CREATE_UPDATE"), **{"app.json": ROLE_TEMPLATE})
    assert code(outcome) == "InsufficientCapabilitiesException"
    assert message(outcome) == "Requires capabilities : [CAPABILITY_IAM]"
    formation.stubber.assert_no_pending_responses()


def test_a_capability_that_is_given_is_passed_on(workshop: Workshop, formation: Formation) -> None:
    declared = deploy("CREATE_UPDATE", Capabilities="CAPABILITY_IAM")
    assert taken(workshop, formation, declared, **{"app.json": ROLE_TEMPLATE})["Capabilities"] == ["CAPABILITY_IAM"]


def test_stubber_is_strict() -> None:
    """The tests above lean on it: an unexpected call is an error."""
    client, stubber = stubbed("cloudformation")
    assert isinstance(stubber, Stubber)
    with pytest.raises(Exception, match="Unexpected API Call"):
        client.describe_stacks(StackName="x")
