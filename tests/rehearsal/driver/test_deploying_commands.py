"""Stages that commands deploy: no stack, outputs are variables, and the approver reads what nobody knows."""

from __future__ import annotations

from generator.execution import ActionWaiting
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small

NAME = "by-commands"
FILE = f"""\
service: {NAME}
source: {{codecommit: {{repository: {NAME}}}}}
build: {{buildspec: buildspec.yml}}
tests: {{template: tests.yaml}}
stages:
  - beta: {{deploy: {{commands: [sh deploy.sh, export ApiUrl="$(cat url)"], outputs: [ApiUrl]}}}}
  - prod: {{deploy: {{commands: [export ApiUrl="https://$STAGE.example.com"], outputs: [ApiUrl]}}}}
"""
TEST = """\
url = f"https://{event['stage']}.example.com"
            passed = (event["api_url"], event["outputs"]) == (url, {"ApiUrl": url})
            return {"passed": int(passed), "failed": 0, "summary": str(event["outputs"])}"""
DEPLOY = 'printf "https://$STAGE.example.com" > url\n'


def test_tests_get_what_the_commands_export_and_the_approver_is_promised_nothing(stage: Stage) -> None:
    asked: list[ActionWaiting] = []

    def approve(waiting: ActionWaiting) -> bool:
        asked.append(waiting)
        return True

    small = Small(NAME, test=TEST, files={"pipeline.yaml": FILE, "deploy.sh": DEPLOY})
    result = stage.rehearse(small, approve=approve)
    assert (result.outcome.status, result.ended[-1]) == ("Succeeded", "Prod/Test")
    (waiting,) = asked
    assert "deployed by commands: what changes is not known, there is no change set and no rollback" in waiting.message
    assert waiting.link == "https://beta.example.com"
