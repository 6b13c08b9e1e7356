"""Every statement of every role of a starter's pipeline is needed: without it, something AWS asks is refused."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

from generator.rehearsal.driver.execution_watch import Wishes
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.permissions import Statement
from generator.rehearsal.driver.rehearsal import Rehearsal
from generator.rehearsal.driver.scenario import Parts, Scenario
from generator.rehearsal.driver.source import SourceChoice, take
from generator.rehearsal.driver.steps import PermissionsShown, Step
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.starters.journeys import commit, template_of

PIPELINE = """\
service: time-service
source: {codecommit: {repository: time-service}}
deploy_role: exact
stages: [beta, prod]
build: {test: "mkdir -p reports && echo '<testsuite><testcase name=\\"one\\"/></testsuite>' > reports/unit.xml"}
"""
# Each commit is built: with nothing to install that is a matter of seconds.
FILES = {"pipeline.yaml": PIPELINE, "requirements-dev.txt": None, "src/requirements.txt": None}
ROLES = (
    "BetaDeployRole",
    "BuildRole",
    "DescribeChangesRole",
    "PipelineRole",
    "ProdDeployRole",
    "StartTestsRole",
    "TestsDeployRole",
    "TriggerRole",
)
FOR_PROPERTIES = {
    # An exact role is made for the types of a template, whatever their properties.
    "GradualDeployments": "a function may get its traffic gradually, by CodeDeploy",
    "GradualDeploymentsWithoutArn": "the same, for rights that know no resource",
    "NetworksWithoutArn": "a function may be put into a VPC",
    "Layers": "a function may get a layer, which is in no stack of the service",
    "References": "a property may get a dynamic reference, {{resolve:...}}",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the scenario came to, and what it found of each statement."""

    outcome: Outcome
    permissions: PermissionsShown

    def of(self, role: str) -> list[Statement]:
        return [statement for statement in self.permissions.statements if role in statement.holders]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("permissions")
    repository = commit("time-service-python", folder / "repository", FILES)
    steps: list[Step] = []
    with Emulator(os.environ) as emulator:
        rehearsal = Rehearsal(emulator, steps.append, Wishes(approve=lambda _waiting: True))
        source = take(repository, SourceChoice(), folder / "source", os.environ)
        outcome = Scenario(emulator, steps.append, rehearsal).run(
            "time-service-pipeline", template_of(repository), source, Parts(("app-sam.yaml",), "test-sam.yaml")
        )
    (permissions,) = [step for step in steps if isinstance(step, PermissionsShown)]
    return Shown(outcome, permissions)


def test_the_scenario_goes_as_it_is_meant_to_and_nothing_is_refused(shown: Shown) -> None:
    assert (shown.outcome.status, shown.outcome.reason, shown.outcome.denials) == ("Succeeded", "", ())
    assert shown.permissions.left_out == ()


def test_the_roles_are_those_the_template_has(shown: Shown) -> None:
    assert {role for statement in shown.permissions.statements for role in statement.holders} == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_every_statement_of_a_role_is_needed(shown: Shown, role: str) -> None:
    idle = [
        statement for statement in shown.of(role) if statement.verdict not in {"needed", "documented", "guard", "logs"}
    ]
    assert [
        statement for statement in idle if statement.verdict != "spare" or statement.name not in FOR_PROPERTIES
    ] == []


@pytest.mark.parametrize("role", ["DescribeChangesRole", "StartTestsRole"])
def test_what_only_writes_the_log_of_a_function_is_not_called_needed(shown: Shown, role: str) -> None:
    writing = [
        statement for statement in shown.of(role) if all(action.startswith("logs:") for action in statement.actions)
    ]
    assert [(action.verdict, action.needing > 0) for action in writing] == [("logs", True)]


@pytest.mark.parametrize("role", ROLES)
def test_the_trust_of_a_role_is_needed(shown: Shown, role: str) -> None:
    (trust,) = [statement for statement in shown.of(role) if statement.policy == "trust policy"]
    assert (trust.verdict, trust.action) == ("needed", "sts:AssumeRole")
