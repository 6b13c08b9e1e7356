"""Slow checks that only `check` runs: folder sizes, policy names, the last commit, and remarks."""

from __future__ import annotations

from collections.abc import Iterable

from generator.application.template import Template
from generator.checks.access import check_access
from generator.checks.code_size import check_code_size
from generator.checks.managed_policies import check_managed_policies
from generator.checks.output_kinds import check_output_kinds
from generator.errors import Problem, in_order
from generator.model.pipeline import Pipeline
from generator.repository.files import Repository


def check_thoroughly(
    pipeline: Pipeline, templates: Iterable[tuple[Template, Template | None]], repository: Repository
) -> tuple[Problem, ...]:
    """The problems of the templates that are there, each with what the last commit has of the same path (or None)."""
    problems: list[Problem] = []
    for now, before in templates:
        problems += [*check_code_size(now, repository), *check_managed_policies(now)]
        if not pipeline.tests or now.path != pipeline.tests.template:
            problems += check_access(now)
        if before:
            problems += check_output_kinds(pipeline, now, before)
    return in_order(problems)
