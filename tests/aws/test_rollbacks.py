"""What a stage can be rolled back to, and why not to other executions; the rollback itself runs in tests/cli."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws.pipeline import Pipeline
from generator.aws.pipeline_answers import pipeline_of
from generator.aws.rollbacks import WayBack, roll_back, way_back
from generator.errors import InvalidInputError, RefusedError
from tests.aws import answers
from tests.aws.answers import FIRST, NAME, SECOND, THIRD, at, detail, stage_state, state, summary
from tests.aws.stubbed import Stubbed


def rollback_of(target: str) -> dict[str, Any]:
    return {"executionType": "ROLLBACK", "rollbackMetadata": {"rollbackTargetPipelineExecutionId": target}}


def pipeline_holding(
    held: str = SECOND, status: str = "Succeeded", mode: str = "SUPERSEDED", **fields: Any
) -> Pipeline:
    """A pipeline of version 7 whose Prod holds an execution."""
    states = state(stage_state("Prod", held, status), version=7)
    return pipeline_of(answers.declared(mode=mode), states, [summary(held, status, **fields)], [])


def succeeded(aws: Stubbed, *executions: str, **fields: Any) -> None:
    """AWS will say that these executions succeeded in Prod."""
    aws.answers(
        "codepipeline",
        "list_pipeline_executions",
        {"pipelineExecutionSummaries": [summary(each, **fields) for each in executions]},
        pipelineName=NAME,
        filter={"succeededInStage": {"stageName": "Prod"}},
    )


def of_version(aws: Stubbed, execution: str, version: int = 7) -> None:
    execution_detail = {
        "pipelineName": NAME,
        "pipelineExecutionId": execution,
        "pipelineVersion": version,
        "status": "Succeeded",
    }
    asked = {"pipelineName": NAME, "pipelineExecutionId": execution}
    aws.answers("codepipeline", "get_pipeline_execution", {"pipelineExecution": execution_detail}, **asked)


def ran(aws: Stubbed, *details: dict[str, Any]) -> None:
    aws.answers("codepipeline", "list_action_executions", {"actionExecutionDetails": list(details)})


def way(aws: Stubbed, pipeline: Pipeline | None = None, to: str = "") -> WayBack:
    result = way_back(aws.door, pipeline or pipeline_holding(), "prod", to)
    aws.check()
    return result


def test_it_goes_back_to_the_newest_execution_before_the_one_that_is_there() -> None:
    aws = Stubbed()
    succeeded(aws, THIRD, SECOND, FIRST)
    of_version(aws, FIRST)
    ran(aws, detail("Beta/Test", start=500), detail("Prod/Approve", start=100))
    result = way(aws)
    assert (result.stage, result.target.id, result.succeeded, result.asks) == ("Prod", FIRST, at(103), True)
    assert result.instead_of is not None
    assert result.instead_of.id == SECOND


def test_after_a_failure_it_goes_back_to_the_newest_that_succeeded() -> None:
    aws = Stubbed()
    succeeded(aws, SECOND, FIRST)
    of_version(aws, SECOND)
    ran(aws)
    result = way(aws, pipeline_holding(THIRD, "Failed"))
    assert (result.target.id, result.succeeded) == (SECOND, None)


def test_after_a_rollback_it_goes_further_back_and_never_forward() -> None:
    aws = Stubbed()
    succeeded(aws, THIRD, SECOND, FIRST)
    of_version(aws, FIRST)
    ran(aws)
    assert way(aws, pipeline_holding(THIRD, **rollback_of(SECOND))).target.id == FIRST


def test_with_nothing_to_go_back_to_each_execution_says_why() -> None:
    aws = Stubbed()
    succeeded(aws, THIRD, SECOND, FIRST)
    of_version(aws, FIRST, version=6)
    with pytest.raises(RefusedError) as refused:
        way(aws)
    lines = str(refused.value).splitlines()
    assert lines[0] == "Prod of clock-pipeline cannot be rolled back"
    assert [line.split(": ")[-1] for line in lines[1:4]] == [
        "it is newer than what is deployed",
        "it is what is deployed",
        "it ran before the pipeline was updated (version 6, now 7)",
    ]
    assert "penstock start --commit" in lines[4]


def test_a_stage_in_which_nothing_succeeded_says_so() -> None:
    aws = Stubbed()
    succeeded(aws)
    with pytest.raises(RefusedError, match="nothing ever succeeded there"):
        way(aws)


def test_an_execution_is_named_by_how_its_id_begins() -> None:
    aws = Stubbed()
    listed = {"pipelineExecutionSummaries": [summary(SECOND), summary(FIRST)]}
    aws.answers("codepipeline", "list_pipeline_executions", listed, pipelineName=NAME)
    of_version(aws, FIRST)
    succeeded(aws, SECOND, FIRST)
    ran(aws)
    assert way(aws, to=FIRST[:8]).target.id == FIRST


@pytest.mark.parametrize("to", ["1", "99999999", "0000000"])
def test_an_id_that_names_no_execution_is_wrong_input(to: str) -> None:
    aws = Stubbed()
    if len(to) >= 8:
        aws.answers("codepipeline", "list_pipeline_executions", {"pipelineExecutionSummaries": [summary(FIRST)]})
    with pytest.raises(InvalidInputError, match=f"has no single execution '{to}'"):
        way(aws, to=to)


def test_a_named_execution_that_never_succeeded_there_is_refused() -> None:
    aws = Stubbed()
    aws.answers("codepipeline", "list_pipeline_executions", {"pipelineExecutionSummaries": [summary(FIRST, "Failed")]})
    of_version(aws, FIRST)
    succeeded(aws, SECOND)
    with pytest.raises(RefusedError, match="it never succeeded in Prod"):
        way(aws, to=FIRST)


def test_a_named_rollback_is_refused_with_what_it_brought_back() -> None:
    aws = Stubbed()
    listed = {"pipelineExecutionSummaries": [summary(THIRD, **rollback_of(FIRST))]}
    aws.answers("codepipeline", "list_pipeline_executions", listed)
    with pytest.raises(RefusedError, match=f"it is a rollback itself, to execution {FIRST}"):
        way(aws, to=THIRD)


def test_a_named_execution_of_an_older_pipeline_is_refused() -> None:
    aws = Stubbed()
    aws.answers("codepipeline", "list_pipeline_executions", {"pipelineExecutionSummaries": [summary(FIRST)]})
    of_version(aws, FIRST, version=3)
    with pytest.raises(RefusedError, match=r"before the pipeline was updated \(version 3, now 7\)"):
        way(aws, to=FIRST)


def test_the_source_cannot_be_rolled_back() -> None:
    with pytest.raises(RefusedError, match=r"it is the source\n.*penstock start --commit"):
        way_back(Stubbed().door, pipeline_holding(), "Source")


def test_executions_side_by_side_cannot_be_rolled_back() -> None:
    with pytest.raises(RefusedError, match="mode PARALLEL"):
        way_back(Stubbed().door, pipeline_holding(mode="PARALLEL"), "Prod")


def test_a_stage_there_is_not_is_wrong_input() -> None:
    with pytest.raises(InvalidInputError, match="no stage 'gamma'"):
        way_back(Stubbed().door, pipeline_holding(), "gamma")


@pytest.mark.parametrize("code", ["PipelineExecutionOutdatedException", "UnableToRollbackStageException"])
def test_what_aws_will_not_roll_back_is_said_in_its_words(code: str) -> None:
    aws = Stubbed()
    aws.refuses("codepipeline", "rollback_stage", code, "The stage is in progress")
    target = pipeline_holding(FIRST).executions[0]
    with pytest.raises(RefusedError, match="The stage is in progress"):
        roll_back(aws.door, WayBack(NAME, "Prod", target, None, None, asks=False))


def test_a_stage_that_only_asks_is_not_rolled_back_and_names_the_one_that_deploys() -> None:
    stages = (("Source", [answers.SOURCE]), ("ProdApproval", [answers.APPROVE]), ("Prod", [answers.DEPLOY]))
    pipeline = pipeline_of(answers.declared(*stages), state(stage_state("ProdApproval", FIRST)), [summary(FIRST)], [])
    with pytest.raises(RefusedError, match=r"asks for the approval of Prod, and changes nothing\n.*rollback Prod"):
        way_back(Stubbed().door, pipeline, "prodapproval")


def test_what_commands_deploy_is_not_rolled_back() -> None:
    build = {
        **answers.DEPLOY,
        "actionTypeId": {**answers.DEPLOY["actionTypeId"], "category": "Build", "provider": "CodeBuild"},
    }
    stages = (("Source", [answers.SOURCE]), ("Prod", [build]))
    pipeline = pipeline_of(answers.declared(*stages), state(stage_state("Prod", FIRST)), [summary(FIRST)], [])
    with pytest.raises(RefusedError, match=r"commands deploy it.*\n.*penstock start --commit"):
        way_back(Stubbed().door, pipeline, "prod")
