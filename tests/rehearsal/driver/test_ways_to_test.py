"""Tests that are commands and subsets of tests, run for real: a commit is built, deployed, tested."""

from __future__ import annotations

from generator.execution import ActionEnded
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small

APP = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
Resources:
  Clock:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return {"statusCode": 200, "body": "the time"}
      Events: {Time: {Type: HttpApi, Properties: {Path: /time, Method: get}}}
Outputs:
  ApiUrl: {Value: !Sub "https://${ServerlessHttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
"""
# Where there is a subset a command fails.
COMMANDS = """\
service: by-command
source: {codecommit: {repository: by-command}}
variables:
  Greeting: {default: hello}
app: {template: app.yaml, url: ApiUrl}
build: {environment: {GREETING: "#{variables.Greeting}"}, test: 'test "$GREETING" = hello'}
tests:
  commands:
    - test "$API_URL" = "$OUTPUT_ApiUrl"
    - python3 -c "import os, urllib.request as r; assert b'time' in r.urlopen(os.environ['API_URL'] + '/time').read()"
    - test "$STACK" = "by-command-$STAGE" && test "$SERVICE" = by-command && test -n "$COMMIT$EXECUTION_ID"
    - export Summary="$STAGE ran ${SUBSET:-everything}"
    - test "$SUBSET" != smoke
stages: [beta, {gamma: {tests: smoke}}, prod: {deploy: direct}]
"""
# The boundary of nobody: what AWS's own administrators may do.
SUBSET = """\
artifacts: {bucket: acme-artifacts}
permissions_boundary: arn:aws:iam::aws:policy/AdministratorAccess
"""


def test_commands_hear_of_outputs_and_of_the_subset_and_the_one_that_fails_stops_the_pipeline(stage: Stage) -> None:
    result = stage.rehearse(Small("by-command", app=APP, files={"pipeline.yaml": COMMANDS}))
    beta, gamma = [event for event in result.of(ActionEnded) if event.action == "Test"]
    assert (beta.status, beta.variables["Summary"]) == ("Succeeded", "beta ran everything"), result.logged
    assert (gamma.status, result.ended[-1]) == ("Failed", "Gamma/Test")
    assert "DeployTests/DeployTests" not in result.ended


def test_a_subset_reaches_the_test_function_and_artifacts_an_existing_bucket(stage: Stage) -> None:
    answer = 'return {"passed": 1, "failed": 0, "summary": f"ran {event[\'subset\']}"}'
    result = stage.rehearse(Small("by-subset", test=answer, stages="[{beta: {tests: smoke}}]", more=SUBSET))
    (tested,) = [event for event in result.of(ActionEnded) if event.action == "Test"]
    assert (tested.status, tested.variables["Summary"]) == ("Succeeded", "ran smoke"), result.logged
