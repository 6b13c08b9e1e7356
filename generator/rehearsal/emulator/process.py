"""The emulator's own process: a guard that outlives it, and the server the guard looks after.

`python -m generator.rehearsal.emulator.process SETTINGS NOTE`, with its parent holding stdin open; NOTE is the
descriptor of the note of this run (see leftovers), which no program that it starts may hold. One line of JSON
on stdout says where it answers, or why it does not.
"""

from __future__ import annotations

import compileall
import gc
import json
import os
import sys
import threading
from pathlib import Path

import generator
from generator.rehearsal.emulator.guard import adopt_orphans, descendants, guard, kill_family, remove
from generator.rehearsal.emulator.settings import Settings
from generator.rehearsal.sandbox.attempts import Book
from generator.rehearsal.sandbox.launcher import Inside, SandboxLauncher
from generator.rehearsal.sandbox.registries import discover


def main(arguments: list[str]) -> int:
    """Serve until stdin closes or a signal comes; returns the exit code."""
    # What is imported lives to the end: the collector would look at it again and again in vain.
    gc.set_threshold(50_000, 10, 10)
    settings = Settings.from_json(arguments[0])
    _compile_ourselves()
    os.set_inheritable(int(arguments[1]), False)
    try:
        _make_folders(settings)
        _log_to(settings.log_file)
    except OSError as problem:
        announce({"error": f"{settings.folder} cannot be written: {problem.strerror}"})
        remove(settings.folder)
        return 1
    launcher = SandboxLauncher(
        discover(os.environ, settings.limits.allowed),
        Book(settings.attempts),
        lambda: descendants(os.getpid()),
        settings.limits,
    )
    return guard(settings.folder, lambda alive, inside: _work(settings, alive, inside), launcher.fork)


def announce(message: dict[str, object]) -> None:
    """Tell the parent, once, and let go of its pipe."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)


def _compile_ourselves() -> None:
    """Once the sandbox holds what runs here, nothing can be written beside our modules: each run would compile them."""
    if not sys.dont_write_bytecode:
        compileall.compile_dir(Path(generator.__file__).parent, quiet=2)


def _make_folders(settings: Settings) -> None:
    settings.folder.mkdir(mode=0o700, parents=True)
    settings.temporary.mkdir()
    # What is made beside hidden keys later could not be read.
    settings.cache.mkdir(parents=True, exist_ok=True)


def _log_to(log_file: Path) -> None:
    """Everything written to stderr from here on, by whatever library, is the log."""
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)


def _work(settings: Settings, alive: int, inside: Inside) -> None:
    """What the guarded child does; importing the server only here keeps the guard small."""
    adopt_orphans()
    threading.Thread(target=_end_with_the_guard, args=(settings.folder, alive), daemon=True).start()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    try:
        from generator.rehearsal.emulator.server import serve  # noqa: PLC0415 - the guard must not pay for it

        serve(settings, inside, announce)
    except Exception as problem:
        announce({"error": f"{type(problem).__name__}: {problem}"})
        raise


def _end_with_the_guard(folder: Path, alive: int) -> None:
    """The guard can be killed too; then this process cleans up in its place."""
    os.read(alive, 1)
    kill_family(os.getpid())
    remove(folder)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
