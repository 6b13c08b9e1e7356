"""The version of a package that lock files of npm, yarn and pnpm name.

https://docs.npmjs.com/cli/configuring-npm/package-lock-json
"""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any

from generator.repository.files import Repository


def version(repository: Repository, folder: str, name: str, asked: str) -> str:
    """What is locked for the package.json of a folder, by its own lock file or by the root's; empty if nothing is.

    `asked` is the range of versions that package.json asks for.
    """
    for home in dict.fromkeys((folder, "")):
        for lock, read in _READERS.items():
            path = posixpath.join(home, lock)
            if repository.has(path) and (
                locked := read(repository.text(path), folder if not home else "", name, asked)
            ):
                return locked
    return ""


def _of_npm(text: str, folder: str, name: str, _asked: str) -> str:
    """Of formats 2 and 3 by the folder in which it is installed, of format 1 by its name."""
    try:
        data = json.loads(text)
    except ValueError:
        return ""
    places = [posixpath.join(home, "node_modules", name) for home in (folder, "")]
    entries = [*(_at(data, "packages", place) for place in places), _at(data, "dependencies", name)]
    versions = (entry.get("version") for entry in entries if isinstance(entry, dict))
    return next((each for each in versions if isinstance(each, str)), "")


def _at(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _of_yarn(text: str, _folder: str, name: str, asked: str) -> str:
    """Of yarn 1 and of those after it; where there are several versions, the one that package.json asks for."""
    entries = re.findall(rf'^("?{name}@[^\n]*):\n\s+version:? "?([^"\s]+)', text, re.MULTILINE)
    ranges = (f"{name}@{asked}", f"{name}@npm:{asked}")
    fitting = (locked for keys, locked in entries if set(ranges) & set(re.split(r",\s*", keys.replace('"', ""))))
    return next(fitting, entries[0][1] if entries else "")


def _of_pnpm(text: str, folder: str, name: str, _asked: str) -> str:
    """Of the folder's importer where there are several; from format 6 on below the range that is asked for."""
    _, importer, own = text.partition(f"\n  {folder or '.'}:\n")
    pattern = rf"^ +'?{name}'?:(?:\n +specifier: [^\n]*\n +version:)? '?(\d[^\s'(_]*)"
    match = re.search(pattern, own if importer else text, re.MULTILINE)
    return match[1] if match else ""


_READERS = {
    "package-lock.json": _of_npm,
    "npm-shrinkwrap.json": _of_npm,
    "yarn.lock": _of_yarn,
    "pnpm-lock.yaml": _of_pnpm,
}
