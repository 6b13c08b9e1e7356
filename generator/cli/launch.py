"""`penstock launch`: the pipeline's stack on AWS, made or updated, until the first commit can come."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import __version__
from generator.aws import changes, launch_state, next_steps, stacks
from generator.aws.changes import ChangeSet
from generator.aws.door import Door
from generator.aws.launch_state import Ended
from generator.aws.names import pipeline_name
from generator.aws.next_steps import Connection
from generator.aws.stacks import Stack, StackEvent
from generator.aws.template_upload import Upload
from generator.cli import environment_profiles, launched_permissions
from generator.cli import launch_messages as words
from generator.cli.aws_options import on_aws
from generator.cli.console import fail, pipeline_argument, tell
from generator.cli.launch_order import Order, Report
from generator.cli.prompts import agreed, demand_answer
from generator.errors import RefusedError
from generator.model.text import resolved

if TYPE_CHECKING:
    from generator.model.pipeline import Pipeline

_RESULTS = {(True, True): "created", (True, False): "updated", (False, True): "failed", (False, False): "rolled back"}


@click.command()
@pipeline_argument
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option(
    "--replace", is_flag=True, help="Allow replacing or releasing a bucket, key, repository, role or pipeline."
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--no-wait", is_flag=True, help="Do not wait for a pending connection to be authorized.")
@click.option("--link", metavar="URL", default="", help="Print the console's launch link for the template at this URL.")
@click.option("--stack-name", default="", help="The stack's name, if it is not <service>-pipeline.")
@click.option(
    "--s3-bucket",
    metavar="NAME",
    default="",
    help="Where a template goes that is too large for one call, if not to the pipeline's bucket or one for this launch "
    "alone; made if it is not there.",
)
@environment_profiles.environment_option("First launch this environment's stack, in its account,")
@launched_permissions.prune_option
@on_aws
def command(  # noqa: PLR0913 - click hands over each option
    door: Door,
    output: str,
    pipeline: Path,
    link: str,
    stack_name: str,
    environments: tuple[str, ...],
    *,
    prune: bool,
    **answers: Any,
) -> None:
    """Launch the pipeline of PIPELINE (pipeline.yaml) on AWS, or update the launched one.

    Shows what will change, asks, and follows the change to its end. It is safe to run again at any time.

    Example: penstock launch
    """
    compiled, templates = _compiled(door, pipeline, stack_name, prune=prune)
    service, stack = compiled.service, stack_name or compiled.stack
    report = Report(output == "json")
    try:
        if link:
            _print_link(door, link, stack, report)
            return
        for environment, there in environment_profiles.doors(door, compiled, environments):
            name = resolved(environment.stack, service)
            order = Order(service, name, templates[name], pipeline_account=door.account(), **answers)
            _launch(there, order, report.of(name))
        _launch(door, Order(service, stack, templates[compiled.stack], **answers), report)
    finally:
        # Also of a launch that failed half-way: how far it came is the answer.
        if report.as_json and report.data:
            click.echo(json.dumps(report.data, indent=2))


def _compiled(door: Door, pipeline: Path, stack_name: str, *, prune: bool) -> tuple[Pipeline, Mapping[str, str]]:
    """The pipeline and its templates; the command ends here when the application has problems."""
    from generator.cli.answers import kept_answers  # noqa: PLC0415 - the help needs none of these
    from generator.compiler.findings import full  # noqa: PLC0415
    from generator.render import template_text  # noqa: PLC0415

    compiled = launched_permissions.compiled(
        pipeline, lambda service: _launched(door, stack_name or pipeline_name(service)), prune=prune
    )
    environment_profiles.refuse_other_name(compiled.pipeline, stack_name)
    templates = template_text.templates(compiled.pipeline, pipeline.name, __version__)
    if tell(full(compiled, templates, dt.datetime.now(tz=dt.UTC).date(), kept_answers())):
        click.echo("AWS was not asked: fix these first", err=True)
        fail(1)
    return compiled.pipeline, templates


def _launched(door: Door, name: str) -> str | Mapping[str, Any] | None:
    """The template a stack was launched with; None where there is none, or only what a failed create has left."""
    stack = stacks.find(door, name)
    return stacks.template(door, name) if stack and stack.status not in launch_state.FAILED_CREATE else None


def _print_link(door: Door, url: str, stack: str, report: Report) -> None:
    if not url.startswith("https://"):
        raise click.BadParameter("the console reads a template from an https URL of S3", param_hint="--link")
    report.data["link"] = launch_state.quick_create(door, url, stack)
    report.line(report.data["link"])


def _launch(door: Door, order: Order, report: Report) -> None:
    if not (order.yes or order.dry_run):
        demand_answer("--yes")
    report.data |= {"result": "not begun", "stack": order.stack, "region": door.region, "account": door.account()}
    standing = _standing(door, order)
    if standing is not None and standing.status in launch_state.FAILED_CREATE and order.dry_run:
        report.data |= {"result": "dry-run", "removes_failed_create": True, "changes": []}
        report.line(words.failed_create(standing))
        return
    standing = _cleaned(door, standing)
    click.echo(f"asking CloudFormation what would change in {order.stack}", err=True)
    upload = Upload(order.s3_bucket, named=True, tell=lambda line: click.echo(line, err=True))
    change_set = changes.propose(door, order.stack, order.template, standing, upload, order.pipeline_account)
    if change_set is None:
        report.data |= {"result": "unchanged", "changes": []}
        report.line(f"{order.stack} in {door.region} is up to date: nothing to change")
    elif _accepted(door, order, change_set, report):
        _carry_out(door, order, change_set, report)
    if not (order.dry_run or order.pipeline_account):
        _finish(door, order, report)


def _standing(door: Door, order: Order) -> Stack | None:
    """The stack as it is once nothing happens to it any more, and only if it may be launched."""
    stack = stacks.find(door, order.stack)
    if stack is not None and not stack.settled:
        click.echo(f"{stack.name} is in {stack.status}: waiting until that has ended", err=True)
        for event in stacks.follow_to_rest(door, stack):
            _show(event)
        stack = stacks.find(door, order.stack)
    if stack is not None:
        launch_state.admit(stack, order.service)
    return stack


def _cleaned(door: Door, stack: Stack | None) -> Stack | None:
    """The stack, unless it was only what a failed first create had left, which is deleted."""
    if stack is None or stack.status not in launch_state.FAILED_CREATE:
        return stack
    click.echo(f"deleting what an earlier launch left unfinished: {stack.name} in {stack.status}", err=True)
    with _reporting_state(words.left_while_deleting(stack.name)):
        for event in stacks.delete(door, stack):
            _show(event)
    return None


def _accepted(door: Door, order: Order, change_set: ChangeSet, report: Report) -> bool:
    """Whether the change, which is shown, is to be made; otherwise it is discarded.

    The command ends here when somebody says no.
    """
    accepted = False
    try:
        accepted = _shown_and_accepted(door, order, change_set, report)
    finally:
        if not accepted:
            changes.discard(door, change_set)
    if not accepted and not order.dry_run:
        click.echo("nothing was changed", err=True)
        fail(1)
    return accepted


def _shown_and_accepted(door: Door, order: Order, change_set: ChangeSet, report: Report) -> bool:
    report.data |= {"result": "dry-run" if order.dry_run else "cancelled", "changes": words.as_data(change_set)}
    for line in words.changes(change_set, order.stack, door.region):
        report.line(line)
    stopped = _stopped_executions(door, order, change_set)
    report.data["stops_executions"] = stopped
    if stopped:
        click.echo(words.stopped(stopped), err=True)
    if order.dry_run:
        report.line("nothing was changed (--dry-run)")
        return False
    return _is_confirmed(order, change_set)


def _stopped_executions(door: Door, order: Order, change_set: ChangeSet) -> list[str]:
    updated = any(change.type == words.PIPELINE and change.action != "Add" for change in change_set.changes)
    return list(next_steps.running(door, pipeline_name(order.service))) if updated else []


def _is_confirmed(order: Order, change_set: ChangeSet) -> bool:
    lost = words.lost(change_set)
    if lost and not order.replace:
        demand_answer("--replace")
        if not agreed(f"{lost}. Go on?"):
            return False
    return order.yes or agreed(f"{'Launch' if change_set.first else 'Update'} {order.stack}?")


def _carry_out(door: Door, order: Order, change_set: ChangeSet, report: Report) -> None:
    """Execute the change set and follow it. Raises RefusedError when it was rolled back."""
    report.data["result"] = "unfinished"
    after = stacks.newest(door, change_set.stack)
    changes.execute(door, change_set)
    with _reporting_state(words.left_while_changing(order.stack)):
        ended = _followed(launch_state.watch(stacks.follow(door, change_set.stack, after)))
    report.data["result"] = _RESULTS[ended.succeeded, change_set.first]
    if not ended.succeeded:
        report.data["failed"] = words.failures(ended)
        raise RefusedError(words.rolled_back(order.stack, ended.status, launch_state.why(ended)))
    report.line(f"{order.stack} is {report.data['result']}")


def _followed(happenings: Iterator[StackEvent | Ended]) -> Ended:
    for happening in happenings:
        if isinstance(happening, Ended):
            return happening
        _show(happening)
    raise AssertionError("following ends with how it ended")


def _finish(door: Door, order: Order, report: Report) -> None:
    """What is needed beyond the stack: connections, the first execution, and what the user does next."""
    pipeline = pipeline_name(order.service)
    sources = next_steps.sources(door, pipeline)
    connections = [_finished(door, connection, order) for connection in next_steps.connections(door, sources)]
    report.data["connections"] = [
        {"arn": connection.arn, "name": connection.name, "status": connection.status} for connection in connections
    ]
    ready = bool(connections) and all(connection.status == "AVAILABLE" for connection in connections)
    report.data["started"] = next_steps.start_if_needed(door, pipeline) if ready else ""
    stack = stacks.find(door, order.stack)
    report.data["outputs"] = dict(sorted(stack.outputs.items())) if stack else {}
    untouched = not report.data["started"] and next_steps.never_got_a_commit(door, pipeline)
    to_confirm = next_steps.unconfirmed(door, order.stack)
    report.data["next"] = words.next_steps(sources if untouched else (), report.data, to_confirm)
    for line in words.ending(report.data):
        report.line(line)


def _finished(door: Door, connection: Connection, order: Order) -> Connection:
    if connection.status != "PENDING":
        return connection
    click.echo(words.pending(connection.name, launch_state.console(door)), err=True)
    if order.no_wait:
        return connection
    with _reporting_state(words.left_while_pending()):
        return next_steps.wait_until_finished(door, connection)


def _show(event: StackEvent | Ended) -> None:
    line = words.event(event)
    if line:
        click.echo(line, err=True)


@contextmanager
def _reporting_state(state: str) -> Iterator[None]:
    """Says in what state things are when what is waited for is left before its end."""
    try:
        yield
    except (KeyboardInterrupt, Exception):
        click.echo(state, err=True)
        raise
