"""How a person at the terminal is asked for an approval."""

from __future__ import annotations

import select
import sys

import click

from generator.cli.views.steps import harmless
from generator.execution import ActionWaiting

_ANSWERS = {"y": True, "yes": True, "n": False, "no": False}
_LOOK_SECONDS = 0.2


def confirmed(event: ActionWaiting) -> bool:
    """Show on stderr what the approver is shown, and ask. Raises click.Abort when there will be no answer."""
    click.echo(f"\n{event.stage}/{event.action} waits for an approval:", err=True)
    for line in asked(event):
        click.echo(f"  {line}", err=True)
    while True:
        click.echo("approve? [y/n]: ", err=True, nl=False)
        answer = _ANSWERS.get(_line().strip().lower())
        if answer is not None:
            return answer


def asked(event: ActionWaiting) -> list[str]:
    """What the approver is shown, line by line."""
    text = [*event.message.splitlines(), event.link]
    return [harmless(line) for line in text if line]


def _line() -> str:
    # Python's own prompt sleeps through a Ctrl-C that comes while it sets itself up.
    while not select.select([sys.stdin], [], [], _LOOK_SECONDS)[0]:
        pass
    line = sys.stdin.readline()
    if not line:
        raise click.Abort
    return line
