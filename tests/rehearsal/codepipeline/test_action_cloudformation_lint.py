"""cfn-lint before a template is deployed: its errors fail the action before CloudFormation is asked anything."""

from __future__ import annotations

import pytest

from generator.rehearsal.codepipeline.lint import refuse_errors
from tests.rehearsal.codepipeline.action_runner import ActionRunner, code, message
from tests.rehearsal.codepipeline.formation import STACK_ID, TEMPLATE, Formation, deploy, request

ASKED = [(TEMPLATE, "app.json")]


@pytest.mark.parametrize("mode", ["CREATE_UPDATE", "REPLACE_ON_FAILURE", "CHANGE_SET_REPLACE"])
def test_a_template_with_errors_is_not_deployed(runner: ActionRunner, formation: Formation, mode: str) -> None:
    artifact = runner.artifact("code", {"app.json": TEMPLATE})
    numbers = [f"app.json:{line}:1: E3002: no" for line in range(1, 6)]
    outcome = runner.fails(runner.context(deploy(mode), artifact, lint=lambda _text, _name: numbers))
    assert code(outcome) == "ValidationError"
    assert message(outcome) == f"cfn-lint: 5 errors. {'; '.join(numbers[:3])}"
    assert outcome.log == tuple(numbers)
    formation.stubber.assert_no_pending_responses()


def test_a_template_without_errors_is_deployed(runner: ActionRunner, formation: Formation) -> None:
    formation.stack(None).takes("create_stack", {"StackId": STACK_ID}, **request())
    formation.stack("CREATE_COMPLETE", STACK_ID)
    asked: list[tuple[str, str]] = []

    def lint(text: str, name: str) -> list[str]:
        asked.append((text, name))
        return []

    artifact = runner.artifact("code", {"app.json": TEMPLATE})
    runner.start(runner.context(deploy("CREATE_UPDATE"), artifact, lint=lint))
    assert asked == ASKED


def test_nothing_is_raised_when_there_is_nothing_to_say() -> None:
    refuse_errors(lambda _text, _name: (), "", "")
