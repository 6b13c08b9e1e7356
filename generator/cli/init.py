"""`penstock init`: a pipeline for an existing repository, or a new repository from a blueprint."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.console import as_data, tell
from generator.cli.prompts import agreed, may_ask
from generator.errors import InvalidInputError, Problem, RefusedError, in_order

if TYPE_CHECKING:
    from generator.compiler.pipeline import Compilation
    from generator.frameworks import Framework
    from generator.init.application_template import Choice
    from generator.init.templates import Templates
    from generator.repository.files import Repository


@click.command()
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--blueprint", metavar="NAME", help="Create a new repository in DIR from this blueprint.")
@click.option("--template", metavar="PATH", help="The application's template, if DIR has several.")
@click.option("--with-tests", is_flag=True, help="Write a first integration test, if there is none.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(directory: Path, blueprint: str | None, template: str | None, output: str, *, with_tests: bool) -> None:
    """Start a pipeline in the repository DIR (the current folder).

    Writes pipeline.yaml and nothing else, and prints what it found in the repository. It never overwrites a file: where
    pipeline.yaml is another tool's, as a CloudFormation template, it writes penstock.yaml. It also works without a
    template: write the template afterwards, then run penstock check.

    With --with-tests, or if you answer yes, it also writes a first test: a template and a function, run in every stage.

    With --blueprint, DIR becomes a new repository: it must be empty or not exist yet.

    Example: penstock init my-service --blueprint time-service-python
    """
    if blueprint is None:
        _in_repository(directory, template, as_json=output == "json", with_tests=with_tests)
    elif template or with_tests:
        raise InvalidInputError([Problem("a blueprint has its template and its tests", hint="leave the option out")])
    else:
        _from_blueprint(directory, blueprint, as_json=output == "json")


def _in_repository(directory: Path, template: str | None, *, as_json: bool, with_tests: bool) -> None:
    from generator.cli import init_services  # noqa: PLC0415 - the help needs none of these
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415
    from generator.init import first_pipeline_file, summary  # noqa: PLC0415
    from generator.init.application_template import Choice  # noqa: PLC0415
    from generator.init.survey import look  # noqa: PLC0415
    from generator.pipeline_file import kinds, names  # noqa: PLC0415
    from generator.repository.files import Repository  # noqa: PLC0415

    target = names.free(directory)
    _refuse(directory, target)
    repository = Repository(directory)
    framework = kinds.frameworks()[kinds.framework_of(repository)]
    several = init_services.propose(repository) if template is None else init_services.Several()
    choice = Choice() if several.folders else _choice(repository, template, framework, as_json=as_json)
    findings = look(repository, kinds.hosts(), choice, framework, several.folders)
    tested = several.tested(findings.templates)
    starter_tests = with_tests or (not as_json and _wants_tests(tested))
    starter = _starter(tested, repository, framework) if starter_tests else {}
    if starter:
        _create_all(directory, starter)
        findings = look(repository, kinds.hosts(), choice, framework, several.folders)
    schema = (
        first_pipeline_file.SCHEMA_FILE
        if repository.has(first_pipeline_file.SCHEMA_FILE)
        else first_pipeline_file.SHIPPED_SCHEMA.as_uri()
    )
    _create(target, first_pipeline_file.pipeline_file(findings, schema, several.lines))
    compiled = compile_file(target, str(target), repository)
    problems = in_order((*names.remarks(target), *several.problems, *findings.problems, *_remarks(compiled)))
    services = init_services.of_file(compiled.file)
    wrote = [str(target), *(str(directory / path) for path in starter)]
    check = "penstock check" if target == names.default(Path()) else f"penstock check {shlex.quote(str(target))}"
    if as_json:
        detected = summary.as_data(findings, compiled.pipeline, services)
        _print({"wrote": wrote, **detected, "problems": [as_data(problem) for problem in problems], "next": check})
        return
    tell(problems)
    detected_lines = summary.lines(findings, compiled.pipeline, services)
    click.echo("\n".join([f"wrote {', '.join(wrote)}", *detected_lines, f"next: {check}"]))


def _remarks(compiled: Compilation) -> Iterator[Problem]:
    """What the application lacks and leaves out, and what who deploys with the framework's own tool should know."""
    from generator.pipeline_file.unit_tests import left_out  # noqa: PLC0415 - the help does not need it

    # For `check` to refuse: the file that was asked for is there.
    yield from (problem._replace(level="warning") for problem in compiled.problems)
    yield from left_out("", compiled.file)
    for part in compiled.file.parts:
        yield from part.framework.remarks(part.document, part.repository, part.app.path)


def _choice(repository: Repository, template: str | None, framework: Framework, *, as_json: bool) -> Choice:
    """The application's template: the one that is named, else the only one, else the one somebody chooses."""
    from generator.init import application_template  # noqa: PLC0415 - the help does not need it

    if template:
        return application_template.named(repository, template, framework)
    choice = application_template.choose(repository, framework)
    if not choice.several:
        return choice
    there = ", ".join(choice.several)
    if as_json or not may_ask():
        hint = f"choose one: penstock init --template {shlex.quote(choice.several[0])}"
        message = f"{len(choice.several)} templates may be the application's, and a pipeline delivers one: {there}"
        raise InvalidInputError([Problem(message, hint=hint)])
    click.echo(f"a pipeline delivers one application; there are {len(choice.several)} templates: {there}", err=True)
    asked = click.prompt("which one", type=click.Choice(choice.several), show_choices=False, err=True)
    return application_template.named(repository, asked, framework)


def _wants_tests(templates: Templates) -> bool:
    """Whether somebody who has none wants tests to begin with."""
    if templates.tests or not templates.outputs:
        return False
    return may_ask() and agreed("No tests were found. Write some to begin?")


def _starter(templates: Templates, repository: Repository, framework: Framework) -> Mapping[str, str]:
    """The files of the tests to begin with."""
    from generator.init import starter  # noqa: PLC0415 - the help does not need it

    if templates.tests:
        raise RefusedError(f"{templates.tests} already exists: nothing was written")
    return starter.files(templates, repository, framework, dt.datetime.now(dt.UTC).date())


def _create_all(directory: Path, files: Mapping[str, str]) -> None:
    """Write files that must not be there yet, all or none."""
    written: list[Path] = []
    try:
        for path, text in files.items():
            target = directory / path
            _make_folder(target.parent)
            _create(target, text)
            written.append(target)
    except BaseException:
        _remove(written)
        raise


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as refused:
        raise RefusedError(f"{folder} cannot be made: {refused.strerror}") from refused


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink()


def _print(result: Mapping[str, object]) -> None:
    click.echo(json.dumps(result, indent=2))


def _refuse(directory: Path, target: Path) -> None:
    if not directory.is_dir():
        from generator.init.blueprints import blueprints  # noqa: PLC0415 - for the hint only

        hint = f"--blueprint makes a new repository: {', '.join(blueprints())}"
        raise InvalidInputError([Problem(f"there is no folder {directory}", hint=hint)])
    if target.exists() or target.is_symlink():
        raise RefusedError(f"{target} already exists: it was not changed")


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
        raise RefusedError(f"{target} already exists: it was not changed") from None
    except OSError as refused:
        raise RefusedError(f"{target} cannot be written: {refused.strerror}") from refused


def _from_blueprint(directory: Path, name: str, *, as_json: bool) -> None:
    from generator.init import blueprints  # noqa: PLC0415 - the help needs neither
    from generator.init.first_pipeline_file import SHIPPED_SCHEMA  # noqa: PLC0415

    schema = SHIPPED_SCHEMA.read_text(encoding="utf-8")
    begun = blueprints.begin(blueprints.blueprint(name), directory, schema, _start_git)
    check = f"cd {shlex.quote(str(directory))} && penstock check"
    if as_json:
        data = {"made": str(directory), "blueprint": name, "service": begun.service, "git": begun.git}
        _print({**data, "problems": [], "next": check})
        return
    click.echo(f"made {directory} out of the blueprint {name}\n  service  {begun.service}\n  git      {begun.git}")
    click.echo(f"next: {check}")


def _start_git(folder: Path) -> str:
    from generator.repository import git  # noqa: PLC0415 - the help does not need it

    try:
        git.start(folder)
    except git.NoGitError as error:
        return f"no git repository: {error}"
    return f"a git repository on branch {git.BRANCH}, nothing committed yet"
