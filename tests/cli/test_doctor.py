"""`penstock doctor` against AWS on this machine: before the launch, after it, and with something wrong each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from generator.rehearsal.emulator.handle import Emulator
from tests.aws import quotas
from tests.aws.local import Cloud, repository
from tests.cli.command_line import SOURCES, Ran, penstock

pytestmark = pytest.mark.slow

OFTEN = {"Delay": 0.1, "MaxAttempts": 100}
DELIVERIES = "service: inbox\nsource:\n  s3: {bucket: inbox-deliveries, create: false}\n"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """An account of its own, whose quotas can be looked at."""
    with Emulator(os.environ, mounts=quotas.MOUNT) as emulator:
        yield Cloud(emulator)


def doctor(root: Path, environment: dict[str, str]) -> Ran:
    """The command in an environment of the test's own."""
    done = subprocess.run(
        [sys.executable, "-m", "generator.cli", "doctor"],
        cwd=root,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "AWS_MAX_ATTEMPTS": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def root(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose pipeline is launched."""
    return launched(cloud, tmp_path_factory.mktemp("standing"), "standing")


def pipeline_file(service: str, rest: str = "") -> str:
    return f"service: {service}\nsource:\n  codecommit: {{repository: {service}}}\n{rest}"


def launched(cloud: Cloud, folder: Path, service: str) -> Path:
    """A repository whose pipeline is launched."""
    root = repository(folder, pipeline_file(service, "stages: [beta]\n"))
    assert cloud.penstock("launch", "--yes", cwd=root).code == 0
    return root


def findings(cloud: Cloud, root: Path, *options: str) -> dict[str, Any]:
    """The findings by subject: the last one of each."""
    ran = cloud.penstock("doctor", "--output", "json", *options, cwd=root)
    return {finding["subject"]: finding for finding in json.loads(ran.out)["findings"]}


def subjects(ran: Ran) -> dict[str, str]:
    """The verdict of each line."""
    lines = [line for line in ran.out.splitlines()[:-1] if not line.startswith(" ")]
    return {line[8:30].strip(): line[:8].strip() for line in lines}


def test_before_the_launch_all_is_good_and_what_comes_with_it_is_no_fault(cloud: Cloud, tmp_path: Path) -> None:
    ran = cloud.penstock("doctor", cwd=repository(tmp_path, pipeline_file("early")))
    assert (ran.code, ran.err) == (0, "")
    result = subjects(ran)
    assert {subject for subject, verdict in result.items() if verdict == "later"} == {"repository", "trigger"}
    assert {"credentials", "region", "rights to launch", "quota of builds", "names", "stack", "runtimes"} <= {
        subject for subject, verdict in result.items() if verdict == "good"
    }
    assert ran.out.splitlines()[-1].endswith(" good, 2 not there yet")


def test_after_the_launch_the_first_push_is_missing_and_then_all_is_good(cloud: Cloud, tmp_path: Path) -> None:
    root = launched(cloud, tmp_path, "pushed")
    ran = cloud.penstock("doctor", cwd=root)
    assert ran.code == 1
    assert [line for line in ran.out.splitlines() if line.startswith("wrong")] == [
        "wrong   branch                pushed has no branch main: a run has nothing to deliver"
    ]
    assert "do: git push https://git-codecommit.us-east-1.amazonaws.com/v1/repos/pushed HEAD:main" in ran.out
    cloud.emulator.push("pushed", root)
    after = cloud.penstock("doctor", cwd=root)
    assert after.code == 0
    assert set(subjects(after).values()) == {"good"}


def test_a_disabled_rule_and_one_that_hears_of_another_branch_start_nothing(cloud: Cloud, root: Path) -> None:
    events = cloud.client("events")
    (rule,) = [rule["Name"] for rule in events.list_rules()["Rules"] if rule["Name"].startswith("standing-")]
    events.disable_rule(Name=rule)
    assert findings(cloud, root)["trigger"]["advice"] == f"aws events enable-rule --name {rule} --region us-east-1"
    pattern = json.loads(events.describe_rule(Name=rule)["EventPattern"])
    pattern["detail"]["referenceName"] = ["trunk"]
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern), State="ENABLED")
    assert "does not match events of" in findings(cloud, root)["trigger"]["message"]


def test_a_closed_stage_is_found(cloud: Cloud, root: Path) -> None:
    cloud.client("codepipeline").disable_stage_transition(
        pipelineName="standing-pipeline", stageName="Beta", transitionType="Inbound", reason="freeze"
    )
    assert findings(cloud, root)["transitions"]["message"] == "nothing enters Beta: freeze"


def test_names_somebody_else_has_are_found(cloud: Cloud, tmp_path: Path) -> None:
    cloud.client("codecommit").create_repository(repositoryName="taken")
    cloud.client("logs").create_log_group(logGroupName="/aws/codebuild/taken-build")
    ran = cloud.penstock("doctor", cwd=repository(tmp_path, pipeline_file("taken")))
    assert ran.code == 1
    assert "Repository taken already exists and belongs to no stack" in ran.out
    assert "do: aws logs delete-log-group --log-group-name /aws/codebuild/taken-build" in ran.out


def test_a_failed_first_deployment_gets_the_command_that_frees_it(cloud: Cloud, tmp_path: Path) -> None:
    cloud.client("codecommit").create_repository(repositoryName="stuck-there")
    there = {"Type": "AWS::CodeCommit::Repository", "Properties": {"RepositoryName": "stuck-there"}}
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName="stuck-beta", TemplateBody=json.dumps({"Resources": {"R": there}}))
    with pytest.raises(WaiterError, match="ROLLBACK_COMPLETE"):
        cloudformation.get_waiter("stack_create_complete").wait(StackName="stuck-beta", WaiterConfig=OFTEN)
    stack = findings(cloud, repository(tmp_path, pipeline_file("stuck", "stages: [beta]\n")))["stack"]
    assert (stack["verdict"], stack["message"].partition(",")[0]) == ("wrong", "stuck-beta: ROLLBACK_COMPLETE")
    assert stack["advice"].startswith("aws cloudformation delete-stack --stack-name stuck-beta --region us-east-1")


def test_a_bucket_is_looked_at_until_it_delivers(cloud: Cloud, tmp_path: Path) -> None:
    root = repository(tmp_path, DELIVERIES)
    assert findings(cloud, root)["bucket"]["message"] == "there is no bucket inbox-deliveries"
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="inbox-deliveries")
    results = findings(cloud, root)
    assert [results[name]["verdict"] for name in ("bucket versioning", "bucket events", "object")] == ["wrong"] * 3
    s3.put_bucket_versioning(Bucket="inbox-deliveries", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_notification_configuration(
        Bucket="inbox-deliveries", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    s3.put_object(Bucket="inbox-deliveries", Key="source.zip", Body=b"")
    results = findings(cloud, root)
    assert [results[name]["verdict"] for name in ("bucket versioning", "bucket events", "object")] == ["good"] * 3


def test_a_pending_connection_is_found(cloud: Cloud, tmp_path: Path) -> None:
    answer = cloud.client("codeconnections").create_connection(ProviderType="GitHub", ConnectionName="pending")
    text = f"service: hub\nsource:\n  github: {{repository: acme/hub, connection: '{answer['ConnectionArn']}'}}\n"
    connection = findings(cloud, repository(tmp_path, text))["connection"]
    assert connection["message"] == "pending is PENDING: nothing can be read through it"
    assert "Update pending connection" in connection["advice"]


def test_a_runtime_near_its_end_is_found_without_aws(cloud: Cloud, tmp_path: Path) -> None:
    root = repository(tmp_path, pipeline_file("aged"))
    template = root / "app-sam.yaml"
    template.write_text(template.read_text().replace("python3.13", "python3.9"))
    runtimes = findings(cloud, root)["runtimes"]
    assert runtimes["verdict"] == "wrong"
    assert "app-sam.yaml:" in runtimes["message"]
    assert runtimes["advice"] == "use python3.14"


def test_a_user_without_rights_is_told_what_could_not_be_looked_at(cloud: Cloud, tmp_path: Path) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="ada")
    may = {"Effect": "Allow", "Action": ["sts:*", "cloudformation:Describe*"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    iam.put_user_policy(UserName="ada", PolicyName="little", PolicyDocument=policy)
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    root = repository(tmp_path, pipeline_file("poor"))
    ran = doctor(root, {**cloud.emulator.environment(), **keys})
    assert ran.code == 1
    assert subjects(ran)["rights to launch"] == "unseen"
    assert "could not be looked at: these credentials may not iam:SimulatePrincipalPolicy" in ran.out
    iam.put_user_policy(
        UserName="ada",
        PolicyName="more",
        PolicyDocument=policy.replace("sts:*", "iam:SimulatePrincipalPolicy"),
    )
    ran = doctor(root, {**cloud.emulator.environment(), **keys})
    assert subjects(ran)["rights to launch"] == "wrong"
    assert "user/ada may not cloudformation:CreateChangeSet" in ran.out


def test_without_aws_nothing_is_looked_at(tmp_path: Path) -> None:
    root = repository(tmp_path, pipeline_file("alone"))
    keys = {"AWS_ACCESS_KEY_ID": "AKIANOBODYSKEY", "AWS_SECRET_ACCESS_KEY": "nobody"}
    ran = doctor(root, {**keys, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "us-east-1"})
    assert (ran.code, ran.out) == (4, "")
    assert "AWS could not be reached in us-east-1" in ran.err


def test_a_broken_pipeline_file_ends_before_aws_is_asked(tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_text("service: T\n", encoding="utf-8")
    assert penstock("doctor", cwd=tmp_path).code == 2


def test_a_pipeline_launched_under_another_name_is_found_by_it(cloud: Cloud, tmp_path: Path) -> None:
    root = repository(tmp_path, pipeline_file("named", "stages: [beta]\n"))
    assert cloud.penstock("launch", "--yes", "--stack-name", "delivery-of-named", cwd=root).code == 0
    assert findings(cloud, root)["names"]["verdict"] == "wrong"
    results = findings(cloud, root, "--stack-name", "delivery-of-named")
    assert (results["names"]["verdict"], results["trigger"]["verdict"]) == ("good", "good")
    assert results["stack"]["message"] == "delivery-of-named: CREATE_COMPLETE"
