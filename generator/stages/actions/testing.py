"""What tests a stage: start_tests with the functions or state machines of the test stack, or a build with commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.aws_rules import limits
from generator.model.action import Action
from generator.model.build import Build, Project
from generator.model.commands import TestCommands
from generator.model.function import Function
from generator.model.iam import Statement
from generator.model.pipeline import App, Delivery, Settings
from generator.model.stage import Stage
from generator.model.template import Output, Resource
from generator.model.tests import Tests
from generator.model.text import Json, Text
from generator.stages.actions import codebuild, lambda_
from generator.stages.actions.commands import EXECUTION, buildspec, read_outputs

_HERE = "${AWS::Region}:${AWS::AccountId}"
_TIMEOUT_SECONDS = 900
_PROJECT = codebuild.Naming(
    "${ServiceName}-tests",
    "TestProject",
    "Test",
    (
        "Runs the tests of every stage.",
        "What tests may do: read the commit and the outputs of the stages. The application is tested from outside.",
        "The log of the tests.",
    ),
)
# What the approver reads of tests that passed, unless a command says something else; and a report that is there even if
# no command writes one, since none may fail the build.
_BEGINNING = """\
      - export Summary=passed
      - mkdir -p reports
      - echo '<testsuite name="x"><testcase name="no report"><skipped/></testcase></testsuite>' > reports/none.xml
"""
_END = """\
env:
  exported-variables: [Summary]
reports:
  tests: {files: ["*.xml"], base-directory: reports, file-format: JUNITXML}
"""


def test(stage: Stage, delivery: Delivery) -> tuple[Action, ...]:
    """The action that tests a stage, when it is tested at all."""
    runner = delivery.test_runner
    if not stage.tested or not runner:
        return ()
    if isinstance(runner, Project):
        return (_run_commands(stage, delivery, runner),)
    return (_run_functions(stage, delivery, runner),)


def start_tests(
    code: str, tests: Tests, stages: Sequence[Stage], settings: Settings, alarm_topics: Sequence[Text]
) -> Function:
    """The function that runs the tests of every tested stage; topics hear when it fails itself."""
    output = Output("StartTestsName", "${StartTests}", "The function that runs the tests of every stage.")
    return lambda_.function(
        "StartTests",
        "start_tests",
        (code, _TIMEOUT_SECONDS, "Runs a stage's integration tests and answers CodePipeline, whatever the tests do."),
        settings,
        _test_rights(tests, [stage.stack for stage in stages if stage.tested]),
        companions=(_once(), _alarm(alarm_topics)),
        output=output,
    )


def test_project(tests: TestCommands, build: Build, app: App, stages: Iterable[Stage], settings: Settings) -> Project:
    """The project that runs the commands which test every stage, on the machine of the build."""
    url = (f'export API_URL="${{OUTPUT_{app.url}:?the stack has no such output}}"',) if app.url else ()
    versions = ", ".join(f'{name}: "{version}"' for name, version in sorted(tests.runtimes.items()))
    install = f"  install:\n    runtime-versions: {{{versions}}}\n" if versions else ""
    written = buildspec((*url, *tests.commands), install=install, first=_BEGINNING, last=_END)
    work = codebuild.Work(build.machine._replace(cache="none"), written, {"SERVICE": "${ServiceName}"})
    statements = (
        *codebuild.read_artifacts(settings),
        read_outputs(stage.stack for stage in stages if stage.tested),
        codebuild.report(_PROJECT),
    )
    return codebuild.project(_PROJECT, work, settings, statements)


def _run_commands(stage: Stage, delivery: Delivery, project: Project) -> Action:
    environment = {"COMMIT": delivery.commit, "EXECUTION_ID": EXECUTION, "STACK": stage.stack, "STAGE": stage.word}
    subset = {"SUBSET": stage.subset} if stage.subset else {}
    return codebuild.action(
        "Test", project, "tests", environment | subset, test=True, namespace=f"{stage.logical_id}Tests"
    )


def _run_functions(stage: Stage, delivery: Delivery, runner: Function) -> Action:
    outputs = delivery.tests.outputs if isinstance(delivery.tests, Tests) else ()
    parameters = {
        "service": "${ServiceName}",
        "stage": stage.word,
        "stack": stage.stack,
        "commit": delivery.commit,
        "execution_id": EXECUTION,
        "functions": [f"#{{TestStack.{output}}}" for output in outputs],
    }
    if stage.subset:
        parameters["subset"] = stage.subset
    if delivery.app.url:
        parameters["url"] = delivery.app.url
    return lambda_.action("Test", runner, "tests", parameters, f"{stage.logical_id}Tests")


def _test_rights(tests: Tests, stacks: Sequence[Text]) -> Iterator[Statement]:
    states = f"arn:${{AWS::Partition}}:states:{_HERE}"
    functions = f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:{tests.stack}-*"
    yield read_outputs(stacks)
    if tests.functions:
        yield Statement("InvokeTests", ("lambda:InvokeFunction",), (functions,))
    if tests.state_machines:
        yield Statement("StartTestMachines", ("states:StartExecution",), (f"{states}:stateMachine:{tests.stack}-*",))
        yield Statement("FollowTestMachines", ("states:DescribeExecution",), (f"{states}:execution:{tests.stack}-*",))


def _once() -> Resource:
    properties = {
        "FunctionName": "${StartTests}",
        "Qualifier": "$LATEST",
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": limits.ACTION_SILENCE_SECONDS,
    }
    comment = "Lambda would run a failed start_tests twice more, and with it the tests."
    return Resource("StartTestsOnce", "AWS::Lambda::EventInvokeConfig", properties, comment)


def _alarm(topics: Sequence[Text]) -> Resource:
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
    if topics:
        properties["AlarmActions"] = list(topics)
    comment = "start_tests answers every job; an error of its own is worth a look."
    return Resource("StartTestsErrors", "AWS::CloudWatch::Alarm", properties, comment)
