"""`penstock rehearse`: the pipeline on this machine, from a commit to the last stage, without AWS."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import __version__
from generator.cli.console import fail, pipeline_argument, tell
from generator.cli.rehearse_options import Asked, refuse, wrong
from generator.cli.unrehearsed import refuse_unrehearsed
from generator.errors import InvalidInputError, PenstockError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from generator.cli.rehearse_template import Plan
    from generator.cli.views.view import View
    from generator.compiler.pipeline import Compilation
    from generator.errors import Problem
    from generator.execution import ActionWaiting
    from generator.rehearsal.driver.existing_values import Existing
    from generator.rehearsal.driver.outcome import Outcome
    from generator.rehearsal.driver.reach import Reach
    from generator.rehearsal.driver.source import Source
    from generator.rehearsal.driver.steps import Hear
    from generator.rehearsal.emulator.faults.kinds import Faults
    from generator.rehearsal.emulator.handle import Emulator

_PERMISSIONS_HELP = "Ask for every right of the pipeline's roles, and show which of their statements were needed."
_ASSUME_HELP = "Flip an assumption about AWS; docs/rehearsal.md lists them. May be repeated."
_EXISTING_HELP = "What your account has: ssm:NAME=VALUE, secret:, export:, policy:ARN=FILE. May be repeated."
_FAULTS_HELP = "Once green, rehearse again with what AWS may do: late, double, refused, slow, killed."
_ALLOW_HELP = "Let programs reach this host beside package registries. May be repeated."
_FILE = click.Path(path_type=Path)
_TEMPLATE_HELP = "Rehearse a CloudFormation template that is not ours, instead of PIPELINE."
_PARAMETER_HELP = "Of --template: a parameter's value. May be repeated."
_PARAMETERS_HELP = "Of --template: values in a form of the aws CLI's or SAM's. May be repeated."
_SOURCE_HELP = "Of --template: the folder of a source action; without it this one. May be repeated."
_STUB_HELP = "Of --template: do not run this provider's actions; the result says so. May be repeated."


@click.command()
@pipeline_argument
@click.option("--commit", "revision", metavar="REV", default="", help="Rehearse this commit instead of HEAD.")
@click.option("--worktree", is_flag=True, help="Rehearse the files as they are, those git ignores left out.")
@click.option("--approve", type=click.Choice(["ask", "yes", "no"]), help="Who answers approvals; ask needs a terminal.")
@click.option("--until", metavar="STAGE", default="", help="Stop after this stage of the pipeline.")
@click.option("--keep", is_flag=True, help="Leave everything running afterwards, and say how to reach it.")
@click.option("--permissions", is_flag=True, help=_PERMISSIONS_HELP)
@click.option("--allow-host", "allowed", metavar="HOST", multiple=True, help=_ALLOW_HELP)
@click.option("--assume", "assumed", metavar="NAME=VALUE", multiple=True, help=_ASSUME_HELP)
@click.option("--existing", metavar="KIND:NAME=VALUE", multiple=True, help=_EXISTING_HELP)
@click.option("--faults", is_flag=True, help=_FAULTS_HELP)
@click.option("--seed", type=click.INT, default=1, show_default=True, help="Which faults --faults lets strike.")
@click.option("--template", metavar="FILE", type=click.Path(path_type=Path), help=_TEMPLATE_HELP)
@click.option("--pipeline", "logical_id", metavar="LOGICAL_ID", default="", help="Of --template: which pipeline.")
@click.option("--parameter", "parameters", metavar="NAME=VALUE", multiple=True, help=_PARAMETER_HELP)
@click.option("--parameters", "parameter_files", metavar="FILE", type=_FILE, multiple=True, help=_PARAMETERS_HELP)
@click.option("--source", "sources", metavar="ACTION=DIR", multiple=True, help=_SOURCE_HELP)
@click.option(
    "--list", "listed", is_flag=True, help="Of --template: show what is in it and what it needs; run nothing."
)
@click.option("--stub", "stubs", metavar="PROVIDER=succeed|fail", multiple=True, help=_STUB_HELP)
@click.option("--accept-stubs", is_flag=True, help="Of --template: exit with 0 although actions were stubbed.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(**options: Any) -> None:
    """Run the pipeline of PIPELINE (pipeline.yaml) on this machine, from a commit to the last stage.

    The generated stack is launched into an emulator of AWS on this machine; the commit is built, deployed and tested as
    it would be there. No AWS account is asked, and nothing is left behind unless --keep is given.

    Exits with 0 when it is green, 1 when it is red, 5 when something cannot be rehearsed.

    Example: penstock rehearse --approve yes
    """
    asked = Asked(**options)
    refuse(asked)
    if asked.listed:
        _list(asked)
        return
    from generator.cli.views.view import view_for  # noqa: PLC0415 - the help needs none of these
    from generator.rehearsal.assumptions import chosen  # noqa: PLC0415
    from generator.rehearsal.driver import existing_values  # noqa: PLC0415
    from generator.rehearsal.emulator.handle import Emulator  # noqa: PLC0415
    from generator.rehearsal.sandbox.status import Limits  # noqa: PLC0415

    existing_values.read(asked.existing)
    planned = _planned(asked)
    began = time.monotonic()
    view = view_for(asked.output, terminal=sys.stdout.isatty(), environ=os.environ)
    limits = Limits(asked.allowed, users=_users_folders(asked, planned))
    stubs = planned.stubs if planned else {}
    make = functools.partial(Emulator, os.environ, assumptions=chosen(asked.assumed), limits=limits, stubs=stubs)
    with view:
        # As Ctrl-C, so that a terminal gets back what a live view took from it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with make() as emulator:
            outcome = _outcome(asked, view, emulator, planned)
            reach = _kept(emulator) if asked.keep else None
        if asked.faults and not outcome.exit_code:
            clean = outcome, time.monotonic() - began
            outcome = _tried(asked, view, clean, lambda faults: make(faults=faults))
        view.end(outcome, time.monotonic() - began, reach)
    if outcome.exit_code:
        fail(outcome.exit_code)


def _list(asked: Asked) -> None:
    from generator.cli.rehearse_template import show  # noqa: PLC0415 - a pipeline file needs it not

    show(asked)


def _planned(asked: Asked) -> Plan | None:
    """What is rehearsed of a template that is not ours; None where there is a pipeline file."""
    if asked.template is None:
        return None
    from generator.cli.rehearse_template import plan  # noqa: PLC0415 - a pipeline file needs it not

    return plan(asked)


def _users_folders(asked: Asked, planned: Plan | None) -> tuple[Path, ...]:
    """The folders that hold what is the user's own."""
    return planned.users_folders if planned else (asked.pipeline.absolute().parent,)


def _outcome(asked: Asked, view: View, emulator: Emulator, planned: Plan | None) -> Outcome:
    """What the rehearsal comes to. What ends it early with exit code 1 or 5 is an outcome as well."""
    from generator.rehearsal.driver.lost import losing_the_files  # noqa: PLC0415 - the help needs none of these
    from generator.rehearsal.driver.outcome import Outcome  # noqa: PLC0415

    try:
        with losing_the_files(emulator):
            return _rehearsed_template(asked, view, emulator, planned) if planned else _rehearsed(asked, view, emulator)
    except InvalidInputError:
        raise
    except PenstockError as ended:
        status = {code: status for status, code in Outcome.EXIT_CODES.items()}.get(ended.exit_code)
        if status is None:
            raise
        return Outcome(status, reason=str(ended))


def _rehearsed_template(asked: Asked, view: View, emulator: Emulator, planned: Plan) -> Outcome:
    from generator.cli.rehearse_template import rehearse  # noqa: PLC0415 - a pipeline file needs none of these
    from generator.rehearsal.driver.execution_watch import Wishes  # noqa: PLC0415
    from generator.rehearsal.driver.outcome import Stubs  # noqa: PLC0415

    stubs = Stubs(frozenset(planned.stubs), asked.accept_stubs)
    wishes = Wishes(_approval(asked, view), _stage(asked.until, planned.pipeline.stages), stubs=stubs)
    return rehearse(planned, asked, emulator, view.hear, wishes)


def _rehearsed(asked: Asked, view: View, emulator: Emulator) -> Outcome:
    from generator.cli.environment_stacks import stacks_elsewhere  # noqa: PLC0415 - as below
    from generator.rehearsal.driver import declared, existing_values  # noqa: PLC0415 - the help needs none of these
    from generator.rehearsal.driver.execution_watch import Wishes  # noqa: PLC0415
    from generator.rehearsal.driver.outcome import Outcome  # noqa: PLC0415
    from generator.rehearsal.driver.rehearsal import Rehearsal  # noqa: PLC0415
    from generator.rehearsal.driver.steps import Begun  # noqa: PLC0415

    source = _source(asked, emulator)
    view.hear(Begun(source.description, source.commit))
    if source.left_out:
        click.echo(f"note: {source.left_out}", err=True)
    compiled, templates = _compiled(asked.pipeline, source)
    problems, template = _problems(compiled, templates), templates[compiled.pipeline.stack]
    wishes = Wishes(_approval(asked, view), _stage(asked.until, declared.stage_names(template)))
    if problems:
        emulator.ledger()  # If it ended, its folder's files are what is missing.
    if tell(problems):
        return Outcome("Failed", reason="the application has problems: nothing was started")
    refuse_unrehearsed(compiled, permissions=asked.permissions)
    existing_values.make(emulator, _existing(asked, compiled))
    rehearsal, stack = Rehearsal(emulator, view.hear, wishes), declared.stack_name(template)
    elsewhere = stacks_elsewhere(compiled.pipeline, templates, emulator)
    if not asked.permissions:
        return rehearsal.run(stack, template, source, elsewhere)
    from generator.rehearsal.driver.scenario import Parts, Scenario  # noqa: PLC0415 - most do without

    tests = compiled.pipeline.tests
    read = tuple(app.template for app, template in compiled.apps if template)
    of_build = tuple(app.template for app in compiled.pipeline.apps if app.template and app.template not in read)
    parts = Parts(read, tests.template if tests else "", of_build)
    return Scenario(emulator, view.hear, rehearsal).run(stack, template, source, parts, elsewhere)


def _source(asked: Asked, emulator: Emulator) -> Source:
    from generator.rehearsal.driver.source import SourceChoice, take  # noqa: PLC0415 - the help does not need it

    # Below the emulator's own folder, which goes whatever becomes of this process.
    folder = emulator.settings.folder / "source"
    return take(asked.pipeline.parent, SourceChoice(asked.revision, asked.worktree), folder, os.environ)


def _tried(
    asked: Asked, view: View, clean: tuple[Outcome, float], make: Callable[[Faults | None], Emulator]
) -> Outcome:
    """The outcome of a green rehearsal, of so many seconds, once it was done over with faults; red when it was not."""
    from generator.rehearsal.driver.steps import Remarked  # noqa: PLC0415 - who asks for no faults needs none of these
    from generator.rehearsal.driver.trials import Trials  # noqa: PLC0415

    outcome, seconds = clean
    view.hear(Remarked(f"green; now with faults (--seed {asked.seed})"))
    take = functools.partial(_again, asked)
    trials = Trials(make, take, asked.seed, tell=lambda words: view.hear(Remarked(words)))
    findings = []
    for tried in trials.all(outcome, seconds):
        view.hear(tried)
        findings += [f"with faults ({', '.join(tried.kinds)}): {tried.finding}"] * bool(tried.finding)
    return dataclasses.replace(outcome, status="Failed", reason="\n".join(findings)) if findings else outcome


def _again(asked: Asked, emulator: Emulator, hear: Hear) -> Outcome:
    """Take the same source through a fresh emulator; what is wrong with it was said the first time."""
    from generator.cli.environment_stacks import stacks_elsewhere  # noqa: PLC0415 - as below
    from generator.rehearsal.driver import declared, existing_values  # noqa: PLC0415 - who asks for no faults needs none
    from generator.rehearsal.driver.execution_watch import Wishes  # noqa: PLC0415
    from generator.rehearsal.driver.rehearsal import Rehearsal  # noqa: PLC0415

    source = _source(asked, emulator)
    compiled, templates = _compiled(asked.pipeline, source)
    template = templates[compiled.pipeline.stack]
    existing_values.make(emulator, _existing(asked, compiled))
    wishes = Wishes(lambda _event: True, _stage(asked.until, declared.stage_names(template)))
    elsewhere = stacks_elsewhere(compiled.pipeline, templates, emulator)
    return Rehearsal(emulator, hear, wishes).run(declared.stack_name(template), template, source, elsewhere)


def _existing(asked: Asked, compiled: Compilation) -> list[Existing]:
    """What the account holds already; of the same name the command line's counts."""
    from generator.pipeline_file.keys.existing import things  # noqa: PLC0415 - the help needs none of these
    from generator.rehearsal.driver.existing_values import Existing, read  # noqa: PLC0415

    every = [*(Existing(*thing) for thing in things(compiled.file)), *read(asked.existing)]
    return list({(each.kind, each.name): each for each in every}.values())


def _problems(compiled: Compilation, templates: Mapping[str, str]) -> Sequence[Problem]:
    """What is wrong with the application of a pipeline."""
    from generator.cli.answers import kept_answers  # noqa: PLC0415 - the help needs none of these
    from generator.compiler.findings import full  # noqa: PLC0415

    return full(compiled, templates, dt.datetime.now(tz=dt.UTC).date(), kept_answers())


def _compiled(pipeline: Path, source: Source) -> tuple[Compilation, Mapping[str, str]]:
    """What the pipeline file says as it is in the source, and its templates by the names of their stacks."""
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415 - the help needs none of these
    from generator.render import template_text  # noqa: PLC0415
    from generator.repository.files import Repository  # noqa: PLC0415

    file = source.files / pipeline.name
    if not file.is_file():
        raise wrong(f"there is no {pipeline.name} in {source.description}", "commit it, or rehearse with --worktree")
    compiled = compile_file(file, str(pipeline), Repository(source.files))
    return compiled, template_text.templates(compiled.pipeline, pipeline.name, __version__)


def _approval(asked: Asked, view: View) -> Callable[[ActionWaiting], bool]:
    if asked.approve in (None, "ask"):
        return view.ask
    return lambda _event: asked.approve == "yes"


def _stage(word: str, names: Sequence[str]) -> str:
    """The pipeline's stage a word means, whatever its case; empty if there is none."""
    import difflib  # noqa: PLC0415 - for this only

    stage_names = {name.lower(): name for name in names}
    if not word or word.lower() in stage_names:
        return stage_names.get(word.lower(), "")
    near = difflib.get_close_matches(word.lower(), stage_names, 1)
    guess = f"did you mean '{stage_names[near[0]]}'? " if near else ""
    raise wrong(f"--until: the pipeline has no stage '{word}'", f"{guess}stages: {', '.join(names)}")


def _kept(emulator: Emulator) -> Reach | None:
    """Let the emulator go on, and how to reach it; None where there is nothing to reach."""
    from generator.rehearsal.driver.reach import reach  # noqa: PLC0415 - only who keeps needs it

    if not emulator.alive or not emulator.client("cloudformation").describe_stacks()["Stacks"]:
        return None
    return reach(emulator.keep())
