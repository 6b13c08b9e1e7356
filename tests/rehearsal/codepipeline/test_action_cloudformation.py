"""The CloudFormation action in each of its modes: what it asks, and what it makes of the answers."""

from __future__ import annotations

import json

import pytest
from botocore.stub import ANY

from generator.execution import AssumptionMade
from tests.rehearsal.codepipeline.action_runner import ActionRunner, code, message
from tests.rehearsal.codepipeline.formation import (
    DEPLOYER,
    EMPTY,
    STACK_ID,
    Formation,
    deploy,
    fails,
    request,
    run,
)


@pytest.mark.parametrize("mode", ["CREATE_UPDATE", "REPLACE_ON_FAILURE"])
def test_a_stack_that_is_not_there_is_created(runner: ActionRunner, formation: Formation, mode: str) -> None:
    formation.stack(None).takes("create_stack", {"StackId": STACK_ID}, **request())
    formation.stack("CREATE_IN_PROGRESS", STACK_ID).stack("CREATE_COMPLETE", STACK_ID, Url="https://x")
    outcome = run(runner, formation, deploy(mode))
    assert (outcome.external_id, outcome.variables) == (STACK_ID, {"Url": "https://x"})
    assert outcome.summary == "Stack app: CREATE_COMPLETE"


@pytest.mark.parametrize("mode", ["CREATE_UPDATE", "REPLACE_ON_FAILURE"])
def test_a_stack_that_is_there_is_updated(runner: ActionRunner, formation: Formation, mode: str) -> None:
    formation.stack("CREATE_COMPLETE").takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", STACK_ID).stack("UPDATE_COMPLETE", STACK_ID, A="1")
    assert run(runner, formation, deploy(mode)).variables == {"A": "1"}


def test_an_update_without_changes_is_done(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE", A="1").refuses("update_stack", "No updates are to be performed.")
    assert run(runner, formation, deploy("CREATE_UPDATE")).variables == {"A": "1"}


def test_a_stack_that_rolls_back_fails_the_action_and_says_why(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("UPDATE_ROLLBACK_COMPLETE", STACK_ID).events(
        ("app", "AWS::CloudFormation::Stack", "UPDATE_ROLLBACK_COMPLETE", ""),
        ("R", "AWS::IAM::Role", "UPDATE_FAILED", "Resource update cancelled"),
        ("Q", "AWS::SQS::Queue", "UPDATE_FAILED", "no such queue"),
        ("app", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", "User Initiated"),
        ("old", "AWS::SQS::Queue", "CREATE_FAILED", "long ago"),
    )
    outcome = fails(runner, deploy("CREATE_UPDATE"))
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


def test_a_stack_whose_resources_are_well_and_whose_outputs_are_not_says_so(
    runner: ActionRunner, formation: Formation
) -> None:
    formation.stack("CREATE_COMPLETE").takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("UPDATE_ROLLBACK_COMPLETE", STACK_ID).events(
        ("app", "AWS::CloudFormation::Stack", "UPDATE_FAILED", "no attribute Colour"),
        ("app", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", "User Initiated"),
    )
    assert message(fails(runner, deploy("CREATE_UPDATE"))).endswith("Reason: app: no attribute Colour")


def test_a_nested_stack_that_fails_is_named(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("UPDATE_ROLLBACK_COMPLETE", STACK_ID).events(
        ("app", "AWS::CloudFormation::Stack", "UPDATE_FAILED", "The following resource(s) failed to update: [Inner]."),
        ("Inner", "AWS::CloudFormation::Stack", "UPDATE_FAILED", "no such queue"),
        ("app", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", "User Initiated"),
    )
    assert message(fails(runner, deploy("CREATE_UPDATE"))).endswith("Reason: Inner: no such queue")


def test_where_no_event_has_a_reason_the_last_one_is_shown(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("UPDATE_ROLLBACK_COMPLETE", STACK_ID).events(
        ("app", "AWS::CloudFormation::Stack", "UPDATE_ROLLBACK_COMPLETE", ""),
        ("app", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", ""),
    )
    assert message(fails(runner, deploy("CREATE_UPDATE"))).endswith(
        "Reason: no event has one; the last was UPDATE_ROLLBACK_COMPLETE app (AWS::CloudFormation::Stack)"
    )


def test_without_the_right_to_read_events_the_reason_stays_unknown(runner: ActionRunner, formation: Formation) -> None:
    formation.stack(None).takes("create_stack", {"StackId": STACK_ID}, **request())
    formation.stack("ROLLBACK_COMPLETE", STACK_ID).refuses("describe_stack_events", "no", "AccessDenied")
    assert message(fails(runner, deploy("CREATE_UPDATE"))) == (
        "Failed to create stack. Current status: ROLLBACK_COMPLETE. Status reason is not available because IAM"
        " role associated with the action does not have CloudFormation DescribeStackEvents permission"
    )


def test_a_failed_stack_is_replaced(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_FAILED").takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER)
    formation.stack("DELETE_IN_PROGRESS", STACK_ID).stack("DELETE_COMPLETE", STACK_ID)
    formation.takes("create_stack", {"StackId": STACK_ID}, **request()).stack("CREATE_COMPLETE", STACK_ID)
    assert run(runner, formation, deploy("REPLACE_ON_FAILURE")).summary == "Stack app: CREATE_COMPLETE"


@pytest.mark.parametrize("replaces", [True, False])
def test_whether_a_rolled_back_stack_is_replaced_is_an_assumption(
    runner: ActionRunner, formation: Formation, replaces: bool
) -> None:
    formation.stack("ROLLBACK_COMPLETE")
    runner.assumptions = {"replace-rolled-back": "yes" if replaces else "no"}
    if replaces:
        formation.takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER).stack(None, STACK_ID)
        formation.takes("create_stack", {"StackId": STACK_ID}, **request())
    else:
        formation.takes("update_stack", {"StackId": STACK_ID}, **request())
    formation.stack("CREATE_COMPLETE", STACK_ID)
    run(runner, formation, deploy("REPLACE_ON_FAILURE"))
    (relied_on,) = [event for event in runner.api.events if isinstance(event, AssumptionMade)]
    assert relied_on.assumption == "replace-rolled-back"
    assert relied_on.value == ("yes" if replaces else "no")


@pytest.mark.parametrize(
    ("status", "kind"), [(None, "CREATE"), ("REVIEW_IN_PROGRESS", "CREATE"), ("UPDATE_COMPLETE", "UPDATE")]
)
def test_a_change_set_is_made(runner: ActionRunner, formation: Formation, status: str | None, kind: str) -> None:
    formation.stack(status)
    if status:
        formation.change_set(None)
    expected = request(ChangeSetName="changes", ChangeSetType=kind)
    formation.takes("create_change_set", {"Id": "arn:aws:cloudformation:x:1:changeSet/c"}, **expected)
    formation.change_set("CREATE_PENDING").change_set("CREATE_IN_PROGRESS").change_set("CREATE_COMPLETE")
    formation.stack("REVIEW_IN_PROGRESS")
    assert run(runner, formation, deploy("CHANGE_SET_REPLACE")).external_id == STACK_ID


def test_a_change_set_of_the_same_name_is_replaced(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("UPDATE_COMPLETE").change_set("CREATE_COMPLETE")
    formation.takes("delete_change_set", {}, StackName="app", ChangeSetName="changes")
    formation.stubber.add_response("create_change_set", {}, ANY_REQUEST)
    formation.change_set("CREATE_COMPLETE").stack("UPDATE_COMPLETE")
    run(runner, formation, deploy("CHANGE_SET_REPLACE"))


ANY_REQUEST = dict.fromkeys([*request(), "ChangeSetName", "ChangeSetType"], ANY)


@pytest.mark.parametrize("fine", [True, False])
def test_whether_an_empty_change_set_is_fine_is_an_assumption(
    runner: ActionRunner, formation: Formation, fine: bool
) -> None:
    runner.assumptions = {"empty-change-set": "succeeds" if fine else "fails"}
    formation.stack("UPDATE_COMPLETE").change_set(None)
    formation.stubber.add_response("create_change_set", {}, ANY_REQUEST)
    formation.change_set("FAILED", EMPTY)
    if fine:
        formation.stack("UPDATE_COMPLETE", A="1")
        assert run(runner, formation, deploy("CHANGE_SET_REPLACE")).variables == {"A": "1"}
    else:
        outcome = fails(runner, deploy("CHANGE_SET_REPLACE"))
        assert message(outcome) == f"Failed to create change set changes. Reason: {EMPTY}"


def test_a_change_set_that_fails_fails_the_action(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("UPDATE_COMPLETE").change_set(None)
    formation.stubber.add_response("create_change_set", {}, ANY_REQUEST)
    formation.change_set("FAILED", "Transform failed")
    assert message(fails(runner, deploy("CHANGE_SET_REPLACE"))).endswith("Reason: Transform failed")


def test_a_change_set_is_executed(runner: ActionRunner, formation: Formation) -> None:
    formation.change_set("CREATE_COMPLETE")
    formation.takes("execute_change_set", {}, StackName="app", ChangeSetName="changes")
    formation.stack("UPDATE_IN_PROGRESS").stack("UPDATE_COMPLETE", A="1")
    assert run(runner, formation, deploy("CHANGE_SET_EXECUTE")).variables == {"A": "1"}


def test_executing_an_empty_change_set_does_nothing(runner: ActionRunner, formation: Formation) -> None:
    formation.change_set("FAILED", EMPTY).stack("UPDATE_COMPLETE", A="1")
    assert run(runner, formation, deploy("CHANGE_SET_EXECUTE")).variables == {"A": "1"}


def test_a_change_set_that_is_not_there_fails(runner: ActionRunner, formation: Formation) -> None:
    formation.change_set(None)
    assert code(fails(runner, deploy("CHANGE_SET_EXECUTE"))) == "ChangeSetNotFound"


def test_a_stack_is_deleted(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER)
    formation.stack(None, STACK_ID)
    assert run(runner, formation, deploy("DELETE_ONLY")).variables == {}


def test_a_stack_that_is_not_there_is_deleted_already(runner: ActionRunner, formation: Formation) -> None:
    formation.stack(None)
    run(runner, formation, deploy("DELETE_ONLY"))


def test_a_stack_that_cannot_be_deleted_fails_the_action(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER)
    formation.stack("DELETE_FAILED", STACK_ID).events(
        ("B", "AWS::S3::Bucket", "DELETE_FAILED", "The bucket is not empty"),
        ("app", "AWS::CloudFormation::Stack", "DELETE_IN_PROGRESS", "User Initiated"),
    )
    assert "B: The bucket is not empty" in message(fails(runner, deploy("DELETE_ONLY")))


def test_outputs_go_into_a_file_when_one_is_named(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE", B="2", A="1").refuses("update_stack", "No updates are to be performed.")
    outcome = run(runner, formation, deploy("CREATE_UPDATE", output=True, OutputFileName="out.json"))
    assert [artifact.name for artifact in outcome.artifacts] == ["made"]
    assert json.loads(runner.s3.files("line/made/")["out.json"]) == {"A": "1", "B": "2"}


def test_without_a_file_name_there_is_no_output_artifact(runner: ActionRunner, formation: Formation) -> None:
    formation.stack("CREATE_COMPLETE").refuses("update_stack", "No updates are to be performed.")
    assert run(runner, formation, deploy("CREATE_UPDATE", output=True)).artifacts == ()


def test_a_large_template_goes_by_way_of_the_bucket(runner: ActionRunner, formation: Formation) -> None:
    large = json.dumps({"Description": "x" * 60_000, "Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    expected = {**dict.fromkeys(request(), ANY), "TemplateURL": ANY}
    del expected["TemplateBody"]
    formation.stack(None)
    formation.stubber.add_response("create_stack", {"StackId": STACK_ID}, expected)
    formation.stack("CREATE_COMPLETE", STACK_ID)
    run(runner, formation, deploy("CREATE_UPDATE"), **{"app.json": large})
    assert runner.s3.puts[0]["Key"].startswith("line/template/")
