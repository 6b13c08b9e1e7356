"""CodeBuild's file patterns: `*` stays within one folder, `**` crosses them, dot files are files like others."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = [part for part in PurePosixPath(pattern).parts if part != "."]
    expression = ""
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            expression += ".*" if last else "(?:[^/]+/)*"
        else:
            expression += _component(part) + ("" if last else "/")
    return re.compile(expression, re.DOTALL)


def _component(part: str) -> str:
    """One name of a path as a regular expression: `*`, `?` and `[...]` have their usual meaning."""
    expression = ""
    for piece in re.findall(r"\*+|\?|\[[^\]/]+\]|.", part, re.DOTALL):
        if piece.startswith("*"):
            expression += "[^/]*"
        elif piece == "?":
            expression += "[^/]"
        elif len(piece) > 1:
            inside = piece[1:-1].replace("\\", "\\\\")
            expression += f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
        else:
            expression += re.escape(piece)
    return expression


def matches(pattern: str, path: str) -> bool:
    """Whether a path, relative and with `/` between its parts, matches the pattern."""
    return _compiled(pattern).fullmatch(path) is not None


def is_pattern(text: str) -> bool:
    """Whether the text has a wildcard, so that matching nothing is not a misspelt name."""
    return any(mark in text for mark in "*?[")


def files_below(folder: Path, *, through_links: bool) -> list[str]:
    """Every file below a folder as a relative path, sorted; with `through_links` those behind links to folders.

    A link to a folder that is not followed counts as a file.
    """
    paths: list[str] = []
    for root, folders, files in os.walk(folder, followlinks=through_links):
        here = Path(root)
        links = [name for name in folders if (here / name).is_symlink()]
        if through_links:
            folders[:] = [name for name in folders if name not in links or not _leads_back(here / name)]
        names = files if through_links else files + links
        paths.extend((here / name).relative_to(folder).as_posix() for name in names)
    return sorted(paths)


def _leads_back(link: Path) -> bool:
    """Whether following the link would never end."""
    return link.parent.resolve().is_relative_to(link.resolve())


def folders_matching(pattern: str, folder: Path) -> list[Path]:
    """The folders the base directory `pattern` names: one, or with wildcards as many as match, sorted."""
    relative = PurePosixPath(pattern or ".")
    if not is_pattern(pattern):
        return [folder / relative] if (folder / relative).is_dir() else []
    folders = [folder]
    for part in relative.parts:
        children = (child for parent in folders for child in _children(parent, part))
        folders = [child for child in children if child.is_dir()]
    return folders


def _children(parent: Path, part: str) -> list[Path]:
    if not is_pattern(part):
        return [parent / part]
    return sorted(child for child in parent.iterdir() if matches(part, child.name))
