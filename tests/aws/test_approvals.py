"""What an approver is shown, and that an answer only ever goes to what was shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.aws.approvals import Question, answer, ask, refuse_long
from generator.aws.pipeline import Counts, Pipeline, as_data
from generator.aws.pipeline_answers import pipeline_of
from generator.aws_rules import limits
from generator.errors import InvalidInputError, RefusedError
from tests.aws import answers
from tests.aws.answers import COMMIT, FIRST, NAME, SECOND, THIRD, at, detail, stage_state, state, summary
from tests.aws.stubbed import Stubbed

TOKEN = "11111111-2222-4333-8444-555555555555"  # noqa: S105 - made up, in the form of AWS's
OTHER = "99999999-2222-4333-8444-555555555555"
CHANGES = answers.action("DescribeChanges")
STAGES = (
    ("Source", [answers.SOURCE]),
    ("Beta", [answers.TEST]),
    ("Gamma", [answers.TEST]),
    ("Prod", [CHANGES, {**answers.APPROVE, "runOrder": 2}]),
)
WAITING = detail(
    "Prod/Approve", FIRST, "InProgress", 5, configuration={"CustomData": "Look!", "ExternalEntityLink": "https://gamma"}
)


def waiting(token: str = TOKEN, execution: str = FIRST, **fields: Any) -> dict[str, Any]:
    """Prod in GetPipelineState, while its approval waits with this token."""
    run = {"actionExecutionId": "run", "status": "InProgress", **({"token": token} if token else {})}
    return stage_state(
        "Prod", execution, "InProgress", actionStates=[{"actionName": "Approve", "latestExecution": run}], **fields
    )


def standing(*details: dict[str, Any], **fields: Any) -> Pipeline:
    """The pipeline while its approval waits: the commit in Prod, another one behind it."""
    behind = [{"pipelineExecutionId": SECOND, "status": "InProgress"}]
    states = state(waiting(inboundExecutions=behind))
    summaries = [summary(SECOND, "InProgress"), summary(FIRST, "InProgress", **fields)]
    return pipeline_of(answers.declared(*STAGES), states, summaries, details or [WAITING])


def asked(pipeline: Pipeline | None = None, details: tuple[dict[str, Any], ...] = ()) -> Question:
    aws = Stubbed()
    aws.answers("codepipeline", "get_pipeline_state", state(waiting()), name=NAME)
    aws.answers("codepipeline", "list_action_executions", {"actionExecutionDetails": list(details)})
    question = ask(aws.door, pipeline or standing(), "")
    aws.check()
    return question


def test_an_approver_is_shown_the_commit_what_is_said_and_who_waits_behind() -> None:
    question = asked()
    assert (question.stage, question.action, question.since) == ("Prod", "Approve", at(5))
    assert str(question.execution.commit) == f"{COMMIT[:12]} Set the clock"
    assert (question.message, question.link) == ("Look!", "https://gamma")
    assert [execution.id for execution in question.behind] == [SECOND]


def test_an_approver_is_shown_the_tests_this_execution_passed_the_nearest_first() -> None:
    variables = {"Passed": "3", "Failed": "0", "Summary": "fine"}
    question = asked(
        details=(detail("Beta/Test", variables=variables), detail("Gamma/Test", variables={**variables, "Passed": "4"}))
    )
    assert [(test.stage, test.tests) for test in question.tests] == [
        ("Gamma", Counts(4, 0, "fine")),
        ("Beta", Counts(3, 0, "fine")),
    ]


@pytest.mark.parametrize("head", [f"{COMMIT[:12]} Set the clock\n", ""])
def test_an_approver_is_shown_the_changes_without_the_commit_again(head: str) -> None:
    described = detail("Prod/DescribeChanges", variables={"Text": f"{head}Add 1\nAdd AWS::SQS::Queue Queue"})
    assert asked(standing(described, WAITING)).changes == "Add 1\nAdd AWS::SQS::Queue Queue"


def test_the_tests_of_a_rollback_are_those_of_what_it_brings_back() -> None:
    aws = Stubbed()
    back = {"rollbackMetadata": {"rollbackTargetPipelineExecutionId": THIRD}, "executionType": "ROLLBACK"}
    aws.answers("codepipeline", "get_pipeline_state", state(waiting()))
    chosen = {"pipelineName": NAME, "filter": {"pipelineExecutionId": THIRD}}
    aws.answers("codepipeline", "list_action_executions", {"actionExecutionDetails": []}, **chosen)
    assert ask(aws.door, standing(**back), "prod").tests == ()
    aws.check()


def test_the_token_is_in_no_text_and_no_data() -> None:
    question = asked()
    assert question.token == TOKEN
    assert TOKEN not in f"{question!r}{question}{json.dumps(as_data(question))}"


def test_nothing_that_waits_says_what_the_pipeline_does() -> None:
    pipeline = pipeline_of(
        answers.declared(*STAGES), state(stage_state("Beta", FIRST, "InProgress")), [summary(FIRST, "InProgress")], []
    )
    with pytest.raises(RefusedError, match=r"no stage of clock-pipeline is waiting for an approval: .* is in Beta"):
        ask(Stubbed().door, pipeline, "")


def test_a_stage_that_does_not_wait_says_which_one_does() -> None:
    with pytest.raises(
        RefusedError, match=r"Beta of clock-pipeline is not waiting for an approval: .*; Prod/Approve waits"
    ):
        ask(Stubbed().door, standing(), "beta")


APART = (("ProdApproval", [CHANGES, {**answers.APPROVE, "runOrder": 2}]), ("Prod", [answers.DEPLOY]))


@pytest.mark.parametrize("name", ["prod", "prodapproval", ""])
def test_an_approval_apart_is_found_by_the_name_of_the_stage_it_guards(name: str) -> None:
    run = {"actionExecutionId": "run", "status": "InProgress", "token": TOKEN}
    states = state(
        stage_state(
            "ProdApproval", FIRST, "InProgress", actionStates=[{"actionName": "Approve", "latestExecution": run}]
        ),
        stage_state("Prod", SECOND),
    )
    runs = [
        detail("ProdApproval/DescribeChanges", variables={"Text": "Add 1"}),
        detail("ProdApproval/Approve", status="InProgress"),
    ]
    pipeline = pipeline_of(
        answers.declared(("Source", [answers.SOURCE]), *APART), states, [summary(FIRST, "InProgress")], runs
    )
    aws = Stubbed()
    aws.answers("codepipeline", "get_pipeline_state", states)
    aws.answers("codepipeline", "list_action_executions", {"actionExecutionDetails": []})
    question = ask(aws.door, pipeline, name)
    assert (question.stage, question.changes, question.execution.id) == ("ProdApproval", "Add 1", FIRST)
    aws.check()


def test_a_stage_whose_approval_apart_does_not_wait_is_named_itself() -> None:
    states = state(stage_state("Prod", FIRST, "InProgress"))
    stages = answers.declared(("Source", [answers.SOURCE]), *APART)
    with pytest.raises(RefusedError, match="Prod of clock-pipeline is not waiting for an approval"):
        ask(Stubbed().door, pipeline_of(stages, states, [summary(FIRST, "InProgress")], []), "prod")


def test_of_several_that_wait_one_has_to_be_named() -> None:
    stages = (("Beta", [answers.APPROVE]), ("Prod", [answers.APPROVE]))
    states = state(stage_state("Beta", SECOND, "InProgress"), stage_state("Prod", FIRST, "InProgress"))
    runs = [detail("Beta/Approve", SECOND, "InProgress"), detail("Prod/Approve", FIRST, "InProgress")]
    pipeline = pipeline_of(answers.declared(*stages), states, [summary(SECOND), summary(FIRST)], runs)
    with pytest.raises(InvalidInputError, match="name one: Beta, Prod"):
        ask(Stubbed().door, pipeline, "")


def test_what_was_answered_between_two_looks_does_not_wait_any_more() -> None:
    aws = Stubbed()
    aws.answers("codepipeline", "get_pipeline_state", state(waiting(token="")))
    with pytest.raises(RefusedError, match="does not wait there any more"):
        ask(aws.door, standing(), "")


@pytest.mark.parametrize(("approved", "status"), [(True, "Approved"), (False, "Rejected")])
def test_an_answer_carries_the_token_and_the_message(approved: bool, status: str) -> None:
    aws = Stubbed()
    aws.answers("codepipeline", "get_pipeline_state", state(waiting()))
    result = {"status": status, "summary": "m" * limits.APPROVAL_SUMMARY_LENGTH}
    expected = {"pipelineName": NAME, "stageName": "Prod", "actionName": "Approve", "token": TOKEN, "result": result}
    aws.answers("codepipeline", "put_approval_result", {"approvedAt": at(9)}, **expected)
    answer(aws.door, asked(), approved=approved, message="m" * limits.APPROVAL_SUMMARY_LENGTH)
    aws.check()


def test_a_message_aws_would_not_take_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="at most 512 characters, not 513"):
        refuse_long("m" * (limits.APPROVAL_SUMMARY_LENGTH + 1))


@pytest.mark.parametrize(
    "now",
    [
        waiting(OTHER),
        waiting(TOKEN, SECOND),
        waiting(OTHER, SECOND),
        waiting(""),
        stage_state("Prod"),
        stage_state("Beta"),
    ],
)
def test_when_the_pipeline_has_moved_on_nothing_is_answered(now: dict[str, Any]) -> None:
    aws = Stubbed()
    aws.answers("codepipeline", "get_pipeline_state", state(now))
    with pytest.raises(RefusedError, match=r"nothing was answered: what waited in Prod .*\n.*penstock status"):
        answer(aws.door, asked(), approved=True, message="")


@pytest.mark.parametrize(
    ("code", "message"),
    [("ApprovalAlreadyCompletedException", "somebody else answered"), ("InvalidApprovalTokenException", "is gone")],
)
def test_who_is_a_moment_too_late_is_told_so(code: str, message: str) -> None:
    aws = Stubbed()
    aws.answers("codepipeline", "get_pipeline_state", state(waiting()))
    aws.refuses("codepipeline", "put_approval_result", code, f"Token {TOKEN} is invalid")
    with pytest.raises(RefusedError, match=message) as refused:
        answer(aws.door, asked(), approved=True, message="")
    assert TOKEN not in str(refused.value)
