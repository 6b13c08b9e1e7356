"""Installs packages of Node.js with the manager that their lock file belongs to, as the lock file says.

npm comes with Node. yarn and pnpm are run by npx, in the version that package.json names or that wrote the lock file:
images bring none, or another one. What is installed lies in node_modules, as files: links lead nowhere in a package.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

NPM_LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
_YARN, _PNPM = "yarn.lock", "pnpm-lock.yaml"
# The newest version that keeps to a lock file of a format, by the format's number: a newer one would have to write it
# anew, and may not. Tried with each, 2026-12.
_YARNS = {4: "2.4.2", 6: "3.8.7", 8: "4.13.0", 9: "4.15.0", 10: "4.18.1"}
_CLASSIC = "1.22.22"
_PNPMS = {5: "7.33.7", 6: "8.15.9", 9: "10.34.8"}
# From this version on the command is part of yarn.
_FOCUS = 4
# Yarn takes no proxy from the usual variables.
_PROXIES = {"YARN_HTTP_PROXY": "HTTP_PROXY", "YARN_HTTPS_PROXY": "HTTPS_PROXY"}


def command(folder: str, *, for_function: bool) -> str:
    """What installs the packages of a folder's package.json beside it; for a function without those for development."""
    names = (name for name in (*NPM_LOCKS, _YARN, _PNPM) if os.path.isfile(os.path.join(folder, name)))
    lock = next(names, "")
    if lock == _YARN:
        return _yarn(folder, for_function=for_function)
    if lock == _PNPM:
        return _pnpm(folder, for_function=for_function)
    if not lock and "workspace:" in Path(folder, "package.json").read_text(encoding="utf-8-sig"):
        sys.exit(
            f"{folder}: package.json asks for packages of its workspace, which npm cannot install here: bundle the "
            "function (Metadata: {BuildMethod: esbuild}), or give it a lock file of its own"
        )
    # Those of a workspace would lie in the root's folder, and only the function's own is packaged.
    own = () if folder == os.path.realpath(".") else ("--no-workspaces",)
    development = ("--omit=dev",) if for_function else ()
    return " ".join(["npm", "ci" if lock else "install", "--no-audit", "--no-fund", *development, *own])


def belongs_to_workspace(folder: str) -> bool:
    """Whether yarn or pnpm installs a folder's packages with those of a folder above it."""
    root = Path.cwd().resolve()
    place = Path(folder).resolve()
    if any((place / name).is_file() for name in (*NPM_LOCKS, _YARN, _PNPM)):
        return False
    return any(_is_workspace(above) for above in place.parents if above == root or root in above.parents)


def _is_workspace(folder: Path) -> bool:
    if (folder / _PNPM).is_file():
        return (folder / "pnpm-workspace.yaml").is_file()
    return (folder / _YARN).is_file() and "workspaces" in _package(str(folder))


def _yarn(folder: str, *, for_function: bool) -> str:
    lock = Path(folder, _YARN).read_text(encoding="utf-8")
    berry = re.search(r"^__metadata:\s*\n\s+version: (\d+)", lock, re.MULTILINE)
    stated = _stated(folder, "yarn")
    if not berry:
        development = " --production" if for_function else ""
        return f"npx --yes yarn@{stated or _CLASSIC} install --frozen-lockfile --non-interactive{development}"
    version = stated or _newest("yarn", _YARNS, int(berry[1]), folder)
    if for_function and int(version.partition(".")[0]) < _FOCUS and not _has_plugin(folder):
        sys.exit(
            f"{folder}: yarn {version} leaves out what only development needs with its plugin workspace-tools alone: "
            "commit the plugin, or move to yarn 4"
        )
    # Plug'n'Play leaves no folder that could be packed. Variables go before what a .yarnrc.yml says.
    settings = {"YARN_NODE_LINKER": "node-modules", "YARN_ENABLE_IMMUTABLE_INSTALLS": "true"}
    settings |= {name: os.environ[usual] for name, usual in _PROXIES.items() if os.environ.get(usual)}
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in settings.items())
    install = "workspaces focus --production" if for_function else "install --immutable"
    return f"{variables} npx --yes --package @yarnpkg/cli-dist@{version} yarn {install}"


def _has_plugin(folder: str) -> bool:
    settings = Path(folder, ".yarnrc.yml")
    return settings.is_file() and "workspace-tools" in settings.read_text(encoding="utf-8")


def _pnpm(folder: str, *, for_function: bool) -> str:
    lock = Path(folder, _PNPM).read_text(encoding="utf-8")
    written = re.search(r"^lockfileVersion: '?(\d+)", lock, re.MULTILINE)
    version = _stated(folder, "pnpm") or _newest("pnpm", _PNPMS, int(written[1]) if written else 0, folder)
    development = " --prod" if for_function else ""
    return f"npx --yes pnpm@{version} install --frozen-lockfile --config.node-linker=hoisted{development}"


def _newest(manager: str, versions: dict[int, str], written: int, folder: str) -> str:
    """The version that keeps to a format; one that nobody knows here has to be named."""
    fitting = [number for number in versions if number >= written]
    if not fitting or not written:
        sys.exit(f'{folder}: name what wrote the lock file in package.json: "packageManager": "{manager}@<version>"')
    return versions[min(fitting)]


def _stated(folder: str, manager: str) -> str:
    """The version that `packageManager` names, here or at the root: https://nodejs.org/api/packages.html."""
    for place in (folder, "."):
        match = re.match(rf"{manager}@(\d+[0-9A-Za-z.-]*)", str(_package(place).get("packageManager", "")))
        if match:
            return match[1]
    return ""


def _package(folder: str) -> dict[str, Any]:
    path = Path(folder, "package.json")
    data = json.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {}
    return data if isinstance(data, dict) else {}
