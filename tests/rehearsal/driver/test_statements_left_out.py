"""One statement of a role left out of the template makes a real run red, and the report names what would help."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small, template_data
from tests.rehearsal.driver.test_rights import statements

CHANGED = "[prod]"


def without(template: dict[str, Any], holder: str, sid: str) -> str:
    """The template without what the statements of this Sid allow, in resources whose logical id begins with `holder`.

    Each still allows what anybody may: IAM takes no policy without statements.
    """
    held = [resource for name, resource in template["Resources"].items() if name.startswith(holder)]
    granted = [statement for statement in statements(held) if statement.get("Sid") == sid]
    assert granted, f"{holder} has no statement {sid}"
    for statement in granted:
        statement.update(Action="sts:GetCallerIdentity", Resource="*")
    return json.dumps(template)


def test_a_run_without_the_right_to_write_a_function_s_log_is_green(stage: Stage) -> None:
    small = Small("no-functions-log", stages="[beta]")
    file = small.commit(stage.folder / small.name)
    outcome = stage.rehearse_file(file, without(template_data(file), "StartTests", "WriteLogs")).outcome
    assert outcome.status == "Succeeded", outcome
    # The log is written when the function has answered: the refusal may come after the outcome.
    assert {denial.action for denial in outcome.denials} <= {"logs:CreateLogStream"}


@pytest.mark.parametrize(
    ("holder", "sid", "stages", "failing", "action"),
    [
        ("StartTests", "ReadOutputs", "[beta]", "Beta/Test", "cloudformation:DescribeStacks"),
        ("DescribeChanges", "ReadChangeSets", CHANGED, "Prod/DescribeChanges", "cloudformation:DescribeChangeSet"),
        ("Trigger", "StartPipeline", "[beta]", "Source/Source", "codepipeline:StartPipelineExecution"),
        ("DeployPolicy", "LogGroups", "[beta]", "Beta/Deploy", "logs:CreateLogGroup"),
        ("Build", "ReadAndWriteArtifacts", "[beta]", "Build/Build", "s3:GetObject"),
        ("Pipeline", "InvokeFunctions", "[beta]", "Beta/Test", "lambda:InvokeFunction"),
    ],
)
def test_a_run_without_a_statement_is_red_where_it_is_needed(
    stage: Stage, holder: str, sid: str, stages: str, failing: str, action: str
) -> None:
    small = Small(f"no-{sid[:15].lower()}", stages=stages)
    file = small.commit(stage.folder / small.name)
    outcome = stage.rehearse_file(file, without(template_data(file), holder, sid)).outcome
    assert (outcome.status, f"{outcome.stage}/{outcome.action}") == ("Failed", failing), outcome
    assert action in [json.loads(denial.remedy)["Action"] for denial in outcome.denials]
