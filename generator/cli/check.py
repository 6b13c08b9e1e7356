"""`penstock check`: problems of a pipeline file and its application, before AWS refuses them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.cli.console import as_data, fail, pipeline_argument, tell

if TYPE_CHECKING:
    from generator.compiler.pipeline import Compilation
    from generator.errors import Level, Problem

_NOUNS: Mapping[Level, str] = {"error": "problem", "warning": "warning", "info": "remark"}


@click.command()
@pipeline_argument
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(pipeline: Path, output: str) -> None:
    """Report problems in PIPELINE (pipeline.yaml), the application's templates and the generated template.

    Nothing leaves your machine: cfn-lint and SAM's own translator run locally.

    Example: penstock check
    """
    from generator.cli.answers import kept_answers  # noqa: PLC0415 - the help needs none of these
    from generator.compiler.findings import full  # noqa: PLC0415
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415
    from generator.render import template_text  # noqa: PLC0415
    from generator.repository.files import Repository  # noqa: PLC0415

    compiled = compile_file(pipeline, str(pipeline), Repository(pipeline.parent))
    templates = template_text.templates(compiled.pipeline, pipeline.name, __version__)
    problems = full(compiled, templates, dt.datetime.now(tz=dt.UTC).date(), kept_answers())
    if output == "json":
        click.echo(json.dumps({"problems": [as_data(problem) for problem in problems]}, indent=2))
        failed = any(problem.level == "error" for problem in problems)
    else:
        failed = tell(problems)
        click.echo("\n".join(_summary(compiled, templates, problems)))
    if failed:
        fail(1)


def _summary(compiled: Compilation, templates: Mapping[str, str], problems: tuple[Problem, ...]) -> list[str]:
    pipeline = compiled.pipeline
    asked = {stage.asking for stage in pipeline.stages if stage.approval}
    stages = (f"{stage.name} (approval)" if stage.name in asked else stage.name for stage in pipeline.plan)
    deployed = ", ".join(filter(None, (app.template for app in pipeline.apps))) or "deployed by commands"
    tests = pipeline.tests.template if pipeline.tests else pipeline.test_kind or "none"
    return [
        f"{pipeline.service}: {' > '.join(stages)}",
        f"  application {deployed}, tests {tests}",
        *(f"  template    {len(text.encode()):,} bytes, looked at by cfn-lint" for text in templates.values()),
        f"  {_count(problems)}",
    ]


def _count(problems: tuple[Problem, ...]) -> str:
    levels = [problem.level for problem in problems]
    errors, warnings, remarks = (_some(levels.count(level), noun) for level, noun in _NOUNS.items())
    wrong = ", ".join(filter(None, (errors, warnings))) or "no problems"
    return f"{wrong}, {remarks}" if remarks else wrong


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}" if count else ""
