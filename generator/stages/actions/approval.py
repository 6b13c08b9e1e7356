"""Asking a person: what changes in words, the approval itself, and who may answer it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.aws_rules import limits
from generator.model import text
from generator.model.action import Action
from generator.model.block import Block
from generator.model.deployment import PIPELINE_STACK
from generator.model.function import Function
from generator.model.iam import ManagedPolicy, Statement
from generator.model.notification import Subscription, Topic
from generator.model.pipeline import Delivery, Settings, pipeline_arn
from generator.model.stage import Approval, Stage
from generator.model.template import Output
from generator.model.text import Json, Text
from generator.stages.actions import lambda_
from generator.stages.actions.cloudformation import read_from, reading
from generator.stages.actions.commands import EXECUTION

_APPROVE = "Approve"
# The commit, and what the tests of the stage before said.
_READ_EXECUTION = ("codepipeline:GetPipelineExecution", "codepipeline:ListActionExecutions")
_TIMEOUT_SECONDS = 60
# What shows a pipeline: in the console, to the aws CLI, to `penstock approve`. The list of all pipelines is not in it.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-iam-permissions.html
_LOOK = (
    "codepipeline:GetPipeline",
    "codepipeline:GetPipelineExecution",
    "codepipeline:GetPipelineState",
    "codepipeline:ListActionExecutions",
    "codepipeline:ListPipelineExecutions",
)


def describe_changes(code: str, stages: Sequence[Stage], settings: Settings) -> Function:
    """The function that says what a change set will do, of every stage that asks."""
    asking = (stage for stage in stages if stage.approval)
    statements = (
        *reading("ReadChangeSets", "cloudformation:DescribeChangeSet", asking),
        Statement("ReadExecution", _READ_EXECUTION, (pipeline_arn(PIPELINE_STACK),)),
    )
    comment = "Says in words what a change set will do, before somebody approves it."
    return lambda_.function(
        "DescribeChanges", "describe_changes", (code, _TIMEOUT_SECONDS, comment), settings, statements
    )


def ask(stage: Stage, delivery: Delivery, change_set: Text) -> tuple[Action, ...]:
    """What comes before a stage changes anything: the changes in words, the approval; nothing if nobody is asked."""
    if not (stage.approval and delivery.describe_changes):
        return ()
    return (
        _describe(stage, delivery, delivery.describe_changes, change_set),
        _approve(stage, stage.approval, delivery),
    )


def _describe(stage: Stage, delivery: Delivery, function: Function, change_set: Text) -> Action:
    """The action whose answer is the variable `Text`; `change_set` is empty where there is none to describe."""
    parameters = {
        "stage": stage.word,
        "pipeline": PIPELINE_STACK,
        "execution_id": EXECUTION,
        "limit": limits.CONFIGURATION_VALUE_LENGTH - len(_text(stage, "")),
        **read_from(stage),
    }
    if delivery.previous and delivery.previous.tested:
        parameters["tested"] = delivery.previous.name
    if stage.deployments:
        parameters["stack"] = stage.stacks(readers=True)
    if change_set:
        parameters["change_set"] = change_set
    return lambda_.action("DescribeChanges", function, "describe", parameters, f"{stage.logical_id}Changes")


def _approve(stage: Stage, approval: Approval, delivery: Delivery) -> Action:
    """The manual approval: changes, commit and the previous stage's tests in words, and a link to that stage."""
    configuration: dict[str, Json] = {"CustomData": _text(stage, f"#{{{stage.logical_id}Changes.Text}}")}
    if delivery.previous and delivery.app.url and delivery.previous.has_output(delivery.app.url):
        namespace = delivery.previous.namespace_of(delivery.app.service)
        configuration["ExternalEntityLink"] = f"#{{{namespace}.{delivery.app.url}}}"
    own = _topic(stage, approval, delivery.settings) if approval.addresses else None
    topic = approval.topic or (own.reference if own else "")
    if topic:
        configuration["NotificationArn"] = topic
    return Action(
        name=_APPROVE,
        category="Approval",
        provider="Manual",
        configuration=configuration,
        timeout_minutes=approval.timeout_minutes,
        purpose="approval",
        blocks=(*((own,) if own else ()), *_policies(stage, approval)),
        statements=(Statement("TellApprovers", ("sns:Publish",), (topic,)),) if topic else (),
    )


def _topic(stage: Stage, approval: Approval, settings: Settings) -> Topic:
    # The pipeline's role has the right to publish; a topic of the same account needs no word of its own.
    people = tuple(Subscription("email", address) for address in approval.addresses)
    comment = f"Hears that the approval in {stage.name} waits."
    return Topic(f"{stage.logical_id}ApprovalTopic", people, comment, key=settings.store.own_key)


def _policies(stage: Stage, approval: Approval) -> Iterator[Block]:
    if approval.approvers_policy:
        name = f"{stage.logical_id}Approvers"
        yield ManagedPolicy(
            name,
            _answer(stage),
            f"For those who approve {stage.name}. Whoever attaches it detaches it before the stack goes.",
            Output(f"{name}Policy", text.reference(name), f"Allows to approve {stage.name}, and nothing else."),
        )


def _answer(stage: Stage) -> tuple[Statement, ...]:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
    pipeline = pipeline_arn()
    return (
        Statement("Answer", ("codepipeline:PutApprovalResult",), (f"{pipeline}/{stage.asking}/{_APPROVE}",)),
        Statement("Look", _LOOK, (pipeline,)),
    )


def _text(stage: Stage, description: str) -> Text:
    # No variable of the tests: those that answer CodePipeline themselves leave none, and an unresolved variable fails
    # the action. The function looks up what they said.
    message = stage.approval.message if stage.approval else ""
    return f"{message}\n{description}" if message else description
