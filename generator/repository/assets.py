"""The files that ship with Penstock and are not Python modules of its own: blueprints, buildspecs, Lambda functions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

Folder = Literal["blueprints", "buildspecs", "test_runner_lambda"]

_PACKAGE = Path(__file__).parents[1]


def folder(name: Folder) -> Path:
    """Where a folder lies: inside the installed package, or beside it in a checkout (so also an editable install)."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def text(name: Folder, file: str) -> str:
    """The text of one of these files."""
    return (folder(name) / file).read_text(encoding="utf-8")


def function(file: str, *, services: bool, environments: bool = False) -> str:
    """The code of a function of `test_runner_lambda`; what only some pipelines need stands at its end, in marks."""
    code, *parts = re.split(r"\n\n# \[(\w+)\n", text("test_runner_lambda", file))
    needed = {"services": services, "environments": environments}
    for word, part in zip(parts[::2], parts[1::2], strict=True):
        code += "\n\n" + part.removesuffix(f"# {word}]\n") if needed[word] else ""
    return code


_EMBEDDED = re.compile(r"^( *)- embed (?P<file>\S+)\n", re.MULTILINE)


def with_programs(buildspec: str) -> str:
    """A buildspec with the programs it embeds: each `- embed <file>` becomes the command that writes that file.

    The files lie beside the buildspec, and are written into the folder $BUILD_TOOLS; `<folder>/` means all in it.
    """
    return _EMBEDDED.sub(lambda line: "".join(_written(line[1], file) for file in _files(line["file"])), buildspec)


def _files(name: str) -> list[str]:
    if not name.endswith("/"):
        return [name]
    return sorted(f"{name}{path.name}" for path in (folder("buildspecs") / name).iterdir() if path.is_file())


def _written(indent: str, file: str) -> str:
    end = "END"
    lines = [f"cat > \"$BUILD_TOOLS/{Path(file).name}\" <<'{end}'", *text("buildspecs", file).splitlines(), end]
    return f"{indent}- |\n" + "".join(f"{indent}  {line}\n" if line else "\n" for line in lines)
