"""How often AWS is asked for how a pipeline stands, and for what."""

from __future__ import annotations

from typing import Any

from generator.aws.looking import PAUSE, RECENT, look, views
from tests.aws import answers
from tests.aws.answers import FIRST, NAME, SECOND, detail, stage_state, state, summary
from tests.aws.stubbed import Stubbed


def declare(aws: Stubbed, *stages: dict[str, Any]) -> None:
    """AWS will tell of the sample pipeline, with its stages in this state."""
    aws.answers("codepipeline", "get_pipeline", {"pipeline": answers.declared()}, name=NAME)
    aws.answers("codepipeline", "get_pipeline_state", state(*stages), name=NAME)


def list_page(aws: Stubbed, *summaries: dict[str, Any], after: str = "", more: str = "") -> None:
    """AWS will list these executions, on the page that `after` asks for; `more` asks for the next one."""
    page = {"pipelineExecutionSummaries": list(summaries), **({"nextToken": more} if more else {})}
    aws.answers(
        "codepipeline", "list_pipeline_executions", page, pipelineName=NAME, **({"nextToken": after} if after else {})
    )


def act(aws: Stubbed, execution: str, *details: dict[str, Any]) -> None:
    """AWS will tell what this execution did."""
    chosen = {"pipelineName": NAME, "filter": {"pipelineExecutionId": execution}}
    aws.answers("codepipeline", "list_action_executions", {"actionExecutionDetails": list(details)}, **chosen)


def others(number: int) -> list[dict[str, Any]]:
    return [summary(f"{n:08x}-0000-4000-8000-{'f' * 12}") for n in range(number)]


def test_recent_executions_are_enough_when_those_in_stages_are_among_them() -> None:
    aws = Stubbed()
    declare(aws, stage_state("Prod", FIRST))
    list_page(aws, summary(FIRST), *others(RECENT), more="more")
    act(aws, FIRST, detail("Prod/Approve"))
    assert len(look(aws.door, NAME).executions) == RECENT
    aws.check()


def test_older_executions_are_listed_while_one_of_them_is_in_a_stage() -> None:
    aws = Stubbed()
    declare(aws, stage_state("Prod", FIRST))
    list_page(aws, *others(RECENT + 5), more="more")
    list_page(aws, summary(SECOND), summary(FIRST), *others(3), after="more", more="even more")
    act(aws, FIRST, detail("Prod/Approve"))
    found = look(aws.door, NAME)
    aws.check()
    assert [execution.id for execution in found.executions[-2:]] == [SECOND, FIRST]
    assert [stage.name for stage in found.stages if stage.runs] == ["Prod"]


def test_an_execution_that_history_has_forgotten_leaves_its_stage_without_commit() -> None:
    aws = Stubbed()
    declare(aws, stage_state("Prod", FIRST))
    list_page(aws, summary(SECOND))
    act(aws, FIRST)
    prod = look(aws.door, NAME).stage("Prod")
    assert prod is not None
    assert (prod.status, prod.execution) == ("Succeeded", None)


def test_the_actions_of_each_execution_are_asked_for_once() -> None:
    aws = Stubbed()
    declare(aws, stage_state("Source", SECOND), stage_state("Beta", FIRST), stage_state("Prod", FIRST))
    list_page(aws, summary(SECOND), summary(FIRST))
    act(aws, SECOND, detail("Source/Source", SECOND))
    act(aws, FIRST, detail("Prod/Approve"), detail("Beta/Test"), detail("Source/Source"))
    runs = [[run.execution for run in stage.runs] for stage in look(aws.door, NAME).stages]
    aws.check()
    assert runs == [[SECOND], [FIRST], [FIRST]]


def test_it_is_looked_at_again_after_a_pause_until_nothing_runs() -> None:
    aws, pauses = Stubbed(), list[float]()
    aws.door.sleep = pauses.append
    for status in ("InProgress", "Stopping", "Stopped"):
        declare(aws, stage_state("Beta", FIRST, "InProgress"))
        list_page(aws, summary(FIRST, status))
        act(aws, FIRST)
    seen = [pipeline.executions[0].status for pipeline in views(aws.door, NAME)]
    aws.check()
    assert seen == ["InProgress", "Stopping", "Stopped"]
    assert pauses == [PAUSE, PAUSE]
