"""How a person at the terminal is asked for an approval."""

from __future__ import annotations

import click

from generator.cli.views.words import harmless
from generator.run import ActionWaiting


def confirmed(event: ActionWaiting) -> bool:
    """Show on stderr what the approver is told, and ask. Raises click.Abort when there will be no answer."""
    click.echo(f"\n{event.stage}/{event.action} waits for an approval:", err=True)
    for line in asked(event):
        click.echo(f"  {line}", err=True)
    return click.confirm("approve?", err=True, default=None)


def asked(event: ActionWaiting) -> list[str]:
    """What the approver is told, line by line."""
    told = [*event.message.splitlines(), event.link]
    return [harmless(line) for line in told if line]
