"""The pipeline stages in the order CodePipeline runs them: Source, Build, DeployTests, then the file's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.compiler import kinds
from generator.model.action import Action
from generator.model.artifact import BUILD_ARTIFACT, PACKAGED_TESTS, SOURCE_ARTIFACT
from generator.model.commands import TestCommands
from generator.model.iam import Statement
from generator.model.pipeline import App, Delivery, PlannedStage
from generator.model.source import Source
from generator.model.stage import Stage
from generator.model.tests import Tests
from generator.model.text import Text
from generator.stages import actions


def plan(
    source: Source, app: App, tests: Tests | TestCommands | None, stages: Sequence[Stage], filled_in: Mapping[str, Text]
) -> tuple[PlannedStage, ...]:
    """Every stage with its actions and what the pipeline's role needs for them.

    `filled_in` are variables of the build that hold variables of the pipeline.
    """
    return (
        PlannedStage("Source", (source.action,), source.statements),
        _build(filled_in),
        *(_deploy_tests(tests) if isinstance(tests, Tests) else ()),
        *_stages(source, app, tests, stages),
    )


def _build(filled_in: Mapping[str, Text]) -> PlannedStage:
    action = Action(
        name="Build",
        category="Build",
        provider="CodeBuild",
        configuration={"ProjectName": "${BuildProject}", **actions.environment_variables(filled_in)},
        inputs=(SOURCE_ARTIFACT,),
        outputs=(BUILD_ARTIFACT,),
        namespace="Build",
    )
    return PlannedStage("Build", (action,), (Statement("Build", actions.BUILD, ("${BuildProject.Arn}",)),))


def _deploy_tests(tests: Tests) -> tuple[PlannedStage, ...]:
    # The test function of this very commit travels on as the action's output variable.
    action = actions.cloudformation(
        "DeployTests",
        "CREATE_UPDATE",
        tests.stack,
        tests.role,
        template=PACKAGED_TESTS,
        namespace="TestStack",
    )
    needed = Statement("DeployStacks", actions.DEPLOY, (actions.stack_arn(tests.stack),))
    return (PlannedStage("DeployTests", (action,), (needed,)),)


def _stages(
    source: Source, app: App, tests: Tests | TestCommands | None, stages: Sequence[Stage]
) -> Iterator[PlannedStage]:
    previous: Stage | None = None
    functions, commands = (tests, None) if isinstance(tests, Tests) else (None, tests)
    for stage in stages:
        delivery = Delivery(source.commit, app, functions, previous, commands)
        yield from kinds.stages()[stage.deploy].plan(stage, delivery)
        previous = stage
