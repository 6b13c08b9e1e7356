"""What a pipeline has in an environment outside of its own account: a role for its actions, and one that reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.model.deployment import PIPELINE_STACK
from generator.model.environment import (
    ACTION_ROLE,
    ARTIFACT_BUCKET,
    ARTIFACT_KEYS,
    PIPELINE_ACCOUNT,
    READ_ROLE,
    Environment,
    named_role,
    role_arn,
    within,
)
from generator.model.iam import Role, Statement
from generator.model.pipeline import Pipeline
from generator.model.stage import Stage
from generator.model.text import Text, reference
from generator.stages.actions.cloudformation import reading

_ACCOUNT = reference(PIPELINE_ACCOUNT)


def roles(pipeline: Pipeline, environment: Environment) -> Iterator[Role]:
    """The roles that the pipeline assumes there."""
    yield _trusting(
        ACTION_ROLE,
        environment,
        (*_of_actions(pipeline, environment), *_read_artifacts()),
        ("PipelineRole",),
        "The pipeline assumes it for its actions here: it changes these stacks, through the deploy roles alone.",
    )
    here = [stage for stage in pipeline.stages if stage.environment == environment]
    tested = [_inside(stage) for stage in here if stage.tested]
    asking = [_inside(stage) for stage in here if stage.approval]
    if tested or asking:
        yield _trusting(
            READ_ROLE,
            environment,
            (
                *reading("ReadOutputs", "cloudformation:DescribeStacks", tested),
                *reading("ReadChangeSets", "cloudformation:DescribeChangeSet", asking),
            ),
            # The functions of the pipeline that read them.
            (*(("StartTestsRole",) if tested else ()), *(("DescribeChangesRole",) if asking else ())),
            "The pipeline's functions assume it to read outputs and change sets of these stacks.",
        )


def read_key(sid: str) -> Statement:
    """The right to decrypt what S3 has under the pipeline's key, as far as the key's own policy lets them."""
    through = {"StringEquals": {"kms:ViaService": "s3.${AWS::Region}.amazonaws.com"}}
    return Statement(sid, ("kms:Decrypt",), (ARTIFACT_KEYS,), through)


def _trusting(
    kind: str, environment: Environment, statements: Sequence[Statement], trusted: Sequence[str], comment: str
) -> Role:
    # CloudFormation chooses the end of these roles' names, and no other role of that account may begin so.
    names = [role_arn(_ACCOUNT, f"{PIPELINE_STACK}-{name}-*") for name in trusted]
    return Role(
        kind,
        "",
        tuple(statements),
        comment,
        {"ArnLike": {"aws:PrincipalArn": names}},
        account=_ACCOUNT,
        name=named_role(kind, environment.word),
    )


def _of_actions(pipeline: Pipeline, environment: Environment) -> Iterator[Statement]:
    for stage in pipeline.plan:
        for action in stage.actions:
            if action.role == environment.action_role:
                yield from action.role_statements


def _read_artifacts() -> Iterator[Statement]:
    artifacts: Text = f"{ARTIFACT_BUCKET}/${{ServiceName}}*"
    yield Statement("ReadArtifacts", ("s3:GetObject", "s3:GetObjectVersion"), (artifacts,))
    yield read_key("ReadArtifactKey")


def _inside(stage: Stage) -> Stage:
    """The stage as its environment's own account sees it."""
    inside = (within(each)._replace(action_role="") for each in stage.deployments)
    return stage._replace(environment=None, deployments=tuple(inside))
