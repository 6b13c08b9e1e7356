"""Stacks whose deploy role reaches another one by the beginning of a name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.checks.stack_names import check_stack_names
from generator.document import Document
from generator.model.iam import DeployRights
from generator.model.pipeline import Pipeline

RIGHTS = (DeployRights("DeployPolicy", (), ()),)
Pipelines = Callable[..., Pipeline]
Files = Callable[[str], Document]


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ("[beta, beta-eu]", ["2:10: warning: the deploy role of beta covers names that begin with '{}-beta-'"]),
        ("[{prod: {stack: '%s'}}]", ["2:18: warning: the deploy role of prod covers names that begin with '{}-'"]),
        ("[beta, gamma, prod]", []),
        ("[beta, {prod: {stack: orders}}]", []),
    ],
)
def test_a_stack_whose_name_begins_another_ones_is_warned_of(
    pipeline: Pipelines, file: Files, stages: str, expected: list[str]
) -> None:
    service = pipeline(file("stages: [beta]\n")).service
    document = file("stages: " + stages.replace("%s", service) + "\n")
    problems = list(check_stack_names(pipeline(document, deploy_rights=RIGHTS), document))
    first = [str(problem).partition(": it reaches")[0] for problem in problems]
    assert first == [f"pipeline.yaml:{words.format(service)}" for words in expected]


def test_the_stacks_within_reach_are_named(pipeline: Pipelines, file: Files) -> None:
    document = file("stages: [beta, beta-eu, beta-us]\n")
    (name,) = check_stack_names(pipeline(document, deploy_rights=RIGHTS), document)
    assert "beta-eu and " in name.message
    assert name.message.endswith("beta-us too")


def test_a_role_of_the_users_own_is_not_judged(pipeline: Pipelines, file: Files) -> None:
    document = file("stages: [beta, beta-eu]\n")
    assert list(check_stack_names(pipeline(document, deploy_rights=()), document)) == []
