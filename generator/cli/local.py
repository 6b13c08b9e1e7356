"""`penstock local`: the rehearsals that were kept running on this machine."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import TYPE_CHECKING

import click

from generator.errors import InvalidInputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.rehearsal.emulator.kept_emulators import KeptEmulator


@click.command()
@click.option("--stop", is_flag=True, help="End them all, and remove what they left.")
@click.option("--connect", metavar="NAME", default="", help="Complete the pending connection of this name or ARN.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(stop: bool, connect: str, output: str) -> None:
    """Show the emulators that `penstock rehearse --keep` left running, and how to reach them.

    A connection that a stack makes is PENDING, as on AWS; --connect does what a person does in AWS's console.

    Example: penstock local --stop
    """
    from generator.cli import emulator_access  # noqa: PLC0415 - the help needs none of these
    from generator.cli.views.report import refusals, walled  # noqa: PLC0415
    from generator.cli.views.steps import harmless  # noqa: PLC0415
    from generator.rehearsal.driver.reach import reach  # noqa: PLC0415
    from generator.rehearsal.emulator.kept_emulators import kept  # noqa: PLC0415

    found = kept(os.environ)
    if connect:
        _connect(found, connect)
    reaches = [reach(emulator) for emulator in found]
    if stop:
        for emulator in found:
            emulator.stop()
    if output == "json":
        key = "stopped" if stop else "kept"
        click.echo(json.dumps({key: [dataclasses.asdict(one) for one in reaches]}, indent=2))
    elif not reaches:
        click.echo("nothing is kept running")
    for one in reaches if output == "text" else ():
        names = ", ".join(one.pipelines) or "no pipeline"
        sandbox = [*walled(one.protection, one.protection_reason), *refusals(one.attempts)]
        told = [f"{names} in {one.folder}", *emulator_access.lines(one), *map(harmless, sandbox)]
        click.echo(f"stopped {names}" if stop else "\n".join(told))


def _connect(found: Sequence[KeptEmulator], name: str) -> None:
    """Raises InvalidInputError when no emulator has such a connection."""
    if not [arn for emulator in found for arn in emulator.connect(name)]:
        from generator.rehearsal.driver.reach import reach  # noqa: PLC0415 - the help does not need it

        pending = [one for emulator in found for one in reach(emulator).connections]
        hint = f"pending: {', '.join(pending)}" if pending else "no connection is pending here"
        raise InvalidInputError([Problem(f"--connect: no connection is called '{name}'", hint=hint)])
