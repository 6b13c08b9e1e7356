"""`penstock rehearse` of a pipeline with a stage in another account: its environment is launched first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.rehearsals import Machine, events
from tests.rehearsal.driver import small
from tests.rehearsal.driver.small import Small

pytestmark = pytest.mark.slow

STAGES = "[beta, {prod: {environment: production, approval: {}}}]"
ENVIRONMENTS = 'environments: {production: {account: "444455556666"}}\n'
# The test says which account it was called about, as the outputs of the stack have it.
APP = small.APP.replace("https://greetings.example.com/", "https://example.com/${AWS::AccountId}/")
TEST = 'return {"passed": 1, "failed": 0, "summary": event["api_url"]}'
# Roles of the environment, and what lets them in, in the pipeline's account.
HELD = (
    "444455556666/afar-ActionRole-production",
    "444455556666/afar-ReadRole-production",
    "444455556666/afar-DeployRole-Prod",
    "ArtifactBucket",
    "ArtifactKey",
)
# Nothing here needs them, and why: this application has no transform and no code, and nobody is notified.
UNUSED = {
    (HELD[0], "Transform"),
    ("ArtifactBucket", "ReadPackagedCode"),
    ("ArtifactKey", "NotifyOfAlarms"),
    ("ArtifactKey", "NotifyOfExecutions"),
}


def test_a_stage_of_another_account_is_deployed_and_tested_there(tmp_path: Path) -> None:
    file = Small("afar", stages=STAGES, more=ENVIRONMENTS, app=APP, test=TEST).commit(tmp_path / "repository")
    ran = Machine(tmp_path / "machine").rehearse(file, "--approve", "yes", "--permissions", "--output", "json")
    steps = events(ran)
    assert (ran.code, steps[-1]["reason"]) == (0, ""), ran.err
    launched = [step["message"] for step in steps if "account" in step.get("message", "")]
    assert launched == ["launched afar-environment-production in account 444455556666"]
    first = next(at for at, step in enumerate(steps) if step["type"] == "ExecutionEnded")
    tests = {s["stage"]: s["summary"] for s in steps[:first] if s.get("action") == "Test" and "summary" in s}
    assert "/123456789012/afar-beta-Greeting" in tests["Beta"]
    assert "/444455556666/afar-prod-Greeting" in tests["Prod"]
    assert steps[-1]["denials"] == []
    shown = {(role, each["name"]): each for each in steps[-2]["statements"] for role in each["holders"]}
    verdicts = {key: each["verdict"] for key, each in shown.items()}
    abroad = {key for key in verdicts if key[0] in HELD and verdicts[key] not in {"needed", "guard", "spare"}}
    assert abroad == {*UNUSED, (HELD[0], "ValidateTemplates")}
    assert verdicts[HELD[0], "ValidateTemplates"] == "documented"
    assert {verdicts[role, ""] for role in HELD[:3]} == {"needed"}
    assert {verdict for (role, name), verdict in verdicts.items() if name.endswith("OtherAccounts")} == {"needed"}
