"""The actions that stages are made of: deploy, describe, approve, test."""

from __future__ import annotations

import json
from collections.abc import Mapping

from generator.model.action import Action
from generator.model.artifact import BUILD_ARTIFACT, PACKAGED_APP, SOURCE_ARTIFACT
from generator.model.commands import MOMENTS, Moment
from generator.model.iam import TRANSFORMS, Statement
from generator.model.pipeline import Delivery
from generator.model.stage import Approval, Stage
from generator.model.text import Json, Text

# No space after the commas: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
_CAPABILITIES = "CAPABILITY_IAM,CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND"
# What the pipeline's role needs for CREATE_UPDATE:
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
DEPLOY = (
    "cloudformation:CreateStack",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:UpdateStack",
)
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
BUILD = ("codebuild:BatchGetBuilds", "codebuild:StartBuild")
APPROVE = "Approve"
"""What an approval is called in its pipeline stage."""
COMMANDS_COMPUTE = "BUILD_GENERAL1_SMALL"
_EXECUTION = "#{codepipeline.PipelineExecutionId}"
# CodePipeline's limit of a configuration value, and the longest of what start_tests puts into its Summary.
_CUSTOM_DATA = 1000
_SUMMARY = 200


def cloudformation(  # noqa: PLR0913 - the words of CodePipeline's own action
    name: str,
    mode: str,
    stack: Text,
    role: Text,
    *,
    template: str = PACKAGED_APP,
    parameters: Mapping[str, Text] | None = None,
    change_set: Text = "",
    namespace: str = "",
) -> Action:
    """A CloudFormation action; every mode that makes a stack or a change set deploys with `role`, an ARN."""
    configuration: dict[str, Json] = {"ActionMode": mode, "StackName": stack}
    if change_set:
        configuration["ChangeSetName"] = change_set
    if mode != "CHANGE_SET_EXECUTE":
        configuration |= {
            "Capabilities": _CAPABILITIES,
            "RoleArn": role,
            "TemplatePath": f"{BUILD_ARTIFACT}::{template}",
        }
    if parameters:
        configuration["ParameterOverrides"] = as_json(parameters)
    return Action(
        name=name,
        category="Deploy",
        provider="CloudFormation",
        configuration=configuration,
        inputs=() if mode == "CHANGE_SET_EXECUTE" else (BUILD_ARTIFACT,),
        namespace=namespace,
    )


def describe(stage: Stage, delivery: Delivery, *, change_set: Text = "") -> Action:
    """The Lambda action that says in words what the change set will do; its answer is the variable `Text`."""
    given = {
        "stage": stage.word,
        "stack": stage.stack,
        "pipeline": "${ServiceName}-pipeline",
        "execution_id": _EXECUTION,
        "limit": _CUSTOM_DATA - len(_around_description(stage, delivery, "")) - _SUMMARY,
    }
    if change_set:
        given["change_set"] = change_set
    return _lambda("DescribeChanges", "${DescribeChanges}", given, f"{stage.logical_id}Changes")


def approve(stage: Stage, approval: Approval, delivery: Delivery) -> Action:
    """The manual approval: changes, commit and the previous stage's tests in words, and a link to that stage."""
    configuration: dict[str, Json] = {
        "CustomData": _around_description(stage, delivery, f"#{{{stage.logical_id}Changes.Text}}")
    }
    if delivery.previous and delivery.app.url:
        configuration["ExternalEntityLink"] = f"#{{{delivery.previous.logical_id}Deploy.{delivery.app.url}}}"
    if topic := approval_topic(stage):
        configuration["NotificationArn"] = topic
    return Action(
        name=APPROVE,
        category="Approval",
        provider="Manual",
        configuration=configuration,
        timeout_minutes=approval.timeout_minutes,
    )


def test(stage: Stage, delivery: Delivery) -> tuple[Action, ...]:
    """The start_tests action, when the stage is tested at all."""
    if stage.tested and delivery.test_commands:
        return (_test_commands(stage, delivery),)
    if not (stage.tested and delivery.tests):
        return ()
    tests = delivery.tests
    given = {
        "service": "${ServiceName}",
        "stage": stage.word,
        "stack": stage.stack,
        "commit": delivery.commit,
        "execution_id": _EXECUTION,
        "functions": [f"#{{TestStack.{output}}}" for output in tests.outputs],
    }
    if stage.subset:
        given["subset"] = stage.subset
    if delivery.app.url:
        given["url"] = delivery.app.url
    return (_lambda("Test", "${StartTests}", given, f"{stage.logical_id}Tests"),)


def test_statements(stage: Stage, delivery: Delivery) -> tuple[Statement, ...]:
    """What the pipeline's role needs to run tests that are commands."""
    tested = stage.tested and delivery.test_commands
    return (Statement("Build", BUILD, ("${TestProject.Arn}",)),) if tested else ()


def _test_commands(stage: Stage, delivery: Delivery) -> Action:
    given = {"COMMIT": delivery.commit, "EXECUTION_ID": _EXECUTION, "STACK": stage.stack, "STAGE": stage.word}
    subset = {"SUBSET": stage.subset} if stage.subset else {}
    return Action(
        name="Test",
        category="Test",
        provider="CodeBuild",
        configuration={"ProjectName": "${TestProject}", **environment_variables(given | subset)},
        inputs=(SOURCE_ARTIFACT,),
        namespace=f"{stage.logical_id}Tests",
    )


def commands(stage: Stage, moment: Moment, delivery: Delivery) -> tuple[Action, ...]:
    """The build that runs the stage's commands of a moment, if there are any, over the commit and what was built of it.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
    """
    if not stage.commands(moment):
        return ()
    variables = {"COMMIT": delivery.commit, "EXECUTION_ID": _EXECUTION}
    configuration = {
        "ProjectName": f"${{{commands_project(stage, moment)}}}",
        "PrimarySource": SOURCE_ARTIFACT,
        "EnvironmentVariables": as_json([{"name": name, "value": value} for name, value in variables.items()]),
    }
    return (
        Action(
            name=moment.capitalize(),
            category="Build",
            provider="CodeBuild",
            configuration=configuration,
            inputs=(SOURCE_ARTIFACT, BUILD_ARTIFACT),
        ),
    )


def commands_project(stage: Stage, moment: Moment) -> str:
    """The logical id of the project that runs a stage's commands."""
    return f"{stage.logical_id}{moment.capitalize()}"


def commands_statements(stage: Stage) -> tuple[Statement, ...]:
    """What the pipeline's role needs to run the stage's commands."""
    projects = tuple(f"${{{commands_project(stage, moment)}.Arn}}" for moment in MOMENTS if stage.commands(moment))
    return (Statement("Build", BUILD, projects),) if projects else ()


def approval_topic(stage: Stage) -> Text:
    """The topic that hears of the waiting approval: an existing one, the stage's own, or none."""
    if not stage.approval:
        return ""
    own = f"${{{stage.logical_id}ApprovalTopic}}" if stage.approval.addresses else ""
    return stage.approval.topic or own


def approval_statements(stage: Stage) -> tuple[Statement, ...]:
    """What the pipeline's role needs to tell of the waiting approval."""
    topic = approval_topic(stage)
    return (Statement("TellApprovers", ("sns:Publish",), (topic,)),) if topic else ()


def transforms() -> Statement:
    """What the pipeline's role needs to make a change set of a template with a transform."""
    return Statement("Transform", ("cloudformation:CreateChangeSet",), TRANSFORMS)


def stack_arn(stack: Text) -> Text:
    """The ARNs of a stack: the part after the name is made by CloudFormation anew for each stack of that name."""
    return f"arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:${{AWS::AccountId}}:stack/{stack}/*"


def as_json(value: Json) -> Text:
    """Compact JSON with sorted keys: a configuration value may hold 1,000 characters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def environment_variables(given: Mapping[str, Text]) -> Mapping[str, Text]:
    """The configuration that gives a CodeBuild action these variables; nothing for none.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
    """
    variables = [{"name": name, "value": value} for name, value in sorted(given.items())]
    return {"EnvironmentVariables": json.dumps(variables, separators=(",", ":"), ensure_ascii=False)} if given else {}


def _around_description(stage: Stage, delivery: Delivery, description: str) -> Text:
    # Only what exists may be named: an unresolved variable fails the action.
    message = stage.approval.message if stage.approval else ""
    previous = delivery.previous
    tested = previous is not None and previous.tested and bool(delivery.tests or delivery.test_commands)
    tests = f"Tests in {previous.word}: #{{{previous.logical_id}Tests.Summary}}" if previous and tested else ""
    return "\n".join(part for part in (message, description, tests) if part)


def _lambda(name: str, function: Text, given: Mapping[str, Json], namespace: str) -> Action:
    return Action(
        name=name,
        category="Invoke",
        provider="Lambda",
        configuration={"FunctionName": function, "UserParameters": as_json(given)},
        namespace=namespace,
    )
