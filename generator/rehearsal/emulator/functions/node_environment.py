"""What runs a Node function: AWS's runtime client from npm without its compiled part, and SDK clients on demand."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from generator.rehearsal.emulator.functions.once import made_once

CLIENT = "aws-lambda-ric@4.0.2"
_NATIVE_STAND_IN = Path(__file__).with_name("bootstrap") / "rapid-client.node.js"
_SDK_NAME = re.compile(rb"@(?:aws-sdk|smithy)/[a-z0-9][a-z0-9-]*")
_CODE_SUFFIXES = (".js", ".mjs", ".cjs", ".ts")


class NoNodeError(Exception):
    """Node functions cannot run here; says what to install."""


def node_program(environ: Mapping[str, str]) -> str:
    """The `node` on PATH that works. Raises NoNodeError when there is none."""
    found = shutil.which("node", path=environ.get("PATH"))
    if found is None or not node_version(found):
        raise NoNodeError("a Node function needs `node` (20 or later) on PATH: https://nodejs.org")
    return found


def node_version(program: str) -> str:
    """What the program says its version is; empty when it does not answer."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip().removeprefix("v") if said.returncode == 0 else ""


def node_environment(cache: Path, environ: Mapping[str, str]) -> Path:
    """The folder with AWS's runtime client (`index.mjs`), fetched from npm the first time.

    The package needs its compiled part only to speak http; a script of ours takes its place under its name.
    """
    return made_once(cache / f"lambda-node-{CLIENT.rpartition('@')[2]}", lambda folder: _fill(folder, environ))


def _fill(folder: Path, environ: Mapping[str, str]) -> None:
    npm(["pack", CLIENT, "--silent"], folder, environ)
    packed = next(folder.glob("*.tgz"))
    with tarfile.open(packed) as package:
        index = package.extractfile("package/index.mjs")
        assert index is not None  # noqa: S101 - the pinned version has it, or extractfile raised
        (folder / "index.mjs").write_bytes(index.read())
    packed.unlink()
    shutil.copy(_NATIVE_STAND_IN, folder)
    # The nearest package.json decides what a .js file is; the user's home may hold one.
    (folder / "package.json").write_text('{"type": "commonjs"}\n')


def sdk_modules(cache: Path, archive: bytes, environ: Mapping[str, str]) -> Path | None:
    """The `node_modules` with the SDK clients the code names and does not carry; None when it needs none.

    Lambda's Node runtimes carry the whole SDK v3, hundreds of packages. Installing the few a function names, once
    per machine, gives it the same without the rest.
    """
    wanted = sorted(named_sdk_packages(archive))
    if not wanted:
        return None
    name = "+".join(package.replace("/", "-").lstrip("@") for package in wanted)
    install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--silent", *wanted]

    def fill(folder: Path) -> None:
        (folder / "package.json").write_text("{}\n")
        npm(install, folder, environ)

    return made_once(cache / "lambda-node-sdk" / name, fill) / "node_modules"


def named_sdk_packages(archive: bytes) -> set[str]:
    """The SDK packages that code outside `node_modules` names and the archive does not carry."""
    with zipfile.ZipFile(io.BytesIO(archive)) as code:
        names = code.namelist()
        own = [name for name in names if name.endswith(_CODE_SUFFIXES) and "node_modules/" not in name]
        named = {found.decode() for name in own for found in _SDK_NAME.findall(code.read(name))}
    carried = {package for package in named if any(f"node_modules/{package}/" in name for name in names)}
    return named - carried


def npm(arguments: list[str], folder: Path, environ: Mapping[str, str]) -> None:
    """Run npm in a folder. Raises NoNodeError with its last line when it is missing or fails."""
    program = shutil.which("npm", path=environ.get("PATH"))
    if program is None:
        raise NoNodeError("a Node function needs `npm` on PATH, once, to fetch AWS's runtime client")
    done = subprocess.run(
        [program, *arguments], cwd=folder, env=dict(environ), capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise NoNodeError(f"npm {arguments[0]} failed: {lines[-1]}")
