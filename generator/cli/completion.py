"""`penstock completion`: the script with which a shell completes commands, options and files."""

from __future__ import annotations

import click

_SHELLS = ("bash", "fish", "zsh")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes `penstock` in SHELL: bash (4.4 or newer), fish or zsh.

    To have it in every new shell, put its line where it belongs:

    \b
      bash  ~/.bashrc  eval "$(penstock completion bash)"
      zsh   ~/.zshrc   eval "$(penstock completion zsh)"   below a line `autoload -U compinit; compinit`
      fish             penstock completion fish > ~/.config/fish/completions/penstock.fish

    Example: penstock completion bash
    """  # noqa: D301 - click's mark of a block it must not wrap is the control character itself
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - the help needs none of it

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has each of these shells
    name = ctx.find_root().info_name or "penstock"
    # The variable through which click is asked for completions: https://click.palletsprojects.com/shell-completion/
    click.echo(kind(ctx.find_root().command, {}, name, f"_{name.upper()}_COMPLETE").source())
