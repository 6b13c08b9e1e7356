"""What runs a Node function: AWS's runtime client from npm without its compiled part, and SDK clients on demand."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.rehearsal import waits
from generator.rehearsal.codebuild.cache import make_once


@dataclass(frozen=True, slots=True)
class Client:
    """A version of AWS's runtime client: npm's hash of it, its one file in the package, and how it is set going."""

    version: str
    integrity: str
    file: str
    start: str


UNTIL_22 = Client(
    "3.3.0",
    "sha512-9p06TbKVK4a050NY/vYOxhMHvnIiUu5o1W0//q6yNLSqA/c91pn4BOj3C3sRTpplkUNsGJdU5qWyU2STo6L8hA==",
    "package/dist/index.mjs",
    'import { run } from "./index.mjs";\nawait run(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);\n',
)
FROM_24 = Client(
    "4.0.2",
    "sha512-FE5Vskx7mYNnqAnWWJXUOsLp2VGgdsJsCoRLFTa8L4Yk0QVtArqR8q58yPA++QC1a73ZWJXBQ2AH31nIAv7NOQ==",
    "package/index.mjs",
    'import "./index.mjs";\n',
)
"""Lambda's Node 24 and later know no handlers with callbacks any more, and their runtime client refuses them."""

SDK_OF = "2026-11-29"
"""The day whose versions of the SDK functions get; a release brings a later one."""
_FIELD = 3  # spaces in a line of npm's with one field of an error
_NATIVE_STAND_IN = Path(__file__).with_name("bootstrap") / "rapid-client.node.js"
_SDK_NAME = re.compile(rb"@(?:aws-sdk|smithy)/[a-z0-9][a-z0-9-]*")
_CODE_SUFFIXES = (".js", ".mjs", ".cjs", ".ts")


class NoNodeError(Exception):
    """Node functions cannot run here; says what to install."""


def node_program(environ: Mapping[str, str]) -> str:
    """The `node` on PATH that works. Raises NoNodeError when there is none."""
    program = shutil.which("node", path=environ.get("PATH"))
    if program is None or not node_version(program):
        raise NoNodeError("a Node function needs `node` (20 or later) on PATH: https://nodejs.org")
    return program


def node_version(program: str) -> str:
    """What the program says its version is; empty when it does not answer."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=waits.INTERPRETER.seconds
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip().removeprefix("v") if answer.returncode == 0 else ""


def client_for(runtime: str) -> Client:
    """The runtime client of a Node runtime ("nodejs22.x")."""
    major = runtime.removeprefix("nodejs").partition(".")[0]
    return FROM_24 if major.isdigit() and int(major) > 22 else UNTIL_22  # noqa: PLR2004 - the last with callbacks


def node_environment(cache: Path, environ: Mapping[str, str], client: Client) -> Path:
    """The folder with AWS's runtime client and its `start.mjs`, fetched from npm the first time.

    The package needs its compiled part only to speak http; a script of ours takes its place under its name.
    """
    ours = hashlib.sha256(client.start.encode() + _NATIVE_STAND_IN.read_bytes()).hexdigest()[:8]
    return make_once(cache / f"lambda-node-{client.version}-{ours}", lambda folder: _fill(folder, environ, client))


def _fill(folder: Path, environ: Mapping[str, str], client: Client) -> None:
    npm(["pack", f"aws-lambda-ric@{client.version}", "--silent"], folder, environ)
    packed = next(folder.glob("*.tgz"))
    refuse_another(packed, client)
    with tarfile.open(packed) as package:
        index = package.extractfile(client.file)
        assert index is not None  # noqa: S101 - the pinned version has it, or extractfile raised
        (folder / "index.mjs").write_bytes(index.read())
    packed.unlink()
    (folder / "start.mjs").write_text(client.start)
    shutil.copy(_NATIVE_STAND_IN, folder)
    # The nearest package.json decides what a .js file is; the user's home may hold one.
    (folder / "package.json").write_text('{"type": "commonjs"}\n')


def refuse_another(packed: Path, client: Client) -> None:
    """Raise NoNodeError for a package that is not the runtime client as it was published."""
    digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != client.integrity:
        raise NoNodeError(f"npm's registry has another aws-lambda-ric {client.version} than was published")


def sdk_modules(cache: Path, archive: bytes, environ: Mapping[str, str]) -> Path | None:
    """The `node_modules` with the SDK clients the code names and does not carry; None when it needs none.

    Lambda's Node runtimes carry the whole SDK v3, hundreds of packages. Installing the few a function names, once
    per machine, gives it the same without the rest, in the versions of one day: whatever is published later is not run.
    """
    packages = sorted(named_sdk_packages(archive))
    if not packages:
        return None
    name = "+".join(package.replace("/", "-").lstrip("@") for package in packages)
    install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--loglevel=error"]
    install += [f"--before={SDK_OF}", *packages]

    def fill(folder: Path) -> None:
        (folder / "package.json").write_text("{}\n")
        npm(install, folder, environ)

    return make_once(cache / "lambda-node-sdk" / SDK_OF / name, fill) / "node_modules"


def named_sdk_packages(archive: bytes) -> set[str]:
    """The SDK packages that code outside `node_modules` names and the archive does not carry."""
    with zipfile.ZipFile(io.BytesIO(archive)) as code:
        names = code.namelist()
        own = [name for name in names if name.endswith(_CODE_SUFFIXES) and "node_modules/" not in name]
        named = {package.decode() for name in own for package in _SDK_NAME.findall(code.read(name))}
    carried = {package for package in named if any(f"node_modules/{package}/" in name for name in names)}
    return named - carried


def npm(arguments: list[str], folder: Path, environ: Mapping[str, str]) -> None:
    """Run npm in a folder. Raises NoNodeError with its last line when it is missing, fails or does not end."""
    program = shutil.which("npm", path=environ.get("PATH"))
    if program is None:
        raise NoNodeError("a Node function needs `npm` on PATH, once, to fetch AWS's runtime client")
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=folder,
            env=dict(environ),
            capture_output=True,
            text=True,
            check=False,
            timeout=waits.NPM.seconds,
        )
    except subprocess.TimeoutExpired:
        raise NoNodeError(
            f"npm {arguments[0]} has not ended after {waits.NPM.longest()}: is its registry reachable?"
        ) from None
    if done.returncode:
        raise NoNodeError(f"npm {arguments[0]} failed: {_reason(done.stderr)}")


def _reason(output: str) -> str:
    """The line of npm's that says why: after it come advice and the place of a log."""
    lines = output.strip().splitlines() or ["no reason given"]
    errors = [line for line in lines if line.startswith("npm error ") and line.count(" ") > _FIELD]
    return (errors or lines[-1:])[0].removeprefix("npm error ")
