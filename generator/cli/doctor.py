"""`penstock doctor`: finds what would make a first run fail."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.cli import environment_profiles
from generator.cli.aws_options import on_aws
from generator.cli.console import fail, pipeline_argument

if TYPE_CHECKING:
    from generator.aws.doctor.check import Finding, Look
    from generator.aws.door import Door
    from generator.aws.environments import Reach
    from generator.compiler.pipeline import Compilation

_WORDS = {"good": "good", "wrong": "wrong", "unseen": "could not be looked at", "later": "not there yet"}


@click.command()
@pipeline_argument
@click.option("--stack-name", default="", help="The stack's name, if it is not <service>-pipeline.")
@environment_profiles.environment_option("Look at this environment's account, too,")
@on_aws
def command(pipeline: Path, door: Door, output: str, stack_name: str, environments: tuple[str, ...]) -> None:
    """Find what would make a run of PIPELINE (pipeline.yaml) on AWS fail, before it fails.

    Checks credentials and permissions, region and quotas, names that are taken, the source, stuck stacks and how to
    free them, the trigger, subscriptions, whether the roles in other accounts let the pipeline in, and runtimes that
    will be retired. Changes nothing. Exits with 1 if there is a problem or something could not be checked, with 4 if
    AWS cannot be reached at all.

    Example: penstock doctor --region eu-west-1
    """
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415 - the help needs none of these
    from generator.repository.files import Repository  # noqa: PLC0415

    compiled = compile_file(pipeline, str(pipeline), Repository(pipeline.parent))
    environment_profiles.refuse_unknown(environments, (each.word for each in compiled.pipeline.environments))
    reach = environment_profiles.reach(door, environments)
    findings = _written(_findings(compiled, pipeline.name, stack_name, reach), output)
    if any(finding.verdict in {"wrong", "unseen"} for finding in findings):
        fail(1)


def _findings(compiled: Compilation, file: str, stack_name: str, reach: Reach) -> Iterator[Finding]:
    from generator.aws.doctor.checkup import LOOKS, examine  # noqa: PLC0415 - the help needs none of these
    from generator.aws.doctor.launched_stack import launched  # noqa: PLC0415
    from generator.aws.doctor.requirements import requirements_of  # noqa: PLC0415
    from generator.aws.names import pipeline_name  # noqa: PLC0415
    from generator.render import template_text  # noqa: PLC0415

    stack = stack_name or pipeline_name(compiled.pipeline.service)
    templates = template_text.templates(compiled.pipeline, file, __version__, "json")
    template = json.loads(templates[compiled.pipeline.stack])
    defaults = {name: reason["Default"] for name, reason in template["Parameters"].items() if "Default" in reason}
    there = launched(reach.home, stack)
    looks = (*LOOKS, *_looks_elsewhere(compiled, templates, reach))
    yield from examine(reach.home, requirements_of(template, stack, {**defaults, **there.parameters}), there, looks)
    yield from _runtimes(compiled, reach.home)


def _looks_elsewhere(compiled: Compilation, templates: Mapping[str, str], reach: Reach) -> Iterator[tuple[str, Look]]:
    from generator.aws.doctor import environments  # noqa: PLC0415 - as above
    from generator.aws.environments import Place  # noqa: PLC0415
    from generator.model.text import resolved  # noqa: PLC0415

    for each in compiled.pipeline.environments:
        template = json.loads(templates[resolved(each.stack, compiled.pipeline.service)])
        yield environments.look(reach, Place(each.word, each.account), template)


def _runtimes(compiled: Compilation, door: Door) -> Iterator[Finding]:
    from generator.application.functions import runtimes_of  # noqa: PLC0415 - the help needs none of these
    from generator.aws.doctor.check import Finding  # noqa: PLC0415
    from generator.checks.runtimes import check_runtimes  # noqa: PLC0415

    subject = "runtimes"
    of_templates = (runtime for template in compiled.file.templates for runtime in runtimes_of(template))
    of_functions = ((function.name, function.runtime) for function in compiled.functions)
    ending = [*check_runtimes((*of_templates, *of_functions), door.clock().date())]
    for problem in ending:
        yield Finding(subject, "wrong", f"{problem.place}: {problem.message}", problem.hint)
    for problem in compiled.problems:
        yield Finding(subject, "unseen", str(problem.message), problem.hint)
    if not ending and not compiled.problems:
        yield Finding(subject, "good", "none of the application's functions has a runtime near its end")


def _written(findings: Iterable[Finding], output: str) -> list[Finding]:
    """The findings, each printed as soon as it is there, or all as data."""
    if output == "json":
        result = list(findings)
        click.echo(json.dumps({"findings": [dataclasses.asdict(finding) for finding in result]}, indent=2))
        return result
    result = []
    for finding in findings:
        click.echo(_line(finding))
        result.append(finding)
    click.echo(_summary(result))
    return result


def _line(finding: Finding) -> str:
    line = f"{finding.verdict:<8}{finding.subject:<22}{finding.message}"
    return f"{line}\n{'':<30}do: {finding.advice}" if finding.advice else line


def _summary(findings: list[Finding]) -> str:
    verdicts = [finding.verdict for finding in findings]
    counts = ((verdicts.count(verdict), words) for verdict, words in _WORDS.items())  # type: ignore[arg-type]  # its keys are verdicts
    return ", ".join(f"{count} {words}" for count, words in counts if count)
