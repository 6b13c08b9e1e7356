"""Shell commands that are the tests, run on CodeBuild in the repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from generator.model.action import Action
from generator.model.build import Project
from generator.model.commands import CommandTests
from generator.model.pipeline import App, Delivery, Pipeline
from generator.model.stage import Stage
from generator.model.text import Json, Text
from generator.stages.actions import codebuild
from generator.stages.actions.commands import (
    EXECUTION,
    buildspec,
    exported,
    install,
    output_variable,
    read_outputs,
    reads,
    stacks,
)

NEEDS_STACK = False
OTHER_SPELLINGS: tuple[str, ...] = ()
SCHEMA: Mapping[str, Json] = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": 2000},
    "minItems": 1,
    "maxItems": 50,
    "description": "Commands that are the tests instead, in the repository, without a test stack: API_URL, "
    "OUTPUT_<name> for every output of the stage's stack, STAGE, STACK, SERVICE, COMMIT, EXECUTION_ID, SUBSET "
    "are variables. Summary, if a command exports it, is shown to the approver; reports/*.xml are reports.",
    "examples": [["pip install -q -r requirements-dev.txt", "pytest -q integration_tests"]],
}
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
# no command writes one, since none may fail the build. It counts only where it is alone.
_BEGINNING = """\
      - export Summary=passed
      - mkdir -p reports
      - echo '<testsuite name="x"><testcase name="no report"><skipped/></testcase></testsuite>' > reports/none.xml
"""
_END = """\
    finally:
      - if [ "$(ls reports/*.xml | wc -l)" -gt 1 ]; then rm -f reports/none.xml; fi
env:
  exported-variables: [Summary]
reports:
  tests: {files: ["*.xml"], base-directory: reports, file-format: JUNITXML}
"""


def read(settings: Sequence[str], versions: Mapping[str, str]) -> Mapping[str, Json]:
    """The commands, and the versions of the languages they run with."""
    return {"test_commands": CommandTests(tuple(settings), versions)}


def runner(pipeline: Pipeline, _alarm_topics: Sequence[Text]) -> Project:
    """The project that runs the commands which test every stage, on the machine of the build."""
    statements = (
        *codebuild.read_artifacts(pipeline.settings),
        *read_outputs(stage for stage in pipeline.stages if stage.tested),
        codebuild.report(_PROJECT),
    )
    machine = pipeline.build.machine._replace(cache="none")
    work = codebuild.Work(machine, _buildspec(pipeline), {"SERVICE": "${ServiceName}"})
    return codebuild.project(_PROJECT, work, pipeline.settings, statements)


def action(_pipeline: Pipeline, stage: Stage, delivery: Delivery, project: Project) -> Action:
    """The action that runs the commands against a stage."""
    environment = {
        "COMMIT": delivery.commit,
        "EXECUTION_ID": EXECUTION,
        **stacks(stage),
        **exported(stage),
        "STAGE": stage.word,
    }
    subset = {"SUBSET": stage.subset} if stage.subset else {}
    return codebuild.action(
        "Test", project, "tests", environment | subset, test=True, namespace=f"{stage.logical_id}Tests"
    )


def _buildspec(pipeline: Pipeline) -> str:
    tests = pipeline.test_commands or CommandTests((), {})
    lines = (*_url(pipeline.app), *tests.commands)
    return buildspec(lines, reads(pipeline.stages), install=install(tests.runtimes), first=_BEGINNING, last=_END)


def _url(app: App) -> Iterable[str]:
    return (f'export API_URL="${{{output_variable(app)}:?there is no such output}}"',) if app.url else ()
