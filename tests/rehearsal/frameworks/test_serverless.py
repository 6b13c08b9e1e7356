"""An application of the Serverless Framework, packaged by osls, goes to prod as CloudFormation stacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Rehearsed
from tests.rehearsal.frameworks.applications import deployed, rehearse

SERVICE = Path(__file__).with_name("every_event_source.yml").read_text()
FILES = {
    "serverless.yml": SERVICE,
    "hello.py": """\
import os
import words
def handler(event, context):
    return {"statusCode": 200, "body": os.environ["GREETING"] + words.END}
""",
    "words/python/words.py": "END = '!'\n",
    "pipeline.yaml": """\
service: listed
source: {codecommit: {repository: listed}}
stages: [beta, {prod: {parameters: {Greeting: good day}}}]
# What no baseline has.
deploy_role:
  extra:
    - actions: ["kinesis:*", "elasticloadbalancing:*", "iot:*", "ec2:*", "cloudfront:*"]
      resources: ["*"]
""",
}


@pytest.fixture(scope="module")
def rehearsed(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    return rehearse(emulator, tmp_path_factory.mktemp("listed"), FILES)


def test_a_service_gets_to_prod_with_the_parameters_of_each_stage(rehearsed: Rehearsed) -> None:
    assert (rehearsed.outcome.status, rehearsed.outcome.reason) == ("Succeeded", ""), rehearsed.logged
    assert rehearsed.ended[-1] == "Prod/Test"
    denials = rehearsed.outcome.denials
    # What the tool adds for existing buckets may not write its log, on AWS neither: `logs: {frameworkLambda: true}`.
    denied = {denial.principal.rpartition("/")[2].partition("-IamRole")[2].partition("-")[0] for denial in denials}
    assert denied <= {"CustomResourcesLambdaExecution"}


@pytest.mark.usefixtures("rehearsed")
def test_stacks_have_the_names_and_tags_that_sls_deploy_gives(emulator: Emulator) -> None:
    stacks = emulator.client("cloudformation").describe_stacks(StackName="todo-beta")["Stacks"]
    assert {tag["Key"]: tag["Value"] for tag in stacks[0]["Tags"]} == {"STAGE": "beta", "team": "blue"}


@pytest.mark.usefixtures("rehearsed")
def test_code_is_called_by_its_content_and_is_the_same_in_each_stage(emulator: Emulator) -> None:
    beta, prod = (deployed(emulator, f"todo-{stage}")["Resources"] for stage in ("beta", "prod"))
    code = [resources["HelloLambdaFunction"]["Properties"]["Code"] for resources in (beta, prod)]
    assert code[0] == code[1]
    assert code[0]["S3Key"].startswith("Packaged/")
    assert beta["WordsLambdaLayer"]["Properties"]["Content"] == prod["WordsLambdaLayer"]["Properties"]["Content"]
