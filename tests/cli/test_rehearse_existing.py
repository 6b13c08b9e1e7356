"""`penstock rehearse` with the key `existing`: what the pipeline file says of the account is there, for every kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.rehearsals import Machine, events
from tests.rehearsal.driver.small import BUILDSPEC, TESTS, Small

BOUNDARY = "arn:aws:iam::111122223333:policy/teams/edge"
# The parameter, the export and the secret's field each become something that a resource has, or an output.
APP = """\
Parameters:
  Stage: {Type: String}
  Endpoint: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/endpoint}
Resources:
  Greeting:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub "${AWS::StackName}-Greeting"
      Tags:
        - {Key: user, Value: '{{resolve:secretsmanager:shop/database:SecretString:user}}'}
        - {Key: network, Value: !ImportValue shop-Vpc}
Outputs:
  GreetingUrl: {Value: !Ref Endpoint}
"""
EXTRA = """\
deploy_role:
  permissions_boundary: %s
  extra:
    - {actions: [ssm:GetParameters], resources: ["arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/shop/endpoint"]}
    - {actions: [secretsmanager:GetSecretValue], resources: ["arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:shop/database-*"]}
"""  # noqa: E501 - a statement stands on one line where it is pasted
EXISTING = """\
existing:
  ssm: {/shop/endpoint: "https://shop.example.com"}
  export: {shop-Vpc: vpc-4711}
  secret: {shop/database: [user, password]}
  policy: {"%s": boundary.json}
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


def test_a_rehearsal_has_what_the_file_says_is_there(machine: Machine, tmp_path: Path) -> None:
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    bound = f"      PermissionsBoundary: {BOUNDARY}\n      Runtime:"
    test = 'return {"passed": int(event["outputs"]["GreetingUrl"] == "https://shop.example.com"), "failed": 0}'
    small = Small(
        "existing",
        app=APP,
        stages="[beta]",
        more=EXTRA % BOUNDARY + EXISTING % BOUNDARY,
        files={
            "boundary.json": json.dumps(everything),
            "tests.yaml": (TESTS % (60, test)).replace("      Runtime:", bound),
            "buildspec.yml": BUILDSPEC % "echo building",
        },
    )
    ran = machine.rehearse(small.commit(tmp_path / "repository"), "--approve", "yes", "--output", "json")
    result = events(ran)[-1]
    assert (ran.code, result["status"]) == (0, "Succeeded"), ran.out[-3000:] + ran.err
