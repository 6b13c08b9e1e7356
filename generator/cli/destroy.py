"""`penstock destroy`: deletes everything of a service in the only order that works, production only on request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from generator.aws import destruction
from generator.aws.destruction import Choice, Left, Plan, Step
from generator.aws.door import Door
from generator.aws.environments import Reach
from generator.aws.inventory import inventory
from generator.aws.names import pipeline_name
from generator.cli import environment_profiles
from generator.cli.aws_options import of_service, on_aws
from generator.cli.launch_messages import event
from generator.cli.prompts import demand_answer, typed
from generator.errors import InvalidInputError, Problem, RefusedError


@click.command()
@of_service
@click.option("--prod", is_flag=True, help="Delete production, too: stages behind an approval, or called production.")
@click.option(
    "--keep",
    multiple=True,
    type=click.Choice(["bucket", "images", "key", "repository", "role"]),
    help="Keep this; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan, and delete nothing.")
@click.option("--yes", metavar="SERVICE", default="", help="Do not ask; give the service's name as confirmation.")
@click.option("--stack-name", default="", help="The pipeline stack's name, if it is not <service>-pipeline.")
@environment_profiles.environment_option("Delete what is in this environment's account, too,")
@on_aws
def command(  # noqa: PLR0913 - click hands over each option
    door: Door,
    output: str,
    service: str,
    environments: tuple[str, ...],
    stack_name: str,
    *,
    prod: bool,
    keep: tuple[str, ...],
    **answer: Any,
) -> None:
    """Delete what a pipeline deployed, the pipeline, and what its stack retains: role, bucket, key, repository.

    Production and everything it needs stays unless you pass --prod. What is in other accounts stays unless you pass a
    profile for each. If it is interrupted, run it again.

    Example: penstock destroy --dry-run
    """
    reach = environment_profiles.reach(door, environments)
    present = inventory(reach, stack_name or pipeline_name(service))
    plan = destruction.plan(present, pipeline_name(service), Choice(prod, frozenset(keep)))
    data: dict[str, Any] = {"service": service, "region": door.region, "account": door.account()}
    data |= {"plan": [str(step) for step in plan.steps], "done": [], "left": _as_data(plan.left)}
    as_text = output == "text"
    _say_plan(data, beside=not as_text)
    try:
        if plan.steps and not answer["dry_run"]:
            _destroy(reach, service, plan, data, answer["yes"])
    finally:
        # Also of a destruction that failed half-way: how far it came is the answer.
        if as_text and data["done"]:
            _say_done(data)
        elif not as_text:
            click.echo(json.dumps(data, indent=2))


def _destroy(reach: Reach, service: str, plan: Plan, data: dict[str, Any], yes: str) -> None:
    _refuse_protected(plan)
    _demand_name(service, yes)
    left = list(plan.left)
    for step in plan.steps:
        there = reach.door(step.place)
        with _reporting_progress(step, data):
            _show(there, step)
        data["done"].append(str(step))
        left += destruction.remains(there, step)
        data["left"] = _as_data(left)


def _refuse_protected(plan: Plan) -> None:
    if plan.protected:
        names = ", ".join(plan.protected)
        hint = "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name NAME"
        raise RefusedError(str(Problem(f"protected from deletion: {names}; nothing was taken down", hint=hint)))


def _demand_name(service: str, yes: str) -> None:
    """Raises InvalidInputError unless the service's name was said, by option or at the terminal."""
    if not yes:
        demand_answer(f"--yes {service}")
    if not (yes == service if yes else typed(f"This cannot be undone. Type {service} to go on", service)):
        raise InvalidInputError([Problem(f"that is not the name of the service: {service}; nothing was taken down")])


def _show(door: Door, step: Step) -> None:
    click.echo(str(step), err=True)
    for happened in destruction.carry_out(door, step):
        click.echo(event(happened), err=True)


@contextmanager
def _reporting_progress(step: Step, data: dict[str, Any]) -> Iterator[None]:
    """Says how far it came when a step does not come to its end."""
    try:
        yield
    except (KeyboardInterrupt, Exception):
        done, planned = len(data["done"]), len(data["plan"])
        click.echo(
            f"{done} of {planned} steps are done, this one is not: {step}. What began goes on without you, and the "
            "pipeline deploys nothing more. Run the same command again: it goes on from what is there then",
            err=True,
        )
        raise


def _as_data(left: tuple[Left, ...] | list[Left]) -> list[dict[str, str]]:
    return [{"what": item.what, "why": item.why} for item in left]


def _say_plan(data: dict[str, Any], *, beside: bool) -> None:
    """What will happen, as the result or `beside` it: whoever is asked must have read it."""
    where = f"{data['service']} in {data['region']}, account {data['account']}"
    steps = [f"  {number}. {step}" for number, step in enumerate(data["plan"], 1)]
    heading = f"{where}:" if steps else f"{where}: there is nothing to take down"
    click.echo("\n".join([heading, *steps, *_left("stays", data["left"])]), err=beside)


def _say_done(data: dict[str, Any]) -> None:
    complete = len(data["done"]) == len(data["plan"])
    click.echo(f"{len(data['done'])} of {len(data['plan'])} steps are done")
    if data["left"]:
        click.echo("\n".join(_left("left", data["left"])))
    elif complete:
        click.echo(f"nothing of {data['service']} is left in {data['region']}")


def _left(heading: str, left: list[dict[str, str]]) -> list[str]:
    return [f"{heading}:", *(f"  {item['what']}: {item['why']}" for item in left)] if left else []
