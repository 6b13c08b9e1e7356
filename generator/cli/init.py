"""`penstock init`: a pipeline for a repository that is there, or a new repository from a blueprint."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path

import click

from generator.cli.console import tell
from generator.errors import InvalidInputError, Problem, RefusedError

_FILE = "pipeline.yaml"


@click.command()
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--blueprint", metavar="NAME", help="Make a new repository in DIR out of this blueprint.")
def command(directory: Path, blueprint: str | None) -> None:
    """Start a pipeline in the repository DIR (the current folder).

    Looks around and writes pipeline.yaml, nothing else, and tells what it found. A pipeline.yaml that is there is never
    replaced. A repository without a template gets its file too: write the template, then run penstock check.

    With --blueprint, DIR becomes a new repository: it must be empty, or not be there yet.

    Example: penstock init my-service --blueprint time-service-python
    """
    if blueprint is None:
        _in_repository(directory)
    else:
        _from_blueprint(directory, blueprint)


def _in_repository(directory: Path) -> None:
    from generator.beginning import telling, writing  # noqa: PLC0415 - the help needs none of these
    from generator.beginning.looking import look  # noqa: PLC0415
    from generator.compiler import kinds  # noqa: PLC0415
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415
    from generator.repository import Repository  # noqa: PLC0415

    target = directory / _FILE
    _refuse(directory, target)
    repository = Repository(directory)
    findings = look(repository, kinds.hosts())
    schema = writing.SCHEMA_FILE if repository.has(writing.SCHEMA_FILE) else writing.SHIPPED_SCHEMA.as_uri()
    _create(target, writing.pipeline_file(findings, schema))
    compiled = compile_file(target, str(target), repository)
    # What the application still lacks is for `check` to refuse: the file that was asked for is there.
    lacking = (dataclasses.replace(problem, level="warning") for problem in compiled.problems)
    tell((*findings.problems, *lacking))
    check = "penstock check" if target == Path(_FILE) else f"penstock check {shlex.quote(str(target))}"
    click.echo("\n".join([f"wrote {target}", *telling.found(findings, compiled.pipeline), f"next: {check}"]))


def _refuse(directory: Path, target: Path) -> None:
    if not directory.is_dir():
        from generator.beginning.blueprints import blueprints  # noqa: PLC0415 - for the hint only

        hint = f"--blueprint makes a new repository: {', '.join(blueprints())}"
        raise InvalidInputError([Problem(f"there is no folder {directory}", hint=hint)])
    if target.exists() or target.is_symlink():
        raise RefusedError(f"{target} is there already: it was not touched")


def _create(target: Path, text: str) -> None:
    """Write a file that must not be there yet, whole or not at all."""
    try:
        with target.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
            except BaseException:
                target.unlink()
                raise
    except FileExistsError:
        raise RefusedError(f"{target} is there already: it was not touched") from None
    except OSError as refused:
        raise RefusedError(f"{target} cannot be written: {refused.strerror}") from refused


def _from_blueprint(directory: Path, name: str) -> None:
    from generator.beginning import blueprints  # noqa: PLC0415 - the help needs neither
    from generator.beginning.writing import SHIPPED_SCHEMA  # noqa: PLC0415

    schema = SHIPPED_SCHEMA.read_text(encoding="utf-8")
    begun = blueprints.begin(blueprints.blueprint(name), directory, schema, _start_git)
    click.echo(f"made {directory} out of the blueprint {name}\n  service  {begun.service}\n  git      {begun.git}")
    click.echo(f"next: cd {shlex.quote(str(directory))} && penstock check")


def _start_git(folder: Path) -> str:
    from generator.beginning import git  # noqa: PLC0415 - the help does not need it

    try:
        git.start(folder)
    except git.NoGitError as error:
        return f"no git repository: {error}"
    return f"a git repository on branch {git.BRANCH}, nothing committed yet"
