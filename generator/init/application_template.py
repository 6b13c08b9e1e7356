"""Which of a repository's templates is the application's."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.application.template import Template
from generator.errors import InvalidInputError, Problem, RefusedError
from generator.frameworks import Framework
from generator.repository.files import Repository

# What a pipeline file can name.
_PATH = re.compile(r"[A-Za-z0-9_./ @+-]{1,255}")
# Folders of templates that are nobody's application.
_ASIDE = frozenset({"example", "examples", "events", "fixtures", "integration_tests", "test", "tests"})
# More templates than these are looked at by name alone.
_MOST_READ = 40


class Choice(NamedTuple):
    """The application's template and in words why it is this one; empty where there is none, or one of `several`."""

    app: str = ""
    because: str = ""
    several: tuple[str, ...] = ()


def choose(repository: Repository, framework: Framework) -> Choice:
    """The template that is certainly the application's, or those of which somebody has to choose one.

    Raises RefusedError where all there are have been packaged already.
    """
    at_root = _at_root(repository, framework)
    further = [path for path in framework.other_templates(repository) if _may_be_template(path, framework)]
    seen = {path: _read(repository, path, framework) for path in (*at_root, *further)[:_MOST_READ]}
    packaged = {path for path, template in seen.items() if template and template.is_packaged}
    fresh = [path for path in (*at_root, *further) if path not in packaged]
    if packaged and not fresh:
        raise RefusedError(_only_packaged(min(packaged)))
    usual = next((path for path in at_root if path not in packaged), "")
    if usual:
        return Choice(usual, "")
    configuration = framework.own_configuration(repository)
    if configuration.template in fresh:
        return Choice(configuration.template, f"{configuration.file} names it")
    beside = _nested(seen.values()) | {path for path, template in seen.items() if template and _delivers(template)}
    return _of(fresh, beside, framework)


def named(repository: Repository, path: str, framework: Framework) -> Choice:
    """The template somebody has named. Raises InvalidInputError when a pipeline cannot be made of it."""
    path = posixpath.normpath(path)
    if not _PATH.fullmatch(path) or path.startswith(("/", "..")) or not repository.has(path):
        others = ", ".join(candidates(repository, framework))
        hint = f"its path is relative to the repository's root; there are {others}" if others else ""
        raise InvalidInputError([Problem(f"there is no template {path} in the repository", hint=hint)])
    template = framework.read(repository, path)
    if template.is_packaged:
        raise RefusedError(_only_packaged(path))
    return Choice(path, "")


def candidates(repository: Repository, framework: Framework) -> tuple[str, ...]:
    """Every file that may be the application's template, sorted."""
    further = (path for path in framework.other_templates(repository) if _may_be_template(path, framework))
    return tuple(sorted({*_at_root(repository, framework), *further}))


def _at_root(repository: Repository, framework: Framework) -> list[str]:
    """The files at the root with an application's usual name, the one that is taken first."""
    usual = framework.usual_templates(repository)
    return [path for path in (usual.app, *usual.others) if path and path in framework.APP_NAMES]


def _of(fresh: list[str], beside: set[str], framework: Framework) -> Choice:
    """One of the templates that lie deeper or have names of their own; but none that only stands beside one."""
    top = [path for path in fresh if path not in beside]
    usual = [path for path in top if posixpath.basename(path) in framework.APP_NAMES]
    for few, because in ((top, ""), (usual, "the only one with a usual name")):
        if len(few) == 1:
            return Choice(few[0], because)
    return Choice(several=tuple(sorted(usual or top)))


def _may_be_template(path: str, framework: Framework) -> bool:
    *folders, name = path.split("/")
    return bool(_PATH.fullmatch(path)) and name not in framework.TESTS_NAMES and not _ASIDE & set(folders)


def _nested(templates: Iterable[Template | None]) -> set[str]:
    """The templates that others have as nested stacks."""
    return {path for template in templates if template for path in _nested_in(template)}


def _delivers(template: Template) -> bool:
    """Whether a template is a pipeline's, and not what a pipeline delivers."""
    return any(resource.type == "AWS::CodePipeline::Pipeline" for resource in template.resources.values())


def _nested_in(template: Template) -> Iterator[str]:
    for code in template.code:
        if code.path[-1] in {"Location", "TemplateURL"} and code.is_local:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(template.path), code.location))


def _read(repository: Repository, path: str, framework: Framework) -> Template | None:
    try:
        return framework.read(repository, path)
    except InvalidInputError:
        return None


def _only_packaged(path: str) -> str:
    message = f"{path} is a packaged template: its code is already in S3, so no commit would change it"
    hint = "start from the template it was made from, whose CodeUri is a folder: penstock init --template <path>"
    return str(Problem(message, hint=hint))
