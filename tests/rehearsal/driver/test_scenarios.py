"""What goes wrong stops where AWS would stop it, and says why; what goes right gets to the end."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from generator.execution import ActionWaiting
from generator.rehearsal.driver.outcome import StageReport
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import APP, Small

# What CloudFormation refuses only when it makes the parameter.
ROLLS_BACK = APP.replace("!Ref Stage", '"{{resolve:ssm:/nobody/made/it}}"')
IS_WRONG = APP.replace("Tags: [", "RetentionInDays: 2, Tags: [")


@dataclass(frozen=True, slots=True)
class Red:
    """A service that does not get through: where it stops, and words of why, in the reason or in a log."""

    small: Small
    stage: str
    action: str
    reason: str
    log: str = ""
    cause: str = ""


REDS = [
    Red(
        Small("red-test", test='return {"passed": 2, "failed": int(event["stage"] == "gamma"), "summary": "2 of 3"}'),
        "Gamma",
        "Test",
        "1 failed, 2 passed: 2 of 3",
    ),
    Red(Small("red-build", build="echo nearly there; exit 3"), "Build", "Build", "exit status 3", "nearly there"),
    Red(Small("red-tool", build="nothing-like-it"), "Build", "Build", "exit status 127", cause="command not found"),
    Red(
        Small("red-crash", test='raise RuntimeError("boom")'),
        "Beta",
        "Test",
        "RuntimeError: boom",
        "boom",
        "RuntimeError: boom",
    ),
    Red(
        Small("red-hang", test="while True: pass", timeout=1),
        "Beta",
        "Test",
        "timed out after 1.00 seconds",
        "timed out",
    ),
    Red(Small("red-silence", test="return None"), "Beta", "Test", "returned nothing and had not answered the job"),
    Red(Small("red-output", url="ApiUrl"), "Beta", "Test", "the stack has no output ApiUrl; it has GreetingUrl"),
    Red(
        Small("red-stack", app=ROLLS_BACK),
        "Beta",
        "Deploy",
        "ROLLBACK_COMPLETE",
        "CREATE_FAILED Greeting",
        "Greeting (AWS::Logs::LogGroup): ",
    ),
    Red(Small("red-lint", app=IS_WRONG), "Beta", "Deploy", "cfn-lint: 1 error. app-output_sam.yaml:6:", "E3030"),
]


@pytest.mark.parametrize("red", REDS, ids=lambda red: red.small.name)
def test_what_fails_stops_where_aws_would_and_says_why(red: Red, stage: Stage) -> None:
    result = stage.rehearse(red.small)
    outcome = result.outcome
    assert (outcome.status, outcome.stage, outcome.action, outcome.exit_code) == ("Failed", red.stage, red.action, 1)
    assert result.ended[-1] == f"{red.stage}/{red.action}"
    assert red.reason in outcome.reason
    assert red.cause in outcome.cause
    assert red.log in result.logged


def test_a_rejected_approval_is_red(stage: Stage) -> None:
    asked: list[ActionWaiting] = []

    def reject(event: ActionWaiting) -> bool:
        asked.append(event)
        return False

    outcome = stage.rehearse(Small("rejected"), approve=reject).outcome
    assert (outcome.status, outcome.stage, outcome.action, outcome.exit_code) == ("Failed", "Prod", "Approve", 1)
    assert "Rejected" in outcome.reason
    assert "Tests in Gamma: gamma is fine" in asked[0].message


def test_a_commit_gets_to_the_end(stage: Stage) -> None:
    result = stage.rehearse(Small("to-the-end"))
    assert (result.outcome.status, result.outcome.reason, result.outcome.exit_code) == ("Succeeded", "", 0)
    assert result.ended[-1] == "Prod/Test"
    assert result.outcome.stages[-1] == StageReport(
        "Prod", ("https://greetings.example.com/to-the-end-prod-Greeting",), ("1 passed, 0 failed: prod is fine",)
    )
    assert result.outcome.stand_ins["python3.13"].startswith("Python 3.")


def test_nothing_is_refused_on_the_way_of_a_green_commit(stage: Stage) -> None:
    assert stage.rehearse(Small("unrefused")).outcome.denials == ()


def test_a_call_a_role_may_not_make_is_told_with_the_statement_it_lacks(stage: Stage) -> None:
    listing = 'return __import__("boto3").client("s3").list_buckets()'
    outcome = stage.rehearse(Small("unlisted", test=listing)).outcome
    assert (outcome.status, outcome.stage) == ("Failed", "Beta")
    (denial,) = outcome.denials
    assert denial.action == "s3:ListAllMyBuckets"
    assert json.loads(denial.remedy) == {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}


def test_it_stops_after_the_stage_it_is_asked_to_and_shuts_the_door_behind_it(stage: Stage) -> None:
    result = stage.rehearse(Small("until"), until="DeployTests")
    assert (result.outcome.status, result.outcome.stage, result.outcome.exit_code) == ("Stopped", "DeployTests", 0)
    states = stage.emulator.client("codepipeline").get_pipeline_state(name="until-pipeline")["stageStates"]
    beta = next(state for state in states if state["stageName"] == "Beta")
    assert "latestExecution" not in beta
    assert beta["inboundTransitionState"]["disabledReason"] == "the rehearsal goes until DeployTests"
