"""Policies for the people who approve: each allows the answer to one approval, and what to look at before it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.iam import Statement
from generator.model.pipeline import Pipeline
from generator.model.stage import Stage
from generator.model.template import Output, Resource
from generator.render.policies import document
from generator.stages.actions import APPROVE

_PIPELINE = "arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:${Pipeline}"
# What shows a pipeline: in the console, to the aws CLI, to `penstock approve`. The list of all pipelines is not in it.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-iam-permissions.html
_LOOK = (
    "codepipeline:GetPipeline",
    "codepipeline:GetPipelineExecution",
    "codepipeline:GetPipelineState",
    "codepipeline:ListActionExecutions",
    "codepipeline:ListPipelineExecutions",
)


def resources(pipeline: Pipeline) -> Iterator[Resource]:
    """A policy for each stage that asks for one; people's roles and groups get it from whoever looks after them."""
    for stage in _asked(pipeline):
        properties = {"PolicyDocument": document(_statements(stage))}
        comment = f"For those who approve {stage.name}. Whoever attaches it detaches it before the stack goes."
        yield Resource(_name(stage), "AWS::IAM::ManagedPolicy", properties, comment)


def outputs(pipeline: Pipeline) -> Iterator[Output]:
    """The policies' ARNs."""
    for stage in _asked(pipeline):
        name = _name(stage)
        yield Output(f"{name}Policy", f"${{{name}}}", f"Allows to approve {stage.name}, and nothing else.")


def _asked(pipeline: Pipeline) -> tuple[Stage, ...]:
    return tuple(stage for stage in pipeline.stages if stage.approval and stage.approval.approvers_policy)


def _name(stage: Stage) -> str:
    return f"{stage.logical_id}Approvers"


def _statements(stage: Stage) -> tuple[Statement, ...]:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
    answer = f"{_PIPELINE}/{stage.asking}/{APPROVE}"
    return (
        Statement("Answer", ("codepipeline:PutApprovalResult",), (answer,)),
        Statement("Look", _LOOK, (_PIPELINE,)),
    )
