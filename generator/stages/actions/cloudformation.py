"""Actions that change stacks, and what the pipeline's role needs for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from generator.model.action import Action, Purpose
from generator.model.artifact import BUILD_ARTIFACT
from generator.model.deployment import Deployment
from generator.model.environment import within
from generator.model.iam import TRANSFORMS, Statement
from generator.model.stage import Stage
from generator.model.text import NOTHING, Json, Text, as_json

Mode = Literal["CREATE_UPDATE", "CHANGE_SET_REPLACE", "CHANGE_SET_EXECUTE"]

# No space after the commas: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
_CAPABILITIES = "CAPABILITY_IAM,CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND"
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
_DEPLOY = (
    "cloudformation:CreateStack",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:UpdateStack",
)
_CHANGE = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
)
_PURPOSES: Mapping[Mode, Purpose] = {
    "CREATE_UPDATE": "deploy",
    "CHANGE_SET_REPLACE": "change-set",
    "CHANGE_SET_EXECUTE": "execute",
}


def cloudformation(  # noqa: PLR0913 - the words of CodePipeline's own action
    name: str,
    mode: Mode,
    deployment: Deployment,
    *,
    template: str = "",
    configuration: str = "",
    parameters: Mapping[str, Text] | None = None,
    change_set: Text = "",
    namespace: str = "",
) -> Action:
    """A CloudFormation action, where the deployment is. `template` is a file of the build's artifact; what executes a
    change set needs none. `configuration` is one with tags and the like, if there is any.
    """
    settings: dict[str, Json] = {"ActionMode": mode, "StackName": deployment.stack}
    if change_set:
        settings["ChangeSetName"] = change_set
    if mode != "CHANGE_SET_EXECUTE":
        settings |= {
            "Capabilities": _CAPABILITIES,
            "RoleArn": deployment.role,
            "TemplatePath": f"{BUILD_ARTIFACT}::{template}",
        }
        if configuration:
            settings["TemplateConfiguration"] = f"{BUILD_ARTIFACT}::{configuration}"
    if parameters:
        settings["ParameterOverrides"] = as_json(parameters)
    return Action(
        name=name,
        category="Deploy",
        provider="CloudFormation",
        configuration=settings,
        inputs=() if mode == "CHANGE_SET_EXECUTE" else (BUILD_ARTIFACT,),
        namespace=namespace,
        purpose=_PURPOSES[mode],
        statements=_needed(mode, deployment),
        role=deployment.action_role,
        region=deployment.region,
        role_statements=_statements(mode, within(deployment)) if deployment.action_role else (),
    )


def _needed(mode: Mode, deployment: Deployment) -> tuple[Statement, ...]:
    """What the pipeline's role needs: in another account, to assume the role that has the rights there."""
    if deployment.action_role:
        return (Statement("AssumeActionRoles", ("sts:AssumeRole",), (deployment.action_role,)),)
    return _statements(mode, deployment)


def reading(sid: str, action: str, stages: Iterable[Stage]) -> tuple[Statement, ...]:
    """The right to an action on the stacks of these stages, or to assume the roles that have it in other accounts."""
    every = tuple(stages)
    stacks = tuple(each.stack_arn for stage in every for each in stage.deployments if not each.action_role)
    elsewhere = (stage.environment for stage in every if stage.environment and stage.environment.is_elsewhere)
    roles = tuple(dict.fromkeys(environment.read_role for environment in elsewhere))
    return (
        *((Statement(sid, (action,), stacks),) if stacks else ()),
        *((Statement("AssumeReadRoles", ("sts:AssumeRole",), roles),) if roles else ()),
    )


def read_from(stage: Stage) -> Mapping[str, Text]:
    """What tells a function where a stage's stacks are, if elsewhere: the role that reads there, and the region."""
    environment = stage.environment
    if environment is None or not environment.is_elsewhere:
        return NOTHING
    return {"role": environment.read_role, "region": "${AWS::Region}"}


def _statements(mode: Mode, deployment: Deployment) -> tuple[Statement, ...]:
    direct = mode == "CREATE_UPDATE"
    change = Statement(
        "DeployStacks" if direct else "ChangeStacks", _DEPLOY if direct else _CHANGE, (deployment.stack_arn,)
    )
    if mode == "CHANGE_SET_EXECUTE":
        return (change,)
    to_cloudformation = {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
    return (
        change,
        Statement("PassDeployRoles", ("iam:PassRole",), (deployment.role,), to_cloudformation),
        # Whoever makes a change set of a template with a transform needs the right to.
        Statement("Transform", ("cloudformation:CreateChangeSet",), TRANSFORMS),
        # Validating a template knows no resource:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
        Statement(
            "ValidateTemplates",
            ("cloudformation:ValidateTemplate",),
            ("*",),
            comment="IAM knows no resource for validating a template, which reads nothing.",
        ),
    )
