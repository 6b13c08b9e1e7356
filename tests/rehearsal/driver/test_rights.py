"""A pipeline that lacks one right is red where AWS would stop it, and names the statement it lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small, template_data

REPORTING = """\
version: 0.2
phases:
  build:
    commands:
      - echo '<testsuite><testcase name="one"/></testsuite>' > report.xml
      - cp app.yaml app-output_sam.yaml
      - cp tests.yaml test-output_sam.yaml
reports: {unit-tests: {files: [report.xml]}}
artifacts:
  files: [app-output_sam.yaml, test-output_sam.yaml]
"""
CONNECTED = "github: {repository: acme/%s}"


def without(template: dict[str, Any], holder: str, action: str) -> str:
    """The template with an action taken from the policies whose logical id begins with `holder`."""
    taken = False
    for logical_id, resource in template["Resources"].items():
        if not logical_id.startswith(holder):
            continue
        for statement in statements(resource):
            actions = statement["Action"]
            if action in actions:
                taken = True
                left = [other for other in actions if other != action] if isinstance(actions, list) else []
                statement["Action"] = left or ["sts:GetCallerIdentity"]
    assert taken, f"no policy of {holder} has {action}"
    return json.dumps(template)


def statements(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        if "Effect" in content and "Action" in content:
            yield content
        for value in content.values():
            yield from statements(value)
    elif isinstance(content, list):
        for value in content:
            yield from statements(value)


@pytest.mark.parametrize(
    ("name", "holder", "action", "failing", "source"),
    [
        ("build-reads", "Build", "s3:GetObject", "Build", ""),
        ("build-writes", "Build", "s3:PutObject", "Build", ""),
        ("build-reports", "Build", "codebuild:CreateReport", "Build", ""),
        ("build-logs", "Build", "logs:CreateLogStream", "Build", ""),
        ("uses-connection", "Pipeline", "codeconnections:UseConnection", "Source", CONNECTED),
        ("starts-build", "Pipeline", "codebuild:StartBuild", "Build", ""),
        ("passes-role", "Pipeline", "iam:PassRole", "DeployTests", ""),
    ],
)
def test_a_pipeline_without_one_right_is_red_where_it_is_needed(
    stage: Stage, name: str, holder: str, action: str, failing: str, source: str
) -> None:
    small = Small(name, source=source and source % name, files={"buildspec.yml": REPORTING})
    file = small.commit(stage.folder / name)
    outcome = stage.rehearse_file(file, without(template_data(file), holder, action), until="DeployTests").outcome
    assert (outcome.status, outcome.stage) == ("Failed", failing), outcome
    assert action in [denial.action for denial in outcome.denials], outcome
    assert json.loads(outcome.denials[0].remedy)["Action"] == action
