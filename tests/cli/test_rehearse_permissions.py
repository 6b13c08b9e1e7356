"""`penstock rehearse --permissions`: what it says of each statement, as words and as JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.cli.views.permissions import lines
from generator.rehearsal.driver.permissions import Statement
from generator.rehearsal.driver.steps import PermissionsShown
from tests.cli.rehearsals import Machine, events
from tests.rehearsal.driver.small import Small

NEEDED = Statement("needed", ("BuildRole",), "BuildRole", "Read", ("s3:GetObject",), ("arn:aws:s3:::b/*",), 3, 2)
ASKED = replace(NEEDED, principal="arn:p", action="s3:GetObject", resource="arn:aws:s3:::b/k", behind="the build")
FIRST = "first s3:GetObject on arn:aws:s3:::b/k by arn:p (behind the build)"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (ASKED, f"needed     BuildRole/Read: 2 of 3 questions, {FIRST}"),
        (
            replace(ASKED, verdict="covered", besides=("Other/All",)),
            f"covered    BuildRole/Read: used, but not needed: 3 questions, {FIRST}; also by Other/All",
        ),
        (
            replace(NEEDED, verdict="unused", actions=tuple("abcde")),
            "unused     BuildRole/Read: nothing asked for it: a, b, c and 2 more on arn:aws:s3:::b/*",
        ),
        (
            replace(NEEDED, verdict="documented", documented="page", resources=("all",)),
            "documented BuildRole/Read: nothing here asks for it, AWS's documentation does: s3:GetObject on all (page)",
        ),
        (
            replace(NEEDED, verdict="unused", policy="trust policy", name="", resources=()),
            "unused     trust policy: nothing asked for it: s3:GetObject on the role",
        ),
    ],
    ids=lambda parameter: parameter.verdict if isinstance(parameter, Statement) else "",
)
def test_a_statement_is_said_with_its_verdict_and_what_rests_on_it(statement: Statement, message: str) -> None:
    assert list(lines(PermissionsShown((statement,), ())))[2] == f"    {message}"


def test_roles_come_one_by_one_then_what_was_left_out_and_the_counts() -> None:
    other = replace(NEEDED, holders=("BetaRole", "ProdRole"), verdict="spare")
    text_lines = list(lines(PermissionsShown((NEEDED, NEEDED, other), ("no commit that makes the tests fail: why",))))
    assert [line.strip() for line in text_lines if not line.startswith("    ")][1:] == [
        "BuildRole",
        "BetaRole, ProdRole",
        "left out: no commit that makes the tests fail: why",
        "2 needed, 1 spare",
    ]


def test_every_statement_has_its_verdict_in_an_event_before_the_result(machine: Machine, tmp_path: Path) -> None:
    file = Small("played", stages="[beta, {prod: {deploy: changeset}}]").commit(tmp_path / "repository")
    ran = machine.rehearse(file, "--approve", "yes", "--permissions", "--output", "json")
    published = events(ran)
    assert (ran.code, published[-1]["status"], published[-2]["type"]) == (0, "Succeeded", "PermissionsShown")
    assert (published[-1]["reason"], published[-1]["denials"], published[-2]["left_out"]) == ("", [], [])
    ends = [event["status"] for event in published if event["type"] == "ExecutionEnded"]
    assert ends == ["Succeeded", "Succeeded", "Failed", "Failed"]
    shown = {(role, each["name"]): each for each in published[-2]["statements"] for role in each["holders"]}
    starts = shown["TriggerRole", "StartPipeline"]
    assert (starts["verdict"], starts["holders"], starts["needing"]) == ("needed", ["TriggerRole"], 4)
    deploys = shown["PipelineRole", "DeployStacks"]
    assert (deploys["verdict"], deploys["action"].partition(":")[0]) == ("needed", "cloudformation")
    assert shown["StartTestsRole", ""]["policy"] == "trust policy"
    assert shown["PipelineRole", "ValidateTemplates"]["verdict"] == "documented"
    page = shown["BuildRole", "FindBucket"]["documented"]
    assert page.startswith("https://docs.aws.amazon.com/codebuild/")
    assert shown["BetaDeployRole", "NeverThisPipeline"]["verdict"] == "guard"
    assert shown["BetaDeployRole", "EventSources"]["verdict"] == "spare"
    assert machine.left_over() == []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")
