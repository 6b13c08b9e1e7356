"""start_tests: the function that runs what is in the test stack, whichever kinds of outputs name it."""

from __future__ import annotations

from collections.abc import Sequence

from generator.aws_rules import limits
from generator.model.action import Action
from generator.model.function import Function
from generator.model.pipeline import Delivery, Pipeline
from generator.model.stage import Stage
from generator.model.template import Output, Resource
from generator.model.text import Json, Text
from generator.stages.actions import lambda_
from generator.stages.actions.cloudformation import read_from
from generator.stages.actions.commands import EXECUTION, read_outputs


def runner(pipeline: Pipeline, alarm_topics: Sequence[Text]) -> Function:
    """The function that runs the tests of every tested stage; topics hear when it fails itself."""
    comment = "Runs a stage's integration tests and answers CodePipeline, whatever the tests do."
    statements = pipeline.tests.statements if pipeline.tests else ()
    function = lambda_.function(
        "StartTests",
        "start_tests",
        (pipeline.start_tests, limits.FUNCTION_SECONDS, comment),
        pipeline.settings,
        (*read_outputs(stage for stage in pipeline.stages if stage.tested), *statements),
    )
    name = function.reference
    output = Output("StartTestsName", name, "The function that runs the tests of every stage.")
    return function._replace(companions=(_once(name), _alarm(name, alarm_topics)), output=output)


def action(pipeline: Pipeline, stage: Stage, delivery: Delivery, function: Function) -> Action:
    """The action that has start_tests run the tests against a stage."""
    outputs = pipeline.tests.outputs if pipeline.tests else ()
    parameters = {
        "service": "${ServiceName}",
        "stage": stage.word,
        **({"deployed": dict(stage.exported)} if stage.by_commands else {"stack": stage.stacks()}),
        "commit": delivery.commit,
        "execution_id": EXECUTION,
        "functions": [f"#{{TestStack.{output}}}" for output in outputs],
        **read_from(stage),
    }
    if stage.subset:
        parameters["subset"] = stage.subset
    if delivery.app.url:
        parameters["url"] = delivery.app.output
    return lambda_.action("Test", function, "tests", parameters, f"{stage.logical_id}Tests")


def _once(name: Text) -> Resource:
    properties = {
        "FunctionName": name,
        "Qualifier": "$LATEST",
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": limits.ACTION_SILENCE_SECONDS,
    }
    comment = "Lambda would run a failed start_tests twice more, and with it the tests."
    return Resource("StartTestsOnce", "AWS::Lambda::EventInvokeConfig", properties, comment)


def _alarm(name: Text, topics: Sequence[Text]) -> Resource:
    properties: dict[str, Json] = {
        "AlarmDescription": "start_tests of ${ServiceName} failed, so that a job may be without an answer",
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": name}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    if topics:
        properties["AlarmActions"] = list(topics)
    comment = "start_tests answers every job; an error of its own is worth a look."
    return Resource("StartTestsErrors", "AWS::CloudWatch::Alarm", properties, comment)
