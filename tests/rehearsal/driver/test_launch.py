"""A template is launched as somebody would launch it; what CloudFormation makes of it is said."""

from __future__ import annotations

import json

import pytest

from generator.aws_rules import limits
from generator.errors import NotRehearsedError
from generator.rehearsal.driver.declared import Declared, declared, stack_name, stage_names
from generator.rehearsal.driver.launch import LaunchFailedError, Stack, launch
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small, template_data

# What CloudFormation refuses only when it makes the parameter.
WRONG = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "List", "Value": "x"}}
QUEUE = {"Type": "AWS::SQS::Queue"}


def of(resources: dict[str, object], **rest: object) -> str:
    return json.dumps({"Resources": resources, **rest})


def test_a_template_too_large_for_a_request_goes_through_s3(emulator: Emulator) -> None:
    text = of({"Queue": QUEUE}, Metadata={"Why": "x" * limits.TEMPLATE_INLINE_BYTES})
    stack = launch(emulator, Stack("large", text))
    (stack_summary,) = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    assert stack_summary["StackStatus"] == "CREATE_COMPLETE"


def test_a_stack_that_rolls_back_tells_of_the_resources_that_failed(emulator: Emulator) -> None:
    with pytest.raises(LaunchFailedError, match="stack rolled is ROLLBACK_COMPLETE") as failed:
        launch(emulator, Stack("rolled", of({"Queue": QUEUE, "Wrong": WRONG})))
    (event,) = failed.value.events
    assert event.startswith("CREATE_FAILED Wrong (AWS::SSM::Parameter): ")
    assert not failed.value.not_rehearsed


def test_a_parameter_without_a_value_is_refused_in_cloudformations_words(emulator: Emulator) -> None:
    text = of({"Queue": QUEUE}, Parameters={"Needed": {"Type": "String"}})
    with pytest.raises(LaunchFailedError, match=r"stack unvalued was refused: .*Needed"):
        launch(emulator, Stack("unvalued", text))


def test_a_type_that_only_aws_has_is_not_rehearsed_and_not_red(stage: Stage) -> None:
    file = Small("wanting").commit(stage.folder / "wanting")
    data = template_data(file)
    data["Resources"]["Shop"] = {"Type": "AWS::AmplifyUIBuilder::Form"}
    outcome = stage.rehearse_file(file, json.dumps(data)).outcome
    assert (outcome.status, outcome.stage, outcome.exit_code) == ("NotRehearsed", "", 5)
    assert "cannot be rehearsed: resources of AWS::AmplifyUIBuilder::Form" in outcome.reason


def test_a_launch_that_fails_is_red_and_shows_the_events(stage: Stage) -> None:
    file = Small("unlaunched").commit(stage.folder / "unlaunched")
    data = template_data(file)
    data["Resources"]["Wrong"] = WRONG
    result = stage.rehearse_file(file, json.dumps(data))
    assert (result.outcome.status, result.outcome.exit_code) == ("Failed", 1)
    assert "stack unlaunched-pipeline is ROLLBACK_COMPLETE" in result.outcome.reason
    assert "CREATE_FAILED Wrong" in result.logged


def test_a_provider_that_is_not_rehearsed_is_said(stage: Stage) -> None:
    file = Small("provider").commit(stage.folder / "provider")
    data = template_data(file)
    (build,) = data["Resources"]["Pipeline"]["Properties"]["Stages"][1]["Actions"]
    build["ActionTypeId"]["Provider"] = "ECRBuildAndPublish"
    outcome = stage.rehearse_file(file, json.dumps(data)).outcome
    assert (outcome.status, outcome.stage, outcome.action, outcome.exit_code) == ("NotRehearsed", "Build", "Build", 5)
    assert "ECRBuildAndPublish" in outcome.reason


def test_a_stage_whose_transition_is_off_lets_nobody_pass(stage: Stage) -> None:
    file = Small("shut").commit(stage.folder / "shut")
    data = template_data(file)
    off = [{"StageName": "Gamma", "Reason": "Not today."}]
    data["Resources"]["Pipeline"]["Properties"]["DisableInboundStageTransitions"] = off
    outcome = stage.rehearse_file(file, json.dumps(data)).outcome
    assert (outcome.status, outcome.stage, outcome.exit_code) == ("Failed", "Gamma", 1)
    assert outcome.reason == "the transition into Gamma is off (Not today.): the execution waits until it is on"


def test_a_stack_is_called_after_its_service() -> None:
    assert stack_name("Parameters: {ServiceName: {Type: String, Default: time}}\nResources: {}") == "time-pipeline"
    assert stack_name("Resources: {}") == "pipeline"
    assert stack_name("no template") == "pipeline"


def test_stages_are_read_from_the_template() -> None:
    pipeline = {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"Stages": [{"Name": "Source"}, {"Name": "Go"}]}}
    assert stage_names(of({"Pipeline": pipeline, "Queue": QUEUE})) == ("Source", "Go")
    assert stage_names("no template") == ()


def test_exactly_one_pipeline_is_rehearsed(emulator: Emulator) -> None:
    stack = launch(emulator, Stack("none", of({"Queue": QUEUE})))
    with pytest.raises(NotRehearsedError, match="the template has 0 pipelines"):
        declared(emulator, stack)


def test_the_stage_after_a_stage_is_known() -> None:
    pipeline = Declared("p", {"Source": (), "Build": (), "Prod": ()}, ())
    assert (pipeline.after("Source"), pipeline.after("Prod")) == ("Build", None)
