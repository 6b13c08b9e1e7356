"""The pipeline's two Lambda functions: one runs the tests of a stage, one tells the approver what will change."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.iam import Statement
from generator.model.pipeline import Pipeline
from generator.model.template import Resource
from generator.model.text import Json, literal
from generator.render import logs
from generator.render.notices import alarm_topics
from generator.render.policies import role
from generator.stages.actions import stack_arn

_RUNTIME = "python3.13"
_HERE = "${AWS::Region}:${AWS::AccountId}"
# CodePipeline gives up after 20 minutes of silence: https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
_OLDEST_EVENT_SECONDS = 1200
_ANSWER = ("codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult")


def resources(pipeline: Pipeline) -> Iterator[Resource]:
    """The functions this pipeline needs, with role, log group and how they are invoked."""
    if pipeline.tests:
        yield from _start_tests(pipeline)
        yield _once()
        yield _alarm(pipeline)
    if described(pipeline):
        yield from _describe_changes(pipeline)


def names(pipeline: Pipeline) -> tuple[str, ...]:
    """The logical ids of the functions the pipeline invokes."""
    return (*(("StartTests",) if pipeline.tests else ()), *(("DescribeChanges",) if described(pipeline) else ()))


def described(pipeline: Pipeline) -> bool:
    """Whether somebody is asked to approve, and so wants to know what will change."""
    return any(stage.approval for stage in pipeline.stages)


def _start_tests(pipeline: Pipeline) -> tuple[Resource, ...]:
    comment = "Runs a stage's integration tests and answers CodePipeline, whatever the tests do."
    return _function(
        pipeline,
        "StartTests",
        "start_tests",
        (pipeline.start_tests, 900, comment),
        tuple(_test_rights(pipeline)),
    )


def _describe_changes(pipeline: Pipeline) -> tuple[Resource, ...]:
    comment = "Says in words what a change set will do, before somebody approves it."
    stacks = tuple(stack_arn(stage.stack) for stage in pipeline.stages if stage.approval)
    execution = f"arn:${{AWS::Partition}}:codepipeline:{_HERE}:${{ServiceName}}-pipeline"
    rights = (
        Statement("ReadChangeSets", ("cloudformation:DescribeChangeSet",), stacks),
        Statement("ReadCommit", ("codepipeline:GetPipelineExecution",), (execution,)),
    )
    return _function(pipeline, "DescribeChanges", "describe_changes", (pipeline.describe_changes, 60, comment), rights)


def _test_rights(pipeline: Pipeline) -> Iterator[Statement]:
    tests = pipeline.tests
    if not tests:
        return
    stacks = tuple(stage.stack for stage in pipeline.stages if stage.tested)
    states = f"arn:${{AWS::Partition}}:states:{_HERE}"
    functions = f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:{tests.stack}-*"
    yield Statement("ReadOutputs", ("cloudformation:DescribeStacks",), tuple(stack_arn(stack) for stack in stacks))
    if tests.functions:
        yield Statement("InvokeTests", ("lambda:InvokeFunction",), (functions,))
    if tests.state_machines:
        yield Statement("StartTestMachines", ("states:StartExecution",), (f"{states}:stateMachine:{tests.stack}-*",))
        yield Statement("FollowTestMachines", ("states:DescribeExecution",), (f"{states}:execution:{tests.stack}-*",))


def _function(
    pipeline: Pipeline, logical_id: str, name: str, made_of: tuple[str, int, str], rights: tuple[Statement, ...]
) -> tuple[Resource, ...]:
    code, timeout, comment = made_of
    # CodePipeline gives a job's answer no resource to name:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
    answer = Statement("AnswerJobs", _ANSWER, ("*",))
    log = f"{logical_id}Logs"
    properties: dict[str, Json] = {
        "FunctionName": f"${{ServiceName}}_{name}",
        "Runtime": _RUNTIME,
        "Handler": "index.handler",
        "Code": {"ZipFile": literal(code)},
        "Role": f"${{{logical_id}Role.Arn}}",
        "MemorySize": 256,
        "Timeout": timeout,
        "LoggingConfig": {"LogGroup": f"${{{log}}}"},
    }
    return (
        Resource(logical_id, "AWS::Lambda::Function", properties, comment),
        *role(f"{logical_id}Role", "lambda", (logs.write(log), answer, *rights), f"What {name} may do."),
        logs.group(pipeline, log, f"/aws/lambda/${{ServiceName}}_{name}", f"The log of {name}."),
    )


def _once() -> Resource:
    properties = {
        "FunctionName": "${StartTests}",
        "Qualifier": "$LATEST",
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": _OLDEST_EVENT_SECONDS,
    }
    comment = "Lambda would run a failed start_tests twice more, and with it the tests."
    return Resource("StartTestsOnce", "AWS::Lambda::EventInvokeConfig", properties, comment)


def _alarm(pipeline: Pipeline) -> Resource:
    properties: dict[str, Json] = {
        "AlarmDescription": "start_tests of ${ServiceName} failed, so that a job may be without an answer",
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": "${StartTests}"}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    if topics := alarm_topics(pipeline):
        properties["AlarmActions"] = topics
    comment = "start_tests answers every job; an error of its own is worth a look."
    return Resource("StartTestsErrors", "AWS::CloudWatch::Alarm", properties, comment)
