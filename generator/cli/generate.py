"""`penstock generate`: the CloudFormation template of a pipeline file."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.cli import launched_permissions
from generator.cli.console import fail, pipeline_argument, tell
from generator.errors import InvalidInputError, Problem, RefusedError
from generator.model.text import resolved

if TYPE_CHECKING:
    from generator.model.pipeline import Pipeline
    from generator.render.template_text import Form


@click.command()
@pipeline_argument
@click.option("-o", "--output-file", type=click.Path(path_type=Path), help="Write here instead of stdout.")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@click.option(
    "--environment",
    metavar="NAME",
    default="",
    help="Print the template of this environment's stack, which its account launches before the pipeline.",
)
@click.option("--force", is_flag=True, help="Replace a file that Penstock did not write.")
@launched_permissions.prune_option
def command(
    pipeline: Path, output_file: Path | None, form: Form, environment: str, *, force: bool, prune: bool
) -> None:
    """Print the CloudFormation template of PIPELINE (pipeline.yaml): one stack that is the whole pipeline.

    Exits with 1 when the application has problems; the template is printed all the same.

    Example: penstock generate -o pipeline-template.yaml
    """
    from generator.compiler.findings import quick  # noqa: PLC0415 - the help needs none of these
    from generator.render import template_text  # noqa: PLC0415

    ours = output_file if output_file and _is(output_file, template_text.is_ours) else None
    launched = ours if not environment else None
    compiled = launched_permissions.compiled(
        pipeline, lambda _service: launched.read_text(encoding="utf-8") if launched else None, prune=prune
    )
    templates = template_text.templates(compiled.pipeline, pipeline.name, __version__, form)
    text = templates[_stack(compiled.pipeline, environment)]
    if output_file:
        _replace(output_file, text, pipeline, force=force or ours is not None)
    else:
        click.echo(text, nl=False)
    if tell(quick(compiled, templates, dt.datetime.now(tz=dt.UTC).date())):
        fail(1)


def _stack(pipeline: Pipeline, environment: str) -> str:
    """The stack whose template is printed: the pipeline's own, or that of an environment."""
    stacks = {each.word: resolved(each.stack, pipeline.service) for each in pipeline.environments}
    if environment and environment not in stacks:
        hint = f"there are {', '.join(stacks)}" if stacks else "an environment gets one: {account: ...}"
        problem = Problem(f"no stage lives in an environment '{environment}' in another account", hint=hint)
        raise InvalidInputError([problem])
    return stacks[environment] if environment else pipeline.stack


def _replace(target: Path, text: str, source: Path, *, force: bool) -> None:
    """Write a file whole or not at all; one that is there stays unless `force`, the pipeline file in any case."""
    if target.exists() and target.samefile(source):
        problem = Problem(f"-o names the pipeline file itself, {target}", hint="name another file for the template")
        raise InvalidInputError([problem])
    if not force and target.exists():
        raise RefusedError(f"{target} already exists and was not written by Penstock: --force replaces it")
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        draft.write_text(text, encoding="utf-8")
        if target.exists():
            draft.chmod(target.stat().st_mode)
        draft.replace(target)
    except OSError as refused:
        raise RefusedError(f"{target} cannot be written: {refused.strerror}") from refused
    finally:
        draft.unlink(missing_ok=True)


def _is(target: Path, matches: Callable[[str], bool]) -> bool:
    try:
        with target.open(encoding="utf-8") as file:
            return matches(file.read(4096))
    except (OSError, UnicodeDecodeError):
        return False
