"""The command `penstock`: finds its subcommands, and turns whatever happens into an exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from generator import __version__
from generator.errors import InvalidInputError, PenstockError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

# Each command is a module of this room, imported only when it is the one that runs (or is asked for help).
_COMMANDS = {
    "approve": "let the commit that waits for an approval go on",
    "check": "say what is wrong with a pipeline file and its application",
    "completion": "print the completion script of a shell",
    "cost": "say what a pipeline costs, for each commit and each month",
    "destroy": "take down the pipeline, what it deployed and what it kept",
    "diff": "compare the template with the launched one",
    "doctor": "look for what makes a run on AWS fail, before it fails",
    "generate": "print the CloudFormation template of a pipeline file",
    "init": "start a pipeline in a repository, or a new repository from a blueprint",
    "launch": "make or update the pipeline's stack on AWS",
    "local": "show and stop what rehearsals have left running on purpose",
    "logs": "say why an action failed, from whatever log says so",
    "permissions": "say what the deploy roles may do, and why",
    "rehearse": "run the pipeline on this machine, from a commit to the last stage",
    "reject": "stop the commit that waits for an approval",
    "retry": "rerun the stage that failed",
    "rollback": "bring an earlier commit back into a stage",
    "schema": "print the JSON Schema of the pipeline file",
    "start": "start the pipeline without a push",
    "status": "show how the pipeline stands and what holds it up",
    "stop": "stop what runs in the pipeline",
}
_INTERRUPTED = 130
_OUR_BUG = 3
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


class _Commands(click.Group):
    """The subcommands, listed without importing any of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            near = _nearest(cmd_name)
            ctx.fail(f"no command '{cmd_name}'{near}")
        command: click.Command = import_module(f"generator.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="penstock")
def penstock() -> None:
    """Turn a short pipeline file into the whole delivery pipeline of a serverless application on AWS."""
    from generator.rehearsal.folders import notes  # noqa: PLC0415
    from generator.repository.cache.folder import cache_folder  # noqa: PLC0415 - a command's help needs neither

    cache = cache_folder(os.environ)
    if notes(cache):
        from generator.rehearsal.emulator.leftovers import clear  # noqa: PLC0415 - nearly no command finds a note

        for folder in clear(cache):
            click.echo(f"note: removed what a killed rehearsal left in {folder}", err=True)


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    # What is imported and read lives to the end: the collector would look at it again and again in vain.
    gc.set_threshold(50_000, 20, 50)
    end(run(sys.argv[1:]) if _has_output() else RefusedError.exit_code)


def _has_output() -> bool:
    """Whether there is a stdout. What is opened next would otherwise take its place, and be written to."""
    open_ones = {number for number in range(3) if _is_open(number)}
    for number in range(3):
        if number not in open_ones:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
    if 1 not in open_ones:
        _say("the output cannot be written: stdout is closed (> /dev/null, if nobody needs it)")
    return 1 in open_ones


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def end(code: int) -> NoReturn:
    """Exit with a code at once: all that was open is closed, and `run` has written out what there was to say.

    Python would take a tenth of `generate`'s time to take its modules apart. And where Ctrl-C came while an import ran
    generated code, it has noted that as unhandled, and would end itself by the signal although it was handled.
    """
    if sys.stderr:
        _print_if_possible(sys.stderr.flush)
    os._exit(code)


def run(arguments: list[str], command: click.Command = penstock) -> int:
    """The exit code of a command with these arguments; every problem has been said on stderr.

    0 done, 1 no, 2 wrong input, 3 our bug, 4 AWS refused, 5 not rehearsed, 130 interrupted.
    """
    try:
        # The code of a command that ended early; nothing of one that ran to its end.
        code = command.main(arguments, prog_name="penstock", standalone_mode=False) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; what is left in the buffer must not raise again at exit.
        sys.stdout = None
        return 0
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        return _INTERRUPTED
    except Exception as raised:  # noqa: BLE001 - the promise is that no traceback reaches the terminal
        return _reported(raised)
    return code


def _reported(raised: Exception) -> int:
    if isinstance(raised, OSError) and raised.errno in _NO_ROOM:
        # What is left in the buffer must not raise again at exit.
        sys.stdout = None
        _say(f"{raised.filename or 'the output'} cannot be written: {raised.strerror}")
        return RefusedError.exit_code
    if isinstance(raised, click.ClickException):
        _print_if_possible(raised.show)
        return InvalidInputError.exit_code
    _say(str(raised) if isinstance(raised, PenstockError) else _report(raised))
    return raised.exit_code if isinstance(raised, PenstockError) else _OUR_BUG


def _say(words: str) -> None:
    """Write to stderr."""
    _print_if_possible(lambda: click.echo(words, err=True))


def _print_if_possible(say: Callable[[], None]) -> None:
    """Say something on stderr; where nobody can read it the exit code has to say it all."""
    try:
        say()
    except OSError:
        # What is left in the buffer must not raise again at exit, and change the code.
        sys.stderr = None


def _nearest(name: str) -> str:
    import difflib  # noqa: PLC0415 - needed for a misspelt command only

    near = difflib.get_close_matches(name, _COMMANDS, 1)
    return f": did you mean '{near[0]}'?" if near else ""


def _report(bug: Exception) -> str:
    import tempfile  # noqa: PLC0415 - needed for our bugs only
    import traceback  # noqa: PLC0415 - the same

    name = f"this is a bug in Penstock ({type(bug).__name__})"
    words = [f"penstock {__version__}, Python {sys.version}\narguments: {sys.argv[1:]}\n\n"]
    words += traceback.format_exception(bug)
    try:
        with tempfile.NamedTemporaryFile("w", prefix="penstock-", suffix=".log", delete=False, encoding="utf-8") as log:
            log.writelines(words)
    except OSError as problem:
        return f"{name}, and no file can be written to say what happened: {problem}"
    return f"{name}; what happened is in {Path(log.name)}"
