"""`penstock rehearse` of a pipeline with a stage in another account: its environment is launched first."""

from __future__ import annotations

from pathlib import Path

from tests.cli.rehearsals import Machine, events
from tests.rehearsal.driver import small
from tests.rehearsal.driver.small import Small

STAGES = "[beta, {prod: {environment: production, approval: {}}}]"
ENVIRONMENTS = 'environments: {production: {account: "444455556666"}}\n'
# The test says which account it was called about, as the outputs of the stack have it.
APP = small.APP.replace("https://greetings.example.com/", "https://example.com/${AWS::AccountId}/")
TEST = 'return {"passed": 1, "failed": 0, "summary": event["api_url"]}'


def test_a_stage_of_another_account_is_deployed_and_tested_there(tmp_path: Path) -> None:
    file = Small("afar", stages=STAGES, more=ENVIRONMENTS, app=APP, test=TEST).commit(tmp_path / "repository")
    ran = Machine(tmp_path / "machine").rehearse(file, "--approve", "yes", "--output", "json")
    steps = events(ran)
    assert (ran.code, steps[-1]["reason"]) == (0, ""), ran.err
    launched = [step["message"] for step in steps if "account" in step.get("message", "")]
    assert launched == ["launched afar-environment-production in account 444455556666"]
    tests = {step["stage"]: step["summary"] for step in steps if step.get("action") == "Test" and "summary" in step}
    assert "/123456789012/afar-beta-Greeting" in tests["Beta"]
    assert "/444455556666/afar-prod-Greeting" in tests["Prod"]
    assert steps[-1]["denials"] == []
