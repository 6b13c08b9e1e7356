"""What is wrong with the application for this pipeline: every check of its templates, in one call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from generator.application.functions import Function, runtimes_of
from generator.application.template import Template
from generator.checks import handlers
from generator.checks.build_methods import check_build_methods
from generator.checks.code import check_code
from generator.checks.collisions import check_collisions
from generator.checks.gradual_deployments import check_deployments
from generator.checks.handlers import check_handlers
from generator.checks.images import check_images
from generator.checks.invocation import check_invocable
from generator.checks.layers import check_layers
from generator.checks.nested import check_nested
from generator.checks.outputs import check_outputs
from generator.checks.packaged import check_packaged
from generator.checks.parameters import check_parameters, check_test_parameters
from generator.checks.runtimes import check_runtimes
from generator.checks.transforms import check_transforms
from generator.document import Document
from generator.errors import Problem, in_order
from generator.model.build import Build
from generator.model.pipeline import Pipeline
from generator.repository.files import Repository


def check_application(
    pipeline: Pipeline,
    file: Document,
    templates: tuple[Template | None, Template | None],
    *,
    repository: Repository,
    today: dt.date,
) -> tuple[Problem, ...]:
    """Every problem of the application's and the tests' templates (None if there is none), in the order of the files.

    `file` is the pipeline file: a problem stands there when what it says is at fault. Light enough for `generate`;
    what needs SAM's transform is in `checks.translated`.
    """
    app, tests = templates
    problems = [*check_outputs(pipeline, file, app, tests)]
    if app:
        problems += [*check_parameters(pipeline, file, app), *check_collisions(pipeline, app)]
    if tests:
        problems += [*check_test_parameters(tests), *check_invocable(pipeline, tests)]
    for template in (each for whole in (app, tests) if whole for each in whole.family):
        problems += _of_each(template, pipeline, repository, today)
    return in_order(problems)


def check_functions(
    functions: Iterable[Function], build: Build, *, repository: Repository, today: dt.date
) -> Iterator[Problem]:
    """What can be said of functions whose template is not there yet, from the file that describes them."""
    several = tuple(functions)
    yield from check_runtimes(((function.name, function.runtime) for function in several), today)
    yield from check_handlers(several, build, repository)


def _of_each(template: Template, pipeline: Pipeline, repository: Repository, today: dt.date) -> Iterator[Problem]:
    yield from check_transforms(template)
    yield from check_runtimes(runtimes_of(template), today)
    yield from check_nested(template, repository)
    yield from check_code(template, pipeline.build, repository)
    yield from check_handlers(handlers.functions_of(template), pipeline.build, repository)
    yield from check_packaged(template)
    yield from check_images(template, pipeline.build, repository)
    yield from check_build_methods(template, pipeline.build)
    yield from check_layers(pipeline, template)
    yield from check_deployments(template)
