"""The files and folders that a template takes its code from: whether they exist."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from generator.application.template import Template
from generator.document import quote
from generator.errors import Level, Problem
from generator.model.build import Build
from generator.repository.files import Repository


def check_code(template: Template, build: Build, repository: Repository) -> Iterator[Problem]:
    """Code outside the repository, in a submodule, or not there (a warning where the build may yet make it)."""
    folder, submodules = posixpath.dirname(template.path), repository.submodules()
    for code in template.code:
        if code.is_local:
            target = posixpath.normpath(posixpath.join(folder, code.location))
            messages = f"{code.path[-1]} {quote(code.location)}"
            if target.startswith(("/", "../")) or target == "..":
                message = f"{messages} is outside the repository, and the build sees only the repository"
                yield template.problem(code.path, message, "the path is relative to the template's folder")
            elif not _is_there(target, repository):
                hint, level = _absence(target, build)
                yield template.problem(code.path, f"{messages} is not in the repository", hint, level=level)
            elif problem := [path for path in submodules if f"{target}/".startswith(f"{path}/")]:
                # https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html: a ZIP file
                # of the commit, which has only the id of a submodule's.
                message = f"{messages} is in the submodule {problem[0]}, and CodePipeline does not fetch submodules"
                yield template.problem(code.path, message, "commit what the application needs", level="warning")


def _absence(target: str, build: Build) -> tuple[str, Level]:
    if build.own:
        return f"{build.buildspec} has to make it", "warning"
    hint = f"there is no {quote(target)}, and the build does not make it, as one of your own may"
    return f"{hint} (build: {{buildspec: ...}}); the path is relative to the template's folder", "error"


def _is_there(target: str, repository: Repository) -> bool:
    try:
        return repository.has_folder(target) or repository.has(target)
    except OSError:
        return False  # A name longer than any file system takes.
