"""`penstock local`: rehearsals that still run on this machine."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import TYPE_CHECKING

import click

from generator.errors import InvalidInputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.rehearsal.driver.reach import Reach
    from generator.rehearsal.emulator.kept_emulators import KeptEmulator, Unreachable


@click.command()
@click.option("--stop", is_flag=True, help="Stop all of them, and delete their files.")
@click.option("--connect", metavar="NAME", default="", help="Authorize the pending connection with this name or ARN.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(stop: bool, connect: str, output: str) -> None:
    """Show the emulators that `penstock rehearse --keep` left running, and how to reach them.

    A connection that a stack makes is PENDING, as on AWS; --connect does what a person does in AWS's console.

    Example: penstock local --stop
    """
    from generator.cli import emulator_access  # noqa: PLC0415 - the help needs none of these
    from generator.cli.views.report import refusals, walled  # noqa: PLC0415
    from generator.cli.views.steps import harmless  # noqa: PLC0415
    from generator.rehearsal.emulator.kept_emulators import kept, unreachable  # noqa: PLC0415

    for lost in unreachable(os.environ):
        if stop:
            lost.stop()
        click.echo(_note_on(lost, stop=stop), err=True)
    emulators = kept(os.environ)
    if connect:
        _connect(emulators, connect)
    reaches = [reached for emulator in emulators if (reached := _reach(emulator, stop=stop))]
    if stop:
        for emulator in emulators:
            emulator.stop()
    if output == "json":
        key = "stopped" if stop else "kept"
        click.echo(json.dumps({key: [dataclasses.asdict(reached_emulator) for reached_emulator in reaches]}, indent=2))
    elif not reaches:
        click.echo("nothing is kept running")
    for reached in reaches if output == "text" else ():
        names = ", ".join(reached.pipelines) or "no pipeline"
        sandbox = [*walled(reached.protection, reached.protection_reason), *refusals(reached.attempts)]
        lines = [f"{names} in {reached.folder}", *emulator_access.lines(reached), *map(harmless, sandbox)]
        click.echo(f"stopped {names}" if stop else "\n".join(lines))


def _reach(emulator: KeptEmulator, *, stop: bool) -> Reach | None:
    """The ways to it; None for one that answers wrongly and is stopped all the same. Raises EmulatorError otherwise."""
    from generator.rehearsal.driver.reach import reach  # noqa: PLC0415 - the help needs neither
    from generator.rehearsal.emulator.control_client import EmulatorError  # noqa: PLC0415

    try:
        return reach(emulator)
    except EmulatorError as problem:
        if not stop:
            raise
        click.echo(f"note: ended what ran in {emulator.folder}: {problem}", err=True)
        return None


def _note_on(lost: Unreachable, *, stop: bool) -> str:
    why = "its note cannot be read any more"
    if stop:
        return f"note: ended what ran in {lost.folder}: {why}"
    return f"note: nobody can reach what runs in {lost.folder}: {why}; penstock local --stop ends it"


def _connect(emulators: Sequence[KeptEmulator], name: str) -> None:
    """Raises InvalidInputError when no emulator has such a connection."""
    if not [arn for emulator in emulators for arn in emulator.connect(name)]:
        from generator.rehearsal.driver.reach import reach  # noqa: PLC0415 - the help does not need it

        pending = [connection for emulator in emulators for connection in reach(emulator).connections]
        hint = f"pending: {', '.join(pending)}" if pending else "no connection is pending here"
        raise InvalidInputError([Problem(f"--connect: no connection is called '{name}'", hint=hint)])
