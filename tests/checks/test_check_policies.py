"""Roles that would need more managed policies than IAM attaches to one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.checks.policies import check_policies
from generator.compiler.pipeline import planned
from generator.document import Document
from generator.model.commands import Commands
from generator.model.iam import DeployRights, Statement
from generator.model.pipeline import Pipeline

Pipelines = Callable[..., Pipeline]
Files = Callable[[str], Document]


def statements(policies: int) -> tuple[Statement, ...]:
    """Statements of which each fills more than half of a managed policy."""
    arns = tuple(f"arn:aws:sqs:eu-west-1:111122223333:orders-{number:04}" for number in range(90))
    return tuple(Statement(f"Extra{number}", ("sqs:SendMessage",), arns) for number in range(policies))


@pytest.mark.parametrize(("policies", "refused"), [(10, False), (11, True)])
def test_deploy_roles_have_at_most_ten_managed_policies(
    pipeline: Pipelines, file: Files, policies: int, refused: bool
) -> None:
    document = file("deploy_role: exact\n")
    rights = (DeployRights("DeployPolicy", (), statements(policies)),)
    problems = list(check_policies(planned(pipeline(document, deploy_rights=rights)), document))
    assert bool(problems) is refused
    if problems:
        assert problems[0].message == "a deploy role would need 11 managed policies, and IAM attaches 10 to a role"
        assert str(problems[0]).startswith("pipeline.yaml:2:1: ")


@pytest.mark.parametrize(("policies", "refused"), [(9, False), (10, True)])
def test_commands_have_at_most_ten_managed_policies_their_own_among_them(
    pipeline: Pipelines, file: Files, policies: int, refused: bool
) -> None:
    document = file("stages: [beta]\n")
    commands = Commands(("make",), statements(policies), ("arn:aws:iam::aws:policy/ReadOnlyAccess",))
    whole = pipeline(document)
    stages = tuple(stage._replace(after=commands) for stage in whole.stages)
    messages = [policy.message for policy in check_policies(planned(whole._replace(stages=stages)), document)]
    assert bool(messages) is refused
    assert not messages or messages[0].startswith("BetaAfterRole would need 11 managed policies")
