"""Entry point of the process a stand-in starts when a build calls `aws` or `sam` for the first time."""

from __future__ import annotations

import sys
from pathlib import Path

from generator.errors import RefusedError
from generator.rehearsal.codebuild.tools import find_for_stand_in


def main(name: str, folder: str) -> int:
    """Find or install the tool for the stand-in in `folder`; what happens is said in the build's log."""
    try:
        find_for_stand_in(name, Path(folder), _say)
    except RefusedError as error:
        _say(str(error))
        return 1
    return 0


def _say(words: str) -> None:
    # Not on stdout: a command may be reading what the tool writes there.
    sys.stderr.write(f"[Container] {words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
