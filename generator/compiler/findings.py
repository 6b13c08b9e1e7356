"""What is wrong with a compiled pipeline and its application: at once, or with all that takes longer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.application.reader import parse
from generator.application.template import Template
from generator.checks.application import check_application, check_functions
from generator.checks.limits import check_limits, check_template_size
from generator.checks.stack_names import check_stack_names
from generator.compiler.pipeline import Compilation
from generator.errors import InvalidInputError, Problem, in_order
from generator.model.pipeline import Pipeline
from generator.model.text import resolved
from generator.pipeline_file import schema
from generator.repository.cache.answers import FORGETFUL, Answers

NAME = "the generated template"
# cfn-lint's rule of a Fn::Sub that was forgotten. What reads so in ours is a text of the user's, for a shell perhaps,
# that is to stay as it is: https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md
_FORGOTTEN_SUB = "E1029"
# cfn-lint's list of API Gateway's actions lacks two that AWS checks: `permissions.unknown_actions` has the reason.
_UNLISTED = re.compile(r"W(1033|3037): '(\*|tag|untag)resource' is not one of \[[^\]]*'updaterestapipolicy'")


def quick(compiled: Compilation, templates: Mapping[str, str], today: dt.date) -> tuple[Problem, ...]:
    """What reading the templates shows; `templates` are those generated, by the names of their stacks."""
    problems = (
        *compiled.problems,
        *_of_application(compiled, today),
        *check_limits(compiled.pipeline, compiled.document),
        *schema.keys().remarks(compiled.document.data, compiled.file, compiled.pipeline),
        *check_stack_names(compiled.pipeline, compiled.document),
        *(problem for text in templates.values() for problem in check_template_size(len(text.encode()), NAME)),
    )
    return in_order(problems)


def full(
    compiled: Compilation, templates: Mapping[str, str], today: dt.date, answers: Answers = FORGETFUL
) -> tuple[Problem, ...]:
    """All of `quick`, what SAM makes of the templates, and what cfn-lint reports for them and of the generated one."""
    # `generate` comes this way too, and needs none of these.
    from generator.application.translation import translate  # noqa: PLC0415
    from generator.aws_rules import lint  # noqa: PLC0415
    from generator.checks.thorough import check_thoroughly  # noqa: PLC0415
    from generator.checks.translated import check_translated  # noqa: PLC0415
    from generator.compiler import deploy_role_gaps  # noqa: PLC0415

    # The last stage stands for all: conditions on a stage's name mostly single out production.
    pipeline = compiled.pipeline
    translated: list[Problem] = []
    for view in _views(compiled):
        (app, tests), alone = view.templates, view.pipeline
        parameters = {name: resolved(text, pipeline.service) for name, text in alone.stages[-1].parameters.items()}
        both = (
            translate(app, parameters, answers=answers) if app else None,
            translate(tests, {}, answers=answers) if tests else None,
        )
        translated += check_translated(alone, *both)
        translated += deploy_role_gaps.problems(alone, compiled.document, *both)
    own = tuple(compiled.file.templates)
    committed = tuple((template, _committed(compiled, template)) for template in own)
    linted = [
        problem
        for template in own
        for problem in lint.lint(compiled.repository.text(template.path), template.path, answers=answers)
    ]
    return in_order(
        (
            *quick(compiled, templates, today),
            *translated,
            *check_thoroughly(compiled.pipeline, committed, compiled.repository),
            *linted,
            *(problem for text in templates.values() for problem in template_problems(text, answers)),
        )
    )


class _View(NamedTuple):
    """A service with its template as if it were alone, and the tests' template, with the first one."""

    pipeline: Pipeline
    templates: tuple[Template | None, Template | None]


def _views(compiled: Compilation) -> Iterator[_View]:
    for index, (app, template) in enumerate(compiled.apps):
        yield _View(compiled.pipeline.of(app), (template, None if index else compiled.tests))


def _of_application(compiled: Compilation, today: dt.date) -> Iterator[Problem]:
    for view in _views(compiled):
        yield from check_application(
            view.pipeline, compiled.document, view.templates, repository=compiled.repository, today=today
        )
    yield from check_functions(compiled.functions, compiled.pipeline.build, repository=compiled.repository, today=today)


def template_problems(template: str, answers: Answers = FORGETFUL) -> tuple[Problem, ...]:
    """What cfn-lint reports for a generated template, but for what has to be as it is."""
    from generator.aws_rules import lint  # noqa: PLC0415 - it takes half a second

    return tuple(problem for problem in lint.lint(template, NAME, answers=answers) if not _is_meant(problem))


def _is_meant(problem: Problem) -> bool:
    """Whether the generated template has to be as cfn-lint would not have it."""
    return problem.message.startswith(_FORGOTTEN_SUB) or _UNLISTED.match(problem.message) is not None


def _committed(compiled: Compilation, template: Template) -> Template | None:
    """The template as the last commit has it; None where it has none that can be read."""
    from generator.repository import git  # noqa: PLC0415 -- only `full` asks git

    text = git.committed(compiled.repository.root, template.path)
    try:
        return parse(text, template.path) if text else None
    except InvalidInputError:
        return None
