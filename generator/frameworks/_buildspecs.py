"""The text of a buildspec, for the versions of languages and what the machine allows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.model.build import Machine
from generator.repository import assets

_RUNTIME_LINE = re.compile(r"^([ ]*)runtime-versions: .*\n", re.MULTILINE)
_COMMANDS = "    commands:\n"
# Lambda compute lets a build write below /tmp alone; pip and npm keep theirs in HOME.
_WRITABLE_HOME = """\
    - export HOME="$(mktemp -d)"
    - export PATH="$HOME/.local/bin:$PATH"
"""


def filled(name: str, versions: Mapping[str, str], machine: Machine) -> str:
    """A buildspec of ours with its programs."""
    text = assets.text("buildspecs", name)
    if machine.on_lambda:
        text = text.replace(_COMMANDS, _COMMANDS + _WRITABLE_HOME, 1)
    chosen = ", ".join(f'{name}: "{version}"' for name, version in versions.items())
    line = rf"\1runtime-versions: {{{chosen}}}\n" if machine.chooses_runtimes else ""
    return assets.with_programs(_RUNTIME_LINE.sub(line, text))
