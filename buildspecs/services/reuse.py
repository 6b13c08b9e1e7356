"""Takes what was built before for a service of which nothing has changed, in place of building it again.

`note NAME SCRIPT FOLDER...`, before anything is built, puts down the hash of all that a service is built from: the
files of its folders and those at the root, the commands, the variables, the versions of the languages. `fetch NAME`
gets what was built of the same; it fails where there is nothing. `store NAME` keeps what was built. Nothing is
overwritten: what is built again because FORCE_BUILD asks for it becomes the next number, and the last one counts.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_NOTES = Path(".aws-sam/inputs")
_BUILT = Path(".aws-sam/built")
_REPORTS = Path(".aws-sam/reports")
_LEFT_OUT = {".aws-sam", ".git", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"}
# What stands at the root for people to read.
_FOR_PEOPLE = (".md", ".rst")
_UNCHANGED = '<testsuite name="unit"><testcase name="unchanged since {}"><skipped/></testcase></testsuite>\n'
# What leads out of a folder, or to wherever the source lies. Larger files are data.
_OUTWARD = re.compile(r"(?:\.\./)+[\w@+.-]*(?:/[\w@+.-]+)*|\.\.(?=[\"'\s])|\bCODEBUILD_SRC_DIR\w*")
_LARGEST = 1_000_000
_MOST = 1000


def note(name: str, script: str, *folders: str) -> None:
    """Put down the hash of a service's inputs; of one that reads other files than those, why it has none."""
    _NOTES.mkdir(parents=True, exist_ok=True)
    files = {path: _read(path) for path in sorted({*_at_root(), *_below(folders)})}
    for path, content in files.items():
        if elsewhere := _elsewhere(path, content, (*files, *folders)):
            print(f"{name}: {path} names {elsewhere}, which is neither its own nor shared: it is built every time")
            return
    hashed = hashlib.sha256()
    scripts = [Path(os.environ["BUILD_SCRIPTS"], file).read_text() for file in (f"{script}.sh", f"{name}.env")]
    for text in (_machine(), _variables(), *scripts):
        hashed.update(f"{len(text)}:{text}".encode())
    for path, content in files.items():
        hashed.update(f"{path}:{os.access(path, os.X_OK)}:{hashlib.sha256(content).hexdigest()}\n".encode())
    (_NOTES / name).write_text(hashed.hexdigest())


def fetch(name: str) -> bool:
    """Get what was built of the same inputs, if anything was; whether it was."""
    inputs, before = _noted(name), _NOTES / f"{name}.zip"
    number = _last(inputs, before) if inputs and not _forced() else 0
    if number:
        print(f"{name}: unchanged, built before from the inputs {inputs[:12]}")
        shutil.unpack_archive(before, _BUILT / name)
        (_REPORTS / name).mkdir(parents=True, exist_ok=True)
        (_REPORTS / name / "unchanged.xml").write_text(_UNCHANGED.format(inputs[:12]))
    return bool(number)


def store(name: str) -> None:
    """Keep what was built, behind what was built of the same inputs before."""
    inputs = _noted(name)
    if not inputs:
        return
    # Unless it was forced, there was nothing: it would have been fetched.
    number = (_last(inputs, _NOTES / f"{name}.zip") if _forced() else 0) + 1
    built = shutil.make_archive(str(_NOTES / name), "zip", _BUILT / name)
    error = _s3("put-object", "--key", _key(inputs, number), "--body", built, "--if-none-match", "*")
    # Another build of the same may have been quicker.
    if error and "(PreconditionFailed)" not in error and "(ConditionalRequestConflict)" not in error:
        sys.exit(f"{name}: {error}")


def _forced() -> bool:
    return os.environ.get("FORCE_BUILD", "") not in {"", "no"}


def _noted(name: str) -> str:
    return (_NOTES / name).read_text() if (_NOTES / name).exists() else ""


def _last(inputs: str, target: Path) -> int:
    """The number of the last one that was built of these inputs, which is in the target now; 0 for none."""
    number = 0
    while number < _MOST and not _s3("get-object", "--key", _key(inputs, number + 1), str(target)):
        number += 1
    return number


def _key(inputs: str, number: int) -> str:
    return f"{os.environ['BUILD_OUTPUT_PREFIX']}/services/{inputs}/{number}.zip"


def _s3(*arguments: str) -> str:
    """What the AWS CLI says when it fails; empty when it does not."""
    command = ["aws", "s3api", arguments[0], "--bucket", os.environ["BUILD_OUTPUT_BUCKET"], *arguments[1:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() or f"aws ended with {done.returncode}" if done.returncode else ""


def _at_root() -> Iterator[str]:
    return (entry.name for entry in os.scandir(".") if entry.is_file() and not entry.name.endswith(_FOR_PEOPLE))


def _below(folders: tuple[str, ...]) -> Iterator[str]:
    for folder in folders:
        for place, below, names in os.walk(folder):
            below[:] = [name for name in below if name not in _LEFT_OUT]
            links = [name for name in below if os.path.islink(os.path.join(place, name))]
            kept = [name for name in names if not name.endswith(".pyc")]
            yield from (os.path.normpath(os.path.join(place, name)) for name in (*kept, *links))


def _read(path: str) -> bytes:
    if os.path.islink(path):
        return f"-> {os.readlink(path)}".encode()
    return Path(path).read_bytes() if os.path.isfile(path) else b""


def _elsewhere(path: str, content: bytes, inputs: tuple[str, ...]) -> str:
    """What a file in a service's folders names that is not among the inputs; empty where it names nothing else."""
    if "/" not in path or "/node_modules/" in path or len(content) > _LARGEST or b"\0" in content:
        return ""
    # Whoever reads a path counts from its file's folder, or from one above in which it was started.
    above = [str(folder) for folder in Path(path).parents]
    for match in _OUTWARD.finditer(content.decode(errors="replace")):
        targets = {os.path.normpath(os.path.join(folder, match[0])) for folder in above}
        there = [target for target in targets if target.split("/")[0] != ".." and os.path.exists(target)]
        inside = all(any(f"{target}/".startswith(f"{name}/") for name in inputs) for target in there)
        if match[0].startswith("CODEBUILD") or not inside:
            return match[0]
    return ""


def _machine() -> str:
    versions = [sys.version]
    for program in ("node", "npm"):
        try:
            versions.append(subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout)
        except OSError:
            versions.append("")
    return "\n".join([platform.machine(), *versions])


def _variables() -> str:
    """What the project and the pipeline give the build, but for what only says that it shall build."""
    names = os.environ.get("BUILD_INPUTS", "").split()
    return "\n".join(f"{name}={os.environ.get(name, '')}" for name in (*names, "BUILD_OUTPUT_BUCKET", "AWS_REGION"))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "note":
        note(*arguments)
    elif command == "store":
        store(*arguments)
    else:
        sys.exit(0 if fetch(*arguments) else 1)
