"""A pipeline whose production is in another account and another region, from nothing to the end."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.driver import permissions
from generator.rehearsal.driver.stack_cause import stack_cause
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.accounts import templates
from tests.rehearsal.accounts.templates import AWAY, AWAY_BUCKET, HOME, HOME_BUCKET, NAME, PACKAGE, PROD, REGION
from tests.rehearsal.codepipeline.emulated_pipeline import until
from tests.rehearsal.emulator.lambdas import archive
from tests.rehearsal.emulator.repositories import commit, git
from tests.rehearsal.emulator.stacks import CAPABILITIES, settled

Without = Callable[["TwoAccounts"], "contextlib.AbstractContextManager[str]"]


class TwoAccounts:
    """Everything launched in its order, the target first, and a commit pushed."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.pipelines = emulator.client("codepipeline")
        self.away_key = self._launch("region", templates.region_template(), HOME, AWAY)["Key"]
        code = archive({"index.py": "def handler(event, context): return 'from prod'"})
        emulator.client("s3", region=AWAY).put_object(Bucket=AWAY_BUCKET, Key=PACKAGE, Body=code)
        self._launch("environment", templates.environment_template(self.away_key), PROD, AWAY)
        emulator.client("codecommit").create_repository(repositoryName=NAME)
        git(folder, "init", "--quiet", "--initial-branch=main")
        commit(folder, "first", **{"app.json": json.dumps(templates.app_template())})
        emulator.push(NAME, folder)
        self.home_key = self._launch("pipeline", templates.pipeline_template(self.away_key), HOME, REGION)["Key"]
        (first,) = self.pipelines.list_pipeline_executions(pipelineName=NAME)["pipelineExecutionSummaries"]
        self.execution = self.ended(first["pipelineExecutionId"])
        self.actions = self.actions_of(self.execution)

    def _launch(self, name: str, template: dict[str, Any], account: str, region: str) -> dict[str, str]:
        client = self.emulator.client("cloudformation", account=account, region=region)
        stack = f"{NAME}-{name}"
        client.create_stack(StackName=stack, TemplateBody=json.dumps(template), Capabilities=CAPABILITIES)
        status = settled(client, stack)
        events = client.describe_stack_events(StackName=stack)["StackEvents"]
        assert status == "CREATE_COMPLETE", [event.get("ResourceStatusReason") for event in events]
        outputs = client.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    def ended(self, execution: str) -> dict[str, Any]:
        ended: dict[str, Any] = until(lambda: self._over(execution), "the end of the execution")
        return ended

    def again(self) -> dict[str, dict[str, Any]]:
        """The results of the actions of another execution, by name."""
        started = self.pipelines.start_pipeline_execution(name=NAME)["pipelineExecutionId"]
        return self.actions_of(self.ended(started))

    def _over(self, execution: str) -> dict[str, Any] | None:
        named = {"pipelineName": NAME, "pipelineExecutionId": execution}
        answer: dict[str, Any] = self.pipelines.get_pipeline_execution(**named)["pipelineExecution"]
        return answer if answer["status"] not in {"InProgress", "Stopping"} else None

    def actions_of(self, execution: dict[str, Any]) -> dict[str, dict[str, Any]]:
        details = self.pipelines.list_action_executions(
            pipelineName=NAME, filter={"pipelineExecutionId": execution["pipelineExecutionId"]}
        )["actionExecutionDetails"]
        return {detail["actionName"]: detail["output"].get("executionResult", {}) for detail in details}


@pytest.fixture(scope="module")
def two_accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoAccounts]:
    with Emulator(os.environ) as emulator:
        yield TwoAccounts(emulator, tmp_path_factory.mktemp("source"))


def test_the_pipeline_reaches_the_other_account_and_region(two_accounts: TwoAccounts) -> None:
    results = two_accounts.actions
    assert two_accounts.execution["status"] == "Succeeded", (results, two_accounts.emulator.ledger()["denials"])
    assert results["Test"]["externalExecutionSummary"] == '1 passed: "from prod"'
    stacks = two_accounts.emulator.client("cloudformation", account=PROD, region=AWAY)
    assert stacks.describe_stacks(StackName=f"{NAME}-app")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    functions = two_accounts.emulator.client("lambda").list_functions()["Functions"]
    assert functions == []


def test_only_the_artifact_that_is_read_there_is_replicated(two_accounts: TwoAccounts) -> None:
    s3 = two_accounts.emulator.client
    home = s3("s3").list_objects_v2(Bucket=HOME_BUCKET)["Contents"]
    away = s3("s3", region=AWAY).list_objects_v2(Bucket=AWAY_BUCKET)["Contents"]
    (artifact,) = [entry["Key"] for entry in home]
    assert {entry["Key"] for entry in away} == {PACKAGE, artifact}
    key = s3("s3", region=AWAY).head_object(Bucket=AWAY_BUCKET, Key=artifact)["SSEKMSKeyId"]
    assert key == two_accounts.away_key


def test_every_statement_of_every_account_is_needed_and_its_loss_named(two_accounts: TwoAccounts) -> None:
    here = {PROD: ("action", "app", "deploy", "tests"), HOME: ("pipeline",)}
    roles = [templates.role_arn(account, role) for account, names in here.items() for role in names]
    resources = [f"arn:aws:s3:::{AWAY_BUCKET}", two_accounts.away_key, two_accounts.home_key]
    statements = two_accounts.emulator.needed_statements(roles, [], resources)
    assert {holder for statement in statements for holder in statement["holders"]} == {*roles, *resources}
    assert len(statements) == STATEMENTS
    lost = {(statement["holders"][0], statement["sid"]): statement["first"] for statement in statements}
    assert [key for key, statement in zip(lost, statements, strict=True) if not statement["needed"]] == []
    # What is refused without a statement is asked in the name of an account, or of a service.
    assert [key for key, first in lost.items() if not _PRINCIPAL.match(first["principal"])] == []


def test_the_report_of_permissions_has_the_roles_that_actions_work_with_elsewhere(two_accounts: TwoAccounts) -> None:
    roles = permissions.roles_of(two_accounts.emulator, f"{NAME}-pipeline")
    assert sorted(roles.names.values()) == [f"{PROD}/{NAME}-action", f"{PROD}/{NAME}-deploy", "Role"]
    shown = permissions.statements(two_accounts.emulator, roles, {})
    assert {statement.verdict for statement in shown} == {"needed"}
    assert {statement.holders for statement in shown} == {(name,) for name in roles.names.values()}


def test_the_cause_of_a_stack_that_failed_elsewhere_is_found_by_its_id(two_accounts: TwoAccounts) -> None:
    began = datetime.now(UTC)
    cloudformation = two_accounts.emulator.client("cloudformation", account=PROD, region=AWAY)
    broken = {"Resources": {"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "no-such-bucket"}}}}
    identity = cloudformation.create_stack(StackName=f"{NAME}-broken", TemplateBody=json.dumps(broken))["StackId"]
    settled(cloudformation, identity)
    assert stack_cause(two_accounts.emulator, identity, began).startswith("Policy (AWS::S3::BucketPolicy): ")


STATEMENTS = 26
_PRINCIPAL = re.compile(rf"arn:aws:(iam|sts)::({HOME}|{PROD}):(assumed-)?role/{NAME}-|[a-z]+\.amazonaws\.com$")
_ACTION = f"arn:aws:sts::{PROD}:assumed-role/{NAME}-action/"
_NOBODY = {"Principal": {"AWS": "arn:aws:iam::999999999999:root"}}


@contextlib.contextmanager
def without_bucket_policy(launched: TwoAccounts) -> Iterator[str]:
    s3 = launched.emulator.client("s3", region=AWAY)
    policy = s3.get_bucket_policy(Bucket=AWAY_BUCKET)["Policy"]
    s3.delete_bucket_policy(Bucket=AWAY_BUCKET)
    yield f"User: {_ACTION}.* is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::{AWAY_BUCKET}/"
    s3.put_bucket_policy(Bucket=AWAY_BUCKET, Policy=policy)


@contextlib.contextmanager
def without_key_policy(launched: TwoAccounts) -> Iterator[str]:
    kms, named = launched.emulator.client("kms", region=AWAY), {"KeyId": launched.away_key, "PolicyName": "default"}
    policy = json.loads(kms.get_key_policy(**named)["Policy"])
    kept = {**policy, "Statement": [each for each in policy["Statement"] if each["Sid"] != "Decrypt"]}
    kms.put_key_policy(**named, Policy=json.dumps(kept))
    yield f"User: {_ACTION}.* is not authorized to perform: kms:Decrypt on resource: {launched.away_key} "
    kms.put_key_policy(**named, Policy=json.dumps(policy))


@contextlib.contextmanager
def without_trust(launched: TwoAccounts) -> Iterator[str]:
    iam, role = launched.emulator.client("iam", account=PROD), f"{NAME}-action"
    trusted = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(templates.trust("Nobody", {}, **_NOBODY)))
    who = f"arn:aws:sts::{HOME}:assumed-role/{NAME}-pipeline/"
    there = templates.role_arn(PROD, "action")
    yield f"User: {who}.* is not authorized to perform: sts:AssumeRole on resource: {there}"
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trusted))


@pytest.mark.parametrize("without", [without_bucket_policy, without_key_policy, without_trust])
def test_without_the_other_accounts_leave_the_action_fails_and_says_whom_it_lacks(
    two_accounts: TwoAccounts, without: Without
) -> None:
    with without(two_accounts) as words:
        error = two_accounts.again()["Changes"]["errorDetails"]
    assert error["code"] == "PermissionError"
    assert re.match(words, error["message"]), error["message"]
