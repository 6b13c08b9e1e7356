"""`penstock local`: the rehearsals that were kept running on this machine."""

from __future__ import annotations

import dataclasses
import json
import os

import click


@click.command()
@click.option("--stop", is_flag=True, help="End them all, and remove what they left.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(stop: bool, output: str) -> None:
    """Show the emulators that `penstock rehearse --keep` left running, and how to reach them.

    Example: penstock local --stop
    """
    from generator.cli import reaching  # noqa: PLC0415 - the help needs none of these
    from generator.cli.views.report import refusals, walled  # noqa: PLC0415
    from generator.cli.views.words import harmless  # noqa: PLC0415
    from generator.rehearsal.driver.reach import reach  # noqa: PLC0415
    from generator.rehearsal.emulator.keeping import kept  # noqa: PLC0415

    found = kept(os.environ)
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
        wall = [*walled(one.protection, one.protection_reason), *refusals(one.attempts)]
        told = [f"{names} in {one.folder}", *reaching.lines(one), *map(harmless, wall)]
        click.echo(f"stopped {names}" if stop else "\n".join(told))
