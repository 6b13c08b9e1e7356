"""Carries out a buildspec as CodeBuild does, in one shell until a command fails, with tools that take notes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from templates import Template

from generator.repository import assets

FOLDER = assets.folder("buildspecs")
PHASES = ("install", "pre_build", "build")
# What a build needs of the machine; everything else on its PATH is one of the fakes below.
_PROGRAMS = ("bash", "basename", "cat", "cp", "dirname", "env", "grep", "ln", "mkdir", "mktemp", "node", "sed", "sh")


# What it was, where below the root of the source it ran, its arguments.
_NOTE = 'echo "$(basename "$0")|${PWD#"$SOURCE"}|$*" >> "$NOTES"\n'
# Of S3 it does as much as a build asks: it creates an object, and none that is there.
_AWS = """
while [ $# -gt 0 ]; do
  case "$1" in
    --body) from="$2" ;;
    --key) to="$STORE/$2" ;;
  esac
  shift
done
[ "${FAILS:-}" != "$(basename "$0")" ] || { echo "not today" >&2; exit 255; }
case "$to" in
  "$STORE"/*)
    if [ -e "$to" ]; then echo "An error occurred (PreconditionFailed)" >&2; exit 254; fi
    mkdir -p "$(dirname "$to")" ;;
esac
cp "$from" "$to"
"""
# What it builds is a file that tells for which resource it was asked; its template says where that lies.
_SAM_PROGRAM = """
import json, pathlib, sys
template, target = sys.argv[3], pathlib.Path(sys.argv[5])
data = json.loads(pathlib.Path(template).read_text())
for name, resource in data["Resources"].items():
    (target / name).mkdir()
    (target / name / "built").write_text(json.dumps(resource))
    resource["Properties"]["ContentUri" if "Layer" in resource["Type"] else "CodeUri"] = name
(target / "template.yaml").write_text(json.dumps(data))
"""
_SAM = f"""
[ "${{FAILS:-}}" != sam ] || exit 3
exec {shlex.quote(sys.executable)} -c {shlex.quote(_SAM_PROGRAM)} "$@"
"""
_EXPORT = """
echo "from-$(basename "$0")==1"
[ "${FAILS:-}" != "$(basename "$0")" ] || exit 2
"""
_FAKES = {
    "aws": _NOTE + _AWS,
    "sam": _NOTE + _SAM,
    "npm": _NOTE + '[ "${FAILS:-}" != npm ] || exit 1\n',
    "npx": _NOTE,
    "uv": _NOTE + _EXPORT,
    # Told to be quiet, Poetry keeps even the requirements to itself.
    "poetry": _NOTE + '[ "$2" != -q ] || exit 0\n' + _EXPORT,
    "pipenv": _NOTE + _EXPORT,
}
# It notes the text of the requirements it is given, too.
_PIP = """
for file; do case "$file" in *.txt|/dev/stdin) cat "$file" >> "$NOTES.requirements" ;; esac; done
[ "${FAILS:-}" != pip ] || exit 1
case "${FAILS:-} $*" in "pip-of-two "*"-r "*"-r "*) exit 1 ;; esac
# It installs one empty file, where it is told to.
while [ $# -gt 1 ]; do
  if [ "$1" = --target ]; then mkdir -p "$2" && : > "$2/${INSTALLS:-installed.py}"; fi
  shift
done
"""
# Where it says it is installed, only fakes lie beside it.
_INTERPRETER = f"""
case "$1 $2" in
  "-c import sys; print(sys.prefix)") exec dirname "$(dirname "$0")" ;;
  "-m pip") shift 2; exec pip "$@" ;;
esac
exec {shlex.quote(sys.executable)} "$@"
"""
_PYTHON = {"pip": _NOTE + _PIP, "python": _INTERPRETER, "python3": _INTERPRETER}


@dataclass(frozen=True)
class Build:
    """How a build is run: its environment, the tools of it that are no fakes; python3 brings its pip."""

    environment: Mapping[str, str] = field(default_factory=dict)
    real: Iterable[str] = ()
    shell: str = "bash"


@dataclass(frozen=True)
class Outcome:
    """What came of a build: exit status, log, and every call of a fake tool as `tool|folder|arguments`."""

    status: int
    log: str
    calls: tuple[str, ...]
    requirements: str = ""

    def of(self, tool: str) -> list[str]:
        """Folder and arguments of each call of one tool, in order."""
        return [call.partition("|")[2] for call in self.calls if call.startswith(f"{tool}|")]


def buildspec() -> dict[str, Any]:
    """The buildspec of SAM applications with its programs, as YAML says it."""
    data: dict[str, Any] = yaml.safe_load(assets.with_programs(assets.text("buildspecs", "sam.yml")))
    return data


def run(build: Build, source: Path) -> Outcome:
    """Build what lies in `source`; the fakes and their notes lie beside it."""
    tools = _tools(build, source.parent / "tools/bin")
    notes = source.parent / "notes"
    environment = {
        "HOME": str(source.parent),
        "PATH": str(tools),
        "APP_TEMPLATE": "app-sam.yaml",
        "AWS_REGION": "eu-west-1",
        "BUILD_OUTPUT_BUCKET": "artifacts",
        "BUILD_OUTPUT_PREFIX": "Packaged",
        "NOTES": str(notes),
        # An image whose Python has no boto3: the fake of the AWS CLI is called.
        "PYTHONPATH": str(Path(__file__).with_name("without_boto3")),
        "SOURCE": str(source),
        "STORE": str(source.parent / "store"),
        **build.environment,
    }
    command = [str(tools / build.shell), "-c", script()]
    done = subprocess.run(command, cwd=source, env=environment, text=True, capture_output=True, check=False)
    return Outcome(done.returncode, done.stdout + done.stderr, _lines(notes), "".join(_text(f"{notes}.requirements")))


def packed(source: Path, logical_id: str) -> list[str]:
    """The names in the zip of a function or layer that was built, sorted."""
    with zipfile.ZipFile(zip_of(source, logical_id)) as archive:
        return sorted(archive.namelist())


def zip_of(source: Path, logical_id: str) -> Path:
    """The zip that the packaged template names for a function or layer."""
    resources: Any = Template(str(source / "app-output_sam.yaml")).reduced([logical_id])["Resources"]
    properties = resources[logical_id]["Properties"]
    code = next(value for key, value in properties.items() if key in {"Code", "CodeUri", "Content", "ContentUri"})
    key = str(code["S3Key"] if isinstance(code, dict) else code.removeprefix("s3://artifacts/"))
    return source.parent / "store" / key


def script() -> str:
    """The commands of all phases for one shell, which ends at the first that fails, as CodeBuild does."""
    phases = buildspec()["phases"]
    commands = [command for phase in PHASES for command in phases[phase]["commands"]]
    return "".join(f"{command}\nstatus=$?; [ $status -eq 0 ] || exit $status\n" for command in commands)


def _tools(build: Build, folder: Path) -> Path:
    folder.mkdir(parents=True)
    fakes = {name: body for name, body in _FAKES.items() if name not in build.real}
    if "python3" in build.real:
        subprocess.run([sys.executable, "-m", "venv", folder.parent], check=True)
        # As in AWS's images. A copy: pip would write through a link, into the Python that runs the tests.
        shutil.copytree(Path(yaml.__file__).parent, next(folder.parent.glob("lib/*/site-packages")) / "yaml")
    else:
        fakes |= _PYTHON
    for name in {*_PROGRAMS, build.shell, *build.real} - {"python3"}:
        place = shutil.which(name)
        assert place, f"{name} is needed to test a build"
        (folder / name).symlink_to(os.path.realpath(place))
    for name, body in fakes.items():
        _write(folder / name, body)
    return folder


def _write(program: Path, body: str) -> None:
    program.write_text(f"#!/bin/sh\n{body}")
    program.chmod(0o755)


def _lines(notes: Path) -> tuple[str, ...]:
    return tuple(_text(str(notes)).splitlines())


def _text(path: str) -> str:
    file = Path(path)
    return file.read_text() if file.exists() else ""
