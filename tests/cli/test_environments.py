"""Stages in accounts of their own: their templates, their launch, and what is not done there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.aws import local
from tests.aws.local import FEW_ATTEMPTS, Cloud
from tests.cli.command_line import Ran, penstock
from tests.rehearsal.emulator.stacks import settled

STAGING, PRODUCTION = "111122223333", "444455556666"
FILE = f"""
service: {{service}}
source: {{{{codecommit: {{{{repository: {{service}}}}}}}}}}
environments:
  staging: {{{{account: "{STAGING}"}}}}
  production: {{{{account: "{PRODUCTION}"}}}}
stages:
- beta
- gamma: {{{{environment: staging}}}}
- prod: {{{{environment: production, approval: {{{{}}}}}}}}
"""


def project(folder: Path, service: str) -> Path:
    return local.repository(folder, FILE.format(service=service))


def test_generate_prints_the_template_of_an_environment_that_it_is_asked_for(tmp_path: Path) -> None:
    root = project(tmp_path, "printed")
    ran = penstock("generate", "--environment", "production", "--format", "json", cwd=root)
    resources = json.loads(ran.out)["Resources"]
    assert ran.code == 0
    assert resources["ActionRole"]["Properties"]["RoleName"] == {"Fn::Sub": "${ServiceName}-ActionRole-production"}
    assert "AWS::CodePipeline::Pipeline" not in {resource["Type"] for resource in resources.values()}


def test_generate_knows_no_environment_that_is_not_there(tmp_path: Path) -> None:
    ran = penstock("generate", "--environment", "prod", cwd=project(tmp_path, "unknown"))
    assert ran.code == 2
    assert "no stage lives in an environment 'prod' in another account" in ran.err
    assert "there are staging, production" in ran.err


def test_check_looks_at_the_template_of_every_environment(tmp_path: Path) -> None:
    ran = penstock("check", cwd=project(tmp_path, "checked"))
    assert (ran.code, ran.complaints) == (0, [])
    assert ran.out.count("looked at by cfn-lint") == 3


def test_an_environment_without_a_stage_is_a_warning(tmp_path: Path) -> None:
    root = project(tmp_path, "idle")
    file = root / "pipeline.yaml"
    file.write_text(file.read_text().replace("- gamma: {environment: staging}\n", ""))
    ran = penstock("check", cwd=root)
    assert ran.code == 0
    assert "no stage lives in the environment 'staging'" in ran.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--environment", "prod=x"), "there is no environment prod\n"),
        (("--environment", "production"), "--environment production names no profile"),
        (("--stack-name", "x"), "the environments let in the roles of wrong-pipeline alone"),
    ],
)
def test_a_launch_that_names_them_wrongly_does_not_begin(
    tmp_path: Path, options: tuple[str, str], message: str
) -> None:
    ran = penstock("launch", "--yes", *options, cwd=project(tmp_path, "wrong"))
    assert ran.code == 2
    assert message in ran.err


class Account:
    """An account of an emulator, with a profile for it, and `penstock` with that."""

    def __init__(self, cloud: Cloud, folder: Path, number: str | None = None) -> None:
        self.cloud = cloud
        self.number = number or cloud.emulator.settings.account
        keys = cloud.emulator.root(self.number)
        self._config = folder / "aws-config"
        self._config.write_text(
            f"[profile admin]\naws_access_key_id = {keys.access_key}\naws_secret_access_key = {keys.secret_key}\n"
        )

    def client(self, service: str) -> Any:
        """A client of the account."""
        return self.cloud.emulator.client(service, account=self.number)

    def penstock(self, command: str, *options: str, cwd: Path) -> Ran:
        """A command from the pipeline's account, with the profile `admin` for this one."""
        more = {"AWS_MAX_ATTEMPTS": FEW_ATTEMPTS, "AWS_CONFIG_FILE": str(self._config)}
        environment = {**self.cloud.emulator.environment(), **more}
        return penstock(command, *options, cwd=cwd, environ=environment)

    def launch(self, *options: str, cwd: Path) -> Ran:
        return self.penstock("launch", "--yes", "--output", "json", *options, cwd=cwd)


def test_a_launch_begins_with_the_environments_and_can_be_run_again(cloud: Cloud, tmp_path: Path) -> None:
    # An environment may also be in the account of the pipeline: its roles are told apart by their names.
    root, account = project(tmp_path, "several"), Account(cloud, tmp_path)
    file = root / "pipeline.yaml"
    file.write_text(file.read_text().replace(STAGING, cloud.door.account()))
    refused = account.launch("--environment=staging=admin", "--environment=production=admin", cwd=root)
    assert refused.code == 1
    message = f"the profile admin is of account {cloud.door.account()}, and production is {PRODUCTION}"
    assert message in refused.err
    stacks = {stack["StackName"] for stack in cloud.client("cloudformation").describe_stacks()["Stacks"]}
    assert not {name for name in stacks if name.startswith("several-")}
    first = account.launch("--environment=staging=admin", cwd=root)
    assert first.code == 0, first.err
    assert f"production in account {PRODUCTION} is not launched here" in first.err
    parsed = json.loads(first.out)
    environment = parsed["environments"]["several-environment-staging"]
    assert (environment["result"], parsed["result"]) == ("created", "created")
    roles = {role["RoleName"] for role in cloud.client("iam").list_roles()["Roles"]}
    assert {"several-ActionRole-staging", "several-ReadRole-staging", "several-DeployRole-Gamma"} <= roles
    (stack,) = cloud.client("cloudformation").describe_stacks(StackName="several-environment-staging")["Stacks"]
    whose = {"ParameterKey": "PipelineAccount", "ParameterValue": cloud.door.account()}
    assert whose in stack["Parameters"]
    parsed = json.loads(account.launch("--environment=staging=admin", cwd=root).out)
    environment = parsed["environments"]["several-environment-staging"]
    assert (environment["result"], parsed["result"]) == ("unchanged", "unchanged")


@pytest.fixture(scope="module")
def afar(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Afar:
    return Afar(cloud, tmp_path_factory.mktemp("afar"))


class Afar(Account):
    """A service with production in another account, launched by `penstock launch`."""

    def __init__(self, cloud: Cloud, folder: Path) -> None:
        super().__init__(cloud, folder, PRODUCTION)
        self.root = project(folder, "distant")
        file = self.root / "pipeline.yaml"
        file.write_text(file.read_text().replace("- gamma: {environment: staging}\n", ""))
        self.launched = self.launch(WITH_PROFILE, cwd=self.root)

    def doctor(self, *options: str) -> dict[str, list[str]]:
        """What the doctor finds in the environment, by verdict."""
        findings = json.loads(self.penstock("doctor", "--output", "json", *options, cwd=self.root).out)["findings"]
        mine = [each for each in findings if each["subject"] == "environment production"]
        return {
            verdict: [each["message"] for each in mine if each["verdict"] == verdict]
            for verdict in ("good", "wrong", "unseen")
        }

    def deploy(self) -> None:
        """The stack of prod as the pipeline deploys it, as far as CloudFormation knows."""
        role = f"arn:aws:iam::{self.number}:role/distant-DeployRole-Prod"
        body = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(StackName="distant-prod", TemplateBody=body, RoleARN=role)
        assert settled(cloudformation, "distant-prod") == "CREATE_COMPLETE"

    def left(self) -> set[str]:
        """What there is of the service in the other account."""
        stacks = {stack["StackName"] for stack in self.client("cloudformation").describe_stacks()["Stacks"]}
        roles = {role["RoleName"] for role in self.client("iam").list_roles()["Roles"]}
        policies = {policy["PolicyName"] for policy in self.client("iam").list_policies(Scope="Local")["Policies"]}
        return {name for name in (*stacks, *roles, *policies) if name.startswith("distant-")}


ROLES = ("ActionRole-production", "ReadRole-production", "DeployRole-Prod")
WITH_PROFILE = "--environment=production=admin"


def test_doctor_compares_the_trust_of_every_role_and_says_what_mends_it(afar: Afar) -> None:
    unseen = afar.doctor()
    assert unseen["unseen"] == [f"there is no profile for account {PRODUCTION}"]
    good = [text for text in afar.doctor(WITH_PROFILE)["good"] if "lets in" in text]
    assert [text.split()[0] for text in good] == [f"distant-{role}" for role in ROLES]
    iam = afar.client("iam")
    action = iam.get_role(RoleName="distant-ActionRole-production")["Role"]["AssumeRolePolicyDocument"]
    stranger = json.loads(json.dumps(action).replace("PipelineRole-*", "Pipeline-*"))
    iam.update_assume_role_policy(RoleName="distant-ActionRole-production", PolicyDocument=json.dumps(stranger))
    for policy in iam.list_role_policies(RoleName="distant-ReadRole-production")["PolicyNames"]:
        iam.delete_role_policy(RoleName="distant-ReadRole-production", PolicyName=policy)
    iam.delete_role(RoleName="distant-ReadRole-production")
    wrong, missing = afar.doctor(WITH_PROFILE)["wrong"]
    assert wrong.startswith(f"the trust of distant-ActionRole-production in account {PRODUCTION} is not the one that")
    assert missing.startswith(f"the role distant-ReadRole-production is missing in account {PRODUCTION}")
    iam.update_assume_role_policy(RoleName="distant-ActionRole-production", PolicyDocument=json.dumps(action))


def test_diff_compares_the_templates_of_all_accounts_that_it_has_profiles_for(afar: Afar) -> None:
    alone = afar.penstock("diff", cwd=afar.root)
    assert alone.code == 0, alone.err
    assert f"distant-environment-production in account {PRODUCTION} is not compared" in alone.err
    same = afar.penstock("diff", WITH_PROFILE, cwd=afar.root)
    assert (same.code, same.out.count("is what the pipeline file says")) == (0, 2)
    file = afar.root / "pipeline.yaml"
    written = file.read_text()
    file.write_text(written.replace(f'"{PRODUCTION}"', f'"{PRODUCTION}", tags: {{team: a}}'))
    differing = afar.penstock("diff", WITH_PROFILE, cwd=afar.root)
    file.write_text(written)
    assert differing.code == 1
    assert "~ ActionRole (AWS::IAM::Role)" in differing.out


def test_destroy_reaches_the_accounts_that_it_has_profiles_for_and_leaves_nothing(afar: Afar) -> None:
    assert afar.launched.code == 0, afar.launched.err
    afar.deploy()
    typo = afar.penstock("destroy", "--dry-run", "--environment=produktion=admin", cwd=afar.root)
    assert (typo.code, "there is no environment produktion" in typo.err) == (2, True)
    alone = afar.penstock("destroy", "--prod", "--yes", "distant", cwd=afar.root)
    assert alone.code == 0, alone.err
    assert f"the stack distant-prod in account {PRODUCTION}: this command has no profile" in alone.out
    assert "distant-prod" in afar.left()
    ran = afar.penstock("destroy", "--prod", "--yes", "distant", WITH_PROFILE, cwd=afar.root)
    assert ran.code == 0, ran.err
    assert "delete the stack distant-environment-production" in ran.out
    assert afar.left() == set()
    again = afar.penstock("destroy", "--prod", "--yes", "distant", WITH_PROFILE, cwd=afar.root)
    assert "there is nothing to take down" in again.out
