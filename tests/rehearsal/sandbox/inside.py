"""Entry point of a process that runs one program in a sandbox: `inside.py {"record", "argv", "hooks_only", "keys"}`.

The first line it writes describes the sandbox and the program's exit code; then comes what the program wrote.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from generator.rehearsal.emulator.guard import descendants
from generator.rehearsal.sandbox.attempts import Book
from generator.rehearsal.sandbox.launcher import Inside, SandboxLauncher
from generator.rehearsal.sandbox.record import Record
from generator.rehearsal.sandbox.registries import discover
from generator.rehearsal.sandbox.status import Limits

REQUEST = json.loads(sys.argv[1])


def child(inside: Inside) -> None:
    """Run the program; never returns."""
    sandbox = asdict(inside.status())
    done = subprocess.run(REQUEST["argv"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    sys.stdout.write(json.dumps({"sandbox": sandbox, "code": done.returncode}) + "\n" + done.stdout)
    sys.stdout.flush()
    os._exit(0)


limits = Limits(hooks_only=REQUEST["hooks_only"], keys=tuple(map(Path, REQUEST["keys"])), writable=(Path("/"),))
launcher = SandboxLauncher(discover({}), Book(Record(REQUEST["record"])), lambda: descendants(os.getpid()), limits)
os.waitpid(launcher.fork(child), 0)
