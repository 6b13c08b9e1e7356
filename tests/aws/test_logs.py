"""Which lines of which logs are shown for an action; the real thing runs in tests/cli."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws import function_logs
from generator.aws.environments import Reach
from generator.aws.function_logs import function_name, named_tests, of_stack
from generator.aws.log_lines import LATE, by_invocation, invocations, tail
from generator.aws.logs import logs
from generator.aws.pipeline import Action, Pipeline, Run
from generator.aws.pipeline_answers import pipeline_of, run_of
from generator.aws.section import Section
from generator.errors import InvalidInputError, RefusedError
from tests.aws import answers
from tests.aws.answers import FIRST, at, detail, stage_state, state, summary
from tests.aws.stubbed import Stubbed

TESTS = "arn:aws:lambda:us-east-1:123456789012:function:clock-tests-Check-X1"


def run(place: str = "Beta/Test", **fields: Any) -> Run:
    return run_of(detail(place, **fields))


def line(text: str, stream: str = "one") -> dict[str, Any]:
    return {"message": f"{text}\n", "logStreamName": stream, "timestamp": 1}


def test_a_function_s_lines_are_told_apart_by_invocation_and_environment() -> None:
    events = [
        line("START RequestId: 1 Version: 7"),
        line("START RequestId: 2 Version: 7", "other"),
        line("slow"),
        line("quick\nand more", "other"),
        line("END RequestId: 1"),
        line("START RequestId: 3 Version: 7"),
    ]
    assert by_invocation(events) == [
        ("START RequestId: 1 Version: 7", "slow", "END RequestId: 1"),
        ("START RequestId: 2 Version: 7", "quick", "and more"),
        ("START RequestId: 3 Version: 7",),
    ]


def test_a_function_that_logs_json_is_told_apart_by_environment() -> None:
    assert by_invocation([line('{"type": "platform.start"}'), line("x", "other")]) == [
        ('{"type": "platform.start"}',),
        ("x",),
    ]


def test_a_log_is_read_for_the_action_s_time_and_a_little_longer() -> None:
    aws = Stubbed()
    milliseconds = int(at(0).timestamp() * 1000)
    expected = {"startTime": milliseconds, "endTime": milliseconds + 3000 + int(LATE.total_seconds() * 1000)}
    aws.answers("logs", "filter_log_events", {"events": [line("x")]}, logGroupName="/aws/lambda/clock", **expected)
    assert invocations(aws.door, "/aws/lambda/clock", at(0), at(3)) == [("x",)]
    aws.check()


def test_logs_that_are_gone_have_no_lines() -> None:
    aws = Stubbed()
    for operation in ("filter_log_events", "get_log_events"):
        aws.refuses("logs", operation, "ResourceNotFoundException")
    assert invocations(aws.door, "/aws/lambda/clock", at(0), at(3)) == []
    assert tail(aws.door, "/aws/codebuild/clock", "stream", 10) == ()


def test_the_end_of_a_stream_is_asked_for_in_one_request() -> None:
    aws = Stubbed()
    expected = {"logGroupName": "group", "logStreamName": "stream", "limit": 2}
    aws.answers("logs", "get_log_events", {"events": [{"message": "a\nb\n"}, {"message": "c"}]}, **expected)
    assert tail(aws.door, "group", "stream", 2) == ("b", "c")


def test_invocations_that_test_another_stack_are_left_out() -> None:
    ours, theirs, neither = ("testing clock-beta with x", "red"), ("testing clock-gamma with x",), ("resumed",)
    assert of_stack([ours, theirs, neither], "clock-beta") == [ours, neither]


def test_invocations_that_test_other_stacks_of_several_services_are_left_out() -> None:
    beta, gamma = "clock-*-beta api database=old", "clock-*-gamma api database=old"
    ours, theirs = (f"testing {beta} with x, y", "red"), (f"testing {gamma} with x, y",)
    assert of_stack([ours, theirs], beta) == [ours]


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (TESTS, "clock-tests-Check-X1"),
        (f"{TESTS}:12", "clock-tests-Check-X1"),
        ("clock_start_tests", "clock_start_tests"),
        ("clock:live", "clock"),
        ("arn:aws:states:us-east-1:123456789012:stateMachine:Check", ""),
        ("", ""),
    ],
)
def test_a_function_is_called_by_its_name(function: str, name: str) -> None:
    assert function_name(function) == name


def test_tests_that_are_outputs_are_found_in_the_tests_stack() -> None:
    aws = Stubbed()
    description = {
        "StackName": "clock-tests",
        "StackId": "arn:tests",
        "CreationTime": at(0),
        "StackStatus": "CREATE_COMPLETE",
    }
    outputs = [{"OutputKey": "Check", "OutputValue": TESTS}]
    aws.answers(
        "cloudformation", "describe_stacks", {"Stacks": [{**description, "Outputs": outputs}]}, StackName="clock-tests"
    )
    assert [*named_tests(aws.door, {"tests_stack": "clock-tests", "outputs": ["Check", "Gone"]})] == [TESTS]


def test_a_tests_stack_that_is_gone_has_no_tests() -> None:
    aws = Stubbed()
    aws.refuses("cloudformation", "describe_stacks", "ValidationError", "Stack with id clock-tests does not exist")
    assert [*named_tests(aws.door, {"tests_stack": "clock-tests", "outputs": ["Check"]})] == []


@pytest.mark.parametrize("expected", [{}, {"functions": [7]}, "text"])
def test_parameters_that_name_no_tests_have_none(expected: object) -> None:
    assert [*named_tests(Stubbed().door, expected)] == []


def invoke(**fields: Any) -> tuple[Action, Run]:
    configuration = answers.user_parameters(stack="clock-beta", functions=[TESTS])
    ran = run(configuration=configuration, **fields)
    return Action("Test", "Invoke", "Lambda", 2, run=ran), ran


def test_an_invoke_action_shows_its_function_and_the_tests_it_ran() -> None:
    aws = Stubbed()
    aws.answers("lambda", "get_function_configuration", {}, FunctionName="clock_start_tests")
    elsewhere = line("testing clock-gamma with Check", "of another stage at the same time")
    events = [line("testing clock-beta with Check"), line("red"), elsewhere]
    aws.answers("logs", "filter_log_events", {"events": events})
    other_group = {"LoggingConfig": {"LogGroup": "clock-tests-Logs"}}
    aws.answers("lambda", "get_function_configuration", other_group, FunctionName="clock-tests-Check-X1")
    aws.answers("logs", "filter_log_events", {"events": [line("a"), line("b")]}, **_of_group("clock-tests-Logs"))
    assert function_logs.sections(aws.door, *invoke(), 1) == (
        Section("log of function clock_start_tests", ("red",)),
        Section("log of function clock-tests-Check-X1", ("b",)),
    )


def _of_group(name: str) -> dict[str, Any]:
    milliseconds = int(at(0).timestamp() * 1000)
    return {"logGroupName": name, "startTime": milliseconds, "endTime": milliseconds + 8000}


def test_a_function_that_is_gone_leaves_its_log() -> None:
    aws = Stubbed()
    for _ in range(2):
        aws.refuses("lambda", "get_function_configuration", "ResourceNotFoundException")
    aws.answers("logs", "filter_log_events", {"events": []}, **_of_group("/aws/lambda/clock_start_tests"))
    aws.answers("logs", "filter_log_events", {"events": [line("x")]}, **_of_group("/aws/lambda/clock-tests-Check-X1"))
    first, second = function_logs.sections(aws.door, *invoke(), 5)
    assert first.lines == ("/aws/lambda/clock_start_tests has nothing of that time (any more)",)
    assert second.lines == ("x",)


def test_an_invocation_that_goes_on_is_read_until_now() -> None:
    aws, action_and_run = Stubbed(), invoke(status="InProgress")
    aws.door.clock = lambda: at(60)
    until = int((at(60) + LATE).timestamp() * 1000)
    for name in ("clock_start_tests", "clock-tests-Check-X1"):
        aws.answers("lambda", "get_function_configuration", {})
        expected = {**_of_group(f"/aws/lambda/{name}"), "endTime": until}
        aws.answers("logs", "filter_log_events", {"events": []}, **expected)
    assert len(function_logs.sections(aws.door, *action_and_run, 5)) == 2


def standing(*details: dict[str, Any], status: str = "Failed") -> Pipeline:
    states = state(stage_state("Prod", FIRST, status))
    return pipeline_of(answers.declared(), states, [summary(FIRST, "Failed")], details)


def test_an_action_without_a_log_has_its_reason() -> None:
    rejected = detail("Prod/Approve", status="Failed", error="Rejected by ann: too late")
    (log,) = logs(Reach(Stubbed().door), standing(rejected), "", 10)
    assert (log.stage, log.action, log.reason, log.sections) == ("Prod", "Approve", "Rejected by ann: too late", ())
    assert log.execution is not None


@pytest.mark.parametrize("stage", ["", "Prod", "Beta"])
def test_nothing_to_read_says_what_the_pipeline_does(stage: str) -> None:
    with pytest.raises(RefusedError, match=r"nothing to read: .*\n.*penstock logs STAGE"):
        logs(Reach(Stubbed().door), standing(detail("Prod/Approve"), status="Succeeded"), stage, 10)


def test_a_stage_there_is_not_is_wrong_input() -> None:
    with pytest.raises(InvalidInputError, match="its stages: Source, Beta, Prod"):
        logs(Reach(Stubbed().door), standing(), "gamma", 10)


def test_what_cloudformation_says_in_an_account_without_a_profile_is_said_to_be_there() -> None:
    aws = Stubbed()
    aws.answers("sts", "get_caller_identity", {"Account": "123456789012"})
    role = "arn:aws:iam::444455556666:role/clock-ActionRole-production"
    stages = [("Source", [answers.SOURCE]), ("Prod", [{**answers.DEPLOY, "roleArn": role}])]
    failed = detail("Prod/Deploy", status="Failed", error="the stack failed")
    states = state(stage_state("Prod", FIRST, "Failed"))
    pipeline = pipeline_of(answers.declared(*stages), states, [summary(FIRST, "Failed")], [failed])
    (log,) = logs(Reach(aws.door), pipeline, "", 10)
    (section,) = log.sections
    shown = "penstock logs --environment production=PROFILE shows them"
    assert section.lines == (f"they are in account 444455556666: {shown}",)
