"""A compose file as it is: services of the Serverless Framework go to prod beside one of SAM, and pass outputs on."""

from __future__ import annotations

from pathlib import Path

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.frameworks.applications import deployed, rehearse

DATABASE = """\
service: todo-database
provider: {name: aws, runtime: python3.13}
resources:
  Resources:
    Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: "todo-database-${sls:stage}-jobs"}}
    Items:
      Type: AWS::DynamoDB::Table
      Properties:
        BillingMode: PAY_PER_REQUEST
        AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
        KeySchema: [{AttributeName: id, KeyType: HASH}]
  Outputs:
    TableName: {Value: {Ref: Items}}
    QueueArn: {Value: {Fn::GetAtt: [Queue, Arn]}}
"""
API = """\
service: todo-api
provider:
  name: aws
  runtime: python3.13
  environment: {TABLE: "${param:tableName}", WORDS: "${sls:stage} keeps ${param:tableName}"}
  iam:
    role:
      statements:
        - {Effect: Allow, Action: "sqs:SendMessage", Resource: "${param:queueArn}"}
functions:
  hello:
    handler: hello.handler
    events:
      - httpApi: GET /
      - sqs: {arn: "${param:queueArn}"}
"""
FILES = {
    "backend-database/serverless.yml": DATABASE,
    "backend-api/serverless.yml": API,
    "backend-api/hello.py": """\
import os
def handler(event, context):
    return {"statusCode": 200, "body": os.environ["WORDS"]}
""",
    "site/template.yaml": """\
Parameters: {Url: {Type: String}}
Resources:
  Requests:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "${AWS::StackName}-requests", Tags: [{Key: url, Value: !Ref Url}]}
""",
    "serverless-compose.yml": """\
services:
  database: {path: backend-database}
  api:
    path: backend-api
    params: {tableName: "${database.TableName}", queueArn: "${database.QueueArn}"}
  site: {path: site, dependsOn: database, params: {Url: "${api.HttpApiUrl}"}}
""",
    "pipeline.yaml": """\
service: todos
source: {codecommit: {repository: todos}}
services: serverless-compose.yml
app: {url: "${api.HttpApiUrl}"}
stages: [beta, prod]
""",
}


def test_services_of_several_frameworks_get_to_prod_with_each_other_s_outputs(
    emulator: Emulator, tmp_path: Path
) -> None:
    result = rehearse(emulator, tmp_path, FILES)
    assert (result.outcome.status, result.outcome.reason) == ("Succeeded", ""), result.logged
    cloudformation = emulator.client("cloudformation")
    (stack,) = cloudformation.describe_stacks(StackName="todo-api-prod")["Stacks"]
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert parameters["PenstockParametertableName"].startswith("todo-database-prod-Items-")
    assert parameters["PenstockParameterqueueArn"].endswith(":todo-database-prod-jobs")
    function = deployed(emulator, "todo-api-prod")["Resources"]["HelloLambdaFunction"]["Properties"]
    assert function["Environment"]["Variables"] == {
        "TABLE": {"Ref": "PenstockParametertableName"},
        "WORDS": {"Fn::Join": ["", ["prod keeps ", {"Ref": "PenstockParametertableName"}]]},
    }
    logs = emulator.client("logs")
    url = logs.list_tags_log_group(logGroupName="todos-site-prod-requests")["tags"]["url"]
    assert url in result.outcome.stages[-1].urls
