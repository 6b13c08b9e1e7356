"""The CloudFormation action: what it asks of CloudFormation in each mode, and what it makes of the answers."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from generator.run import AssumptionMade
from tests.rehearsal.codepipeline.bench import REGION, START, action
from tests.rehearsal.codepipeline.workshop import Workshop, code, message, stubbed

DEPLOYER = "arn:aws:iam::123456789012:role/deployer"
STACK_ID = f"arn:aws:cloudformation:{REGION}:123456789012:stack/app/1"
TEMPLATE = json.dumps({"Parameters": {"A": {}, "B": {}}, "Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
BODY = {"TemplateBody": TEMPLATE}


def deploy(mode: str, *, output: bool = False, **given: str) -> dict[str, Any]:
    configuration = {"ActionMode": mode, "StackName": "app", "RoleArn": DEPLOYER}
    if mode not in ("CHANGE_SET_EXECUTE", "DELETE_ONLY"):
        configuration["TemplatePath"] = "code::app.json"
    if mode.startswith("CHANGE_SET"):
        configuration["ChangeSetName"] = "changes"
    return action(
        "Deploy",
        provider="CloudFormation",
        inputs=["code"],
        outputs=["made"] if output else [],
        configuration={**configuration, **given},
    )


class Formation:
    """CloudFormation, as far as a test tells it what to answer."""

    def __init__(self, workshop: Workshop) -> None:
        workshop.clients["cloudformation"], self.stubber = stubbed("cloudformation")

    def stack(self, status: str | None, name: str = "app", **outputs: str) -> Formation:
        """Answers the next DescribeStacks."""
        if status is None:
            text = f"Stack with id {name} does not exist"
            self.stubber.add_client_error("describe_stacks", "ValidationError", text, 400)
            return self
        found = {"StackId": STACK_ID, "StackName": "app", "StackStatus": status, "CreationTime": START}
        listed = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
        answer = {"Stacks": [{**found, "Outputs": listed}]}
        self.stubber.add_response("describe_stacks", answer, {"StackName": name})
        return self

    def takes(self, operation: str, answer: dict[str, Any], **expected: Any) -> Formation:
        self.stubber.add_response(operation, answer, expected)
        return self

    def refuses(self, operation: str, text: str, name: str = "ValidationError") -> Formation:
        self.stubber.add_client_error(operation, name, text, 400)
        return self

    def change_set(self, status: str | None, reason: str = "") -> Formation:
        """Answers the next DescribeChangeSet."""
        if status is None:
            return self.refuses("describe_change_set", "ChangeSet [changes] does not exist", "ChangeSetNotFound")
        answer = {"Status": status, "StatusReason": reason, "ChangeSetName": "changes"}
        return self.takes("describe_change_set", answer, StackName="app", ChangeSetName="changes")

    def events(self, *rows: tuple[str, str, str, str]) -> Formation:
        """Answers DescribeStackEvents with (logical id, type, status, reason), the newest first."""
        events = [
            {
                "StackId": STACK_ID,
                "EventId": str(number),
                "StackName": "app",
                "LogicalResourceId": logical,
                "PhysicalResourceId": STACK_ID if logical == "app" else f"physical-{logical}",
                "ResourceType": kind,
                "Timestamp": START,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
            }
            for number, (logical, kind, status, reason) in enumerate(rows)
        ]
        return self.takes("describe_stack_events", {"StackEvents": events}, StackName=STACK_ID)


def request(**changed: Any) -> dict[str, Any]:
    """What the action passes to CreateStack, UpdateStack and CreateChangeSet."""
    return {
        "StackName": "app",
        "RoleARN": DEPLOYER,
        "Capabilities": [],
        "Parameters": [],
        "Tags": [],
        **BODY,
        **changed,
    }


@pytest.fixture
def formation(workshop: Workshop) -> Formation:
    return Formation(workshop)


def run(workshop: Workshop, formation: Formation, declared: dict[str, Any], **files: str) -> Any:
    artifact = workshop.artifact("code", {"app.json": TEMPLATE, **files})
    outcome = workshop.start(workshop.context(declared, artifact))
    formation.stubber.assert_no_pending_responses()
    return outcome


def fails(workshop: Workshop, declared: dict[str, Any], **files: str) -> Any:
    artifact = workshop.artifact("code", {"app.json": TEMPLATE, **files})
    return workshop.fails(workshop.context(declared, artifact))


@pytest.mark.parametrize("mode", ["CREATE_UPDATE", "REPLACE_ON_FAILURE"])
def test_a_stack_that_is_not_there_is_created(workshop: Workshop, formation: Formation, mode: str) -> None:
    formation.stack(None).takes("create_stack", {"StackId": STACK_ID}, **request())
    formation.stack("CREATE_IN_PROGRESS", STACK_ID).stack("CREATE_COMPLETE", STACK_ID, Url="https://x")
    outcome = run(workshop, formation, deploy(mode))
    assert (outcome.external_id, outcome.variables) == (STACK_ID, {"Url": "https://x"})
    assert outcome.summary == "Stack app: CREATE_COMPLETE"


@pytest.mark.parametrize("mode", ["CREATE_UPDATE", "REPLACE_ON_FAILURE"])
def test_a_stack_that_is_there_is_updated(workshop: Workshop, formation: Formation, mode: str) -> None:
    formation.stack("CREATE_COMPLETE").takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", STACK_ID).stack("UPDATE_COMPLETE", STACK_ID, A="1")
    assert run(workshop, formation, deploy(mode)).variables == {"A": "1"}


def test_an_update_without_changes_is_done(workshop: Workshop, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE", A="1").refuses("update_stack", "No updates are to be performed.")
    assert run(workshop, formation, deploy("CREATE_UPDATE")).variables == {"A": "1"}


def test_a_stack_that_rolls_back_fails_the_action_and_says_why(workshop: Workshop, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("UPDATE_ROLLBACK_COMPLETE", STACK_ID).events(
        ("app", "AWS::CloudFormation::Stack", "UPDATE_ROLLBACK_COMPLETE", ""),
        ("R", "AWS::IAM::Role", "UPDATE_FAILED", "Resource update cancelled"),
        ("Q", "AWS::SQS::Queue", "UPDATE_FAILED", "no such queue"),
        ("app", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", "User Initiated"),
        ("old", "AWS::SQS::Queue", "CREATE_FAILED", "long ago"),
    )
    outcome = fails(workshop, deploy("CREATE_UPDATE"))
    assert code(outcome) == "JobFailed"
    assert message(outcome) == (
        "Failed to update stack. Current status: UPDATE_ROLLBACK_COMPLETE. Reason: Q: no such queue"
    )
    assert outcome.log == (
        "UPDATE_IN_PROGRESS app (AWS::CloudFormation::Stack): User Initiated",
        "UPDATE_FAILED Q (AWS::SQS::Queue): no such queue",
        "UPDATE_FAILED R (AWS::IAM::Role): Resource update cancelled",
        "UPDATE_ROLLBACK_COMPLETE app (AWS::CloudFormation::Stack)",
    )


def test_without_the_right_to_read_events_the_reason_stays_unknown(workshop: Workshop, formation: Formation) -> None:
    formation.stack(None).takes("create_stack", {"StackId": STACK_ID}, **request())
    formation.stack("ROLLBACK_COMPLETE", STACK_ID).refuses("describe_stack_events", "no", "AccessDenied")
    assert message(fails(workshop, deploy("CREATE_UPDATE"))) == (
        "Failed to create stack. Current status: ROLLBACK_COMPLETE. Status reason is not available because IAM"
        " role associated with the action does not have CloudFormation DescribeStackEvents permission"
    )


def test_a_failed_stack_is_replaced(workshop: Workshop, formation: Formation) -> None:
    formation.stack("CREATE_FAILED").takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER)
    formation.stack("DELETE_IN_PROGRESS", STACK_ID).stack("DELETE_COMPLETE", STACK_ID)
    formation.takes("create_stack", {"StackId": STACK_ID}, **request()).stack("CREATE_COMPLETE", STACK_ID)
    assert run(workshop, formation, deploy("REPLACE_ON_FAILURE")).summary == "Stack app: CREATE_COMPLETE"


@pytest.mark.parametrize("replaces", [True, False])
def test_whether_a_rolled_back_stack_is_replaced_is_an_assumption(
    workshop: Workshop, formation: Formation, replaces: bool
) -> None:
    formation.stack("ROLLBACK_COMPLETE")
    workshop.assumptions = {"replace-rolled-back": replaces}
    if replaces:
        formation.takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER).stack(None, STACK_ID)
        formation.takes("create_stack", {"StackId": STACK_ID}, **request())
    else:
        formation.takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("CREATE_COMPLETE", STACK_ID)
    run(workshop, formation, deploy("REPLACE_ON_FAILURE"))
    (made,) = [event for event in workshop.bench.told if isinstance(event, AssumptionMade)]
    assert made.assumption == "replace-rolled-back"
    assert made.meaning.startswith("not: ") is not replaces


@pytest.mark.parametrize(
    ("status", "kind"), [(None, "CREATE"), ("REVIEW_IN_PROGRESS", "CREATE"), ("UPDATE_COMPLETE", "UPDATE")]
)
def test_a_change_set_is_made(workshop: Workshop, formation: Formation, status: str | None, kind: str) -> None:
    formation.stack(status)
    if status:
        formation.change_set(None)
    expected = request(ChangeSetName="changes", ChangeSetType=kind)
    formation.takes("create_change_set", {"Id": "arn:aws:cloudformation:x:1:changeSet/c"}, **expected)
    formation.change_set("CREATE_PENDING").change_set("CREATE_IN_PROGRESS").change_set("CREATE_COMPLETE")
    formation.stack("REVIEW_IN_PROGRESS")
    assert run(workshop, formation, deploy("CHANGE_SET_REPLACE")).external_id == STACK_ID


def test_a_change_set_of_the_same_name_is_replaced(workshop: Workshop, formation: Formation) -> None:
    formation.stack("UPDATE_COMPLETE").change_set("CREATE_COMPLETE")
    formation.takes("delete_change_set", {}, StackName="app", ChangeSetName="changes")
    formation.stubber.add_response("create_change_set", {}, ANY_REQUEST)
    formation.change_set("CREATE_COMPLETE").stack("UPDATE_COMPLETE")
    run(workshop, formation, deploy("CHANGE_SET_REPLACE"))


ANY_REQUEST = dict.fromkeys([*request(), "ChangeSetName", "ChangeSetType"], ANY)
EMPTY = "The submitted information didn't contain changes. Submit different information to create a change set."


@pytest.mark.parametrize("fine", [True, False])
def test_whether_an_empty_change_set_is_fine_is_an_assumption(
    workshop: Workshop, formation: Formation, fine: bool
) -> None:
    workshop.assumptions = {"empty-change-set": fine}
    formation.stack("UPDATE_COMPLETE").change_set(None)
    formation.stubber.add_response("create_change_set", {}, ANY_REQUEST)
    formation.change_set("FAILED", EMPTY)
    if fine:
        formation.stack("UPDATE_COMPLETE", A="1")
        assert run(workshop, formation, deploy("CHANGE_SET_REPLACE")).variables == {"A": "1"}
    else:
        outcome = fails(workshop, deploy("CHANGE_SET_REPLACE"))
        assert message(outcome) == f"Failed to create change set changes. Reason: {EMPTY}"


def test_a_change_set_that_fails_fails_the_action(workshop: Workshop, formation: Formation) -> None:
    formation.stack("UPDATE_COMPLETE").change_set(None)
    formation.stubber.add_response("create_change_set", {}, ANY_REQUEST)
    formation.change_set("FAILED", "Transform failed")
    assert message(fails(workshop, deploy("CHANGE_SET_REPLACE"))).endswith("Reason: Transform failed")


def test_a_change_set_is_executed(workshop: Workshop, formation: Formation) -> None:
    formation.change_set("CREATE_COMPLETE")
    formation.takes("execute_change_set", {}, StackName="app", ChangeSetName="changes")
    formation.stack("UPDATE_IN_PROGRESS").stack("UPDATE_COMPLETE", A="1")
    assert run(workshop, formation, deploy("CHANGE_SET_EXECUTE")).variables == {"A": "1"}


def test_executing_an_empty_change_set_does_nothing(workshop: Workshop, formation: Formation) -> None:
    formation.change_set("FAILED", EMPTY).stack("UPDATE_COMPLETE", A="1")
    assert run(workshop, formation, deploy("CHANGE_SET_EXECUTE")).variables == {"A": "1"}


def test_a_change_set_that_is_not_there_fails(workshop: Workshop, formation: Formation) -> None:
    formation.change_set(None)
    assert code(fails(workshop, deploy("CHANGE_SET_EXECUTE"))) == "ChangeSetNotFound"


def test_a_stack_is_deleted(workshop: Workshop, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER)
    formation.stack(None, STACK_ID)
    assert run(workshop, formation, deploy("DELETE_ONLY")).variables == {}


def test_a_stack_that_is_not_there_is_deleted_already(workshop: Workshop, formation: Formation) -> None:
    formation.stack(None)
    run(workshop, formation, deploy("DELETE_ONLY"))


def test_a_stack_that_cannot_be_deleted_fails_the_action(workshop: Workshop, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER)
    formation.stack("DELETE_FAILED", STACK_ID).events(
        ("B", "AWS::S3::Bucket", "DELETE_FAILED", "The bucket is not empty"),
        ("app", "AWS::CloudFormation::Stack", "DELETE_IN_PROGRESS", "User Initiated"),
    )
    assert "B: The bucket is not empty" in message(fails(workshop, deploy("DELETE_ONLY")))


def test_outputs_go_into_a_file_when_one_is_named(workshop: Workshop, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE", B="2", A="1").refuses("update_stack", "No updates are to be performed.")
    outcome = run(workshop, formation, deploy("CREATE_UPDATE", output=True, OutputFileName="out.json"))
    assert [artifact.name for artifact in outcome.artifacts] == ["made"]
    assert json.loads(workshop.s3.files("line/made/")["out.json"]) == {"A": "1", "B": "2"}


def test_without_a_file_name_there_is_no_output_artifact(workshop: Workshop, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").refuses("update_stack", "No updates are to be performed.")
    assert run(workshop, formation, deploy("CREATE_UPDATE", output=True)).artifacts == ()


def test_a_large_template_goes_by_way_of_the_bucket(workshop: Workshop, formation: Formation) -> None:
    large = json.dumps({"Description": "x" * 60_000, "Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    expected = {**dict.fromkeys(request(), ANY), "TemplateURL": ANY}
    del expected["TemplateBody"]
    formation.stack(None)
    formation.stubber.add_response("create_stack", {"StackId": STACK_ID}, expected)
    formation.stack("CREATE_COMPLETE", STACK_ID)
    run(workshop, formation, deploy("CREATE_UPDATE"), **{"app.json": large})
    assert workshop.s3.puts[0]["Key"].startswith("line/template/")


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
    declared, files, said = WRONG[name]
    assert said in message(fails(workshop, declared, **files))
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
    ("value", "said"),
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
    workshop: Workshop, formation: Formation, value: dict[str, Any], said: str
) -> None:
    declared = deploy("CREATE_UPDATE", ParameterOverrides=json.dumps({"A": value}))
    outcome = fails(workshop, declared, **{"values.json": '{"Key": "found"}'})
    assert said in message(outcome)
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
