"""The pipeline that delivers: Source, Build, DeployTests, then the stages of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.model.action import Action
from generator.model.block import Block
from generator.model.deployment import PIPELINE_STACK
from generator.model.event import EventRule
from generator.model.iam import Role, Statement
from generator.model.notification import NOTIFICATION_RULES, Target, Topic
from generator.model.pipeline import (
    DELIVERING,
    CodePipeline,
    Delivery,
    Pipeline,
    PlannedStage,
    console,
    pipeline_arn,
)
from generator.model.stage import Stage
from generator.model.template import Output
from generator.model.text import Text
from generator.pipelines import build
from generator.stages.actions import codebuild
from generator.stages.actions.approval import describe_changes
from generator.stages.actions.cloudformation import cloudformation

Plan = Callable[[Stage, Delivery], tuple[PlannedStage, ...]]
"""What a stage kind makes of a stage."""


class Testing(NamedTuple):
    """How a test kind tests stages: the block that runs the tests of all of them, and the action that tests one."""

    runner: Callable[[Pipeline, Sequence[Text]], Any]
    action: Callable[[Pipeline, Stage, Delivery, Any], Action]


_BUILD = codebuild.Naming(
    "${ServiceName}-build",
    "BuildProject",
    "Build",
    (
        "Builds a commit, once.",
        "What the build may do: read the source, write artifacts, create packaged code. No right to deploy.",
        "The build's log.",
    ),
)


def planned(pipeline: Pipeline, plans: Mapping[str, Plan], testing: Mapping[str, Testing]) -> Pipeline:
    """The pipeline with the stages that CodePipeline runs.

    `plans` make them, by the word of a stage's `deploy`; `testing` tests them, by the pipeline's `test_kind`.
    """
    objects = build.objects(pipeline.build, pipeline.store)
    project = build.project(_BUILD, pipeline.build, pipeline.settings, objects)
    return pipeline._replace(
        plan=(
            build.source_stage(pipeline.source),
            build.build_stage(pipeline.build, project),
            *_deploy_tests(pipeline),
            *_stages(pipeline, plans, testing.get(pipeline.test_kind)),
        )
    )


def codepipeline(pipeline: Pipeline) -> CodePipeline:
    """The pipeline in AWS's words."""
    comment = "What CodePipeline may do: read the source, build, deploy these stacks, run the tests, tell people."
    return CodePipeline(
        logical_id=DELIVERING,
        name=PIPELINE_STACK,
        comment="Every commit on its way to production.",
        role=build.role("PipelineRole", comment, pipeline.plan, pipeline.store, pipeline.store.everything),
        source=pipeline.source.action.name,
        stages=pipeline.plan,
        mode=pipeline.execution,
        store=pipeline.store,
        output=Output("PipelineUrl", console(DELIVERING), "The pipeline in the console: watch it, approve there."),
        pushes=pipeline.pushes,
        variables=pipeline.variables,
    )


def starters(pipeline: Pipeline) -> Iterator[Block]:
    """What starts it, when a rule of EventBridge does."""
    if not pipeline.source.event_pattern:
        return
    start = Statement("StartPipeline", ("codepipeline:StartPipelineExecution",), (pipeline_arn(PIPELINE_STACK),))
    role = Role(
        "TriggerRole",
        "events",
        (start,),
        "What the rule may do: start this pipeline.",
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
        {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}},
    )
    comment = "Starts the pipeline for each commit; never polls."
    yield EventRule("TriggerRule", pipeline.source.event_pattern, pipeline_arn(), role, comment)


def notification_topic(pipeline: Pipeline) -> Topic | None:
    """The topic that people subscribe to, if any do."""
    if not pipeline.subscriptions:
        return None
    return Topic(
        "NotificationTopic",
        pipeline.subscriptions,
        "Hears of failed executions, waiting approvals and errors of start_tests.",
        ("cloudwatch.amazonaws.com", NOTIFICATION_RULES),
        pipeline.store.own_key,
    )


def notified(pipeline: Pipeline) -> tuple[Target, ...]:
    """Whom the notification rule tells."""
    topic = notification_topic(pipeline)
    return (*((Target("SNS", topic.reference),) if topic else ()), *pipeline.targets)


def _deploy_tests(pipeline: Pipeline) -> Iterator[PlannedStage]:
    # The test function of this very commit travels on as the action's output variable.
    if tests := pipeline.tests:
        action = cloudformation(
            "DeployTests",
            "CREATE_UPDATE",
            tests.deployment,
            template=tests.packaged,
            namespace="TestStack",
        )
        yield PlannedStage("DeployTests", (action,))


def _stages(pipeline: Pipeline, plans: Mapping[str, Plan], testing: Testing | None) -> Iterator[PlannedStage]:
    asks = any(stage.approval for stage in pipeline.stages)
    delivery = Delivery(
        commit=pipeline.source.commit,
        apps=pipeline.apps,
        settings=pipeline.settings,
        machine=pipeline.build.machine,
        describe_changes=describe_changes(pipeline.describe_changes, pipeline.stages, pipeline.settings)
        if asks
        else None,
    )
    # No alarm speaks to a chat.
    topics = [target.address for target in notified(pipeline) if target.type == "SNS"]
    runner = testing.runner(pipeline, topics) if testing else None
    for stage in pipeline.stages:
        test = testing.action(pipeline, stage, delivery, runner) if testing and stage.tested else None
        yield from plans[stage.deploy](stage, delivery._replace(test=test))
        delivery = delivery._replace(previous=stage)
