"""Installs packages: those the unit tests need before they run, later those of each function and layer.

What to install is found at build time: any commit may bring a lock file.
"""

from __future__ import annotations

import glob
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import node_packages
import templates
import tox_deps

# The tool of a lock file, its command that prints requirements, its flag for functions and for unit tests.
# Without hashes, as pip wants all or none, and a package of this repository has none.
LOCKS = {
    "uv.lock": ("uv", "uv export -q --frozen --no-hashes --no-emit-project", "--no-dev", "--all-groups"),
    "poetry.lock": ("poetry poetry-plugin-export", "poetry export --without-hashes", "", "--all-groups"),
    "Pipfile.lock": ("pipenv", "pipenv requirements", "", "--dev"),
}
# Beside code, or above it: where tests lie, and what they ask for.
TESTS = ("tests", "test", "tests/unit", "test/unit", "requirements")
# Where each folder's last command is put down: services that are built one after the other share those above them.
INSTALLED = Path(os.environ.get("BUILD_SCRIPTS", os.path.dirname(__file__)), "installed")
REQUIREMENTS = re.compile(r"(.*/)?((dev|tests?|unit)[-_.])?requirements([-_.](dev|tests?|testing|unit))?\.txt")
IN_REQUIREMENTS = re.compile(r".*/requirements/(base|common|dev|local|main|tests?|testing|unit)\.txt")
EXTRAS = ("dev", "test", "tests", "testing")
HATCH = ("default", "hatch-test", *EXTRAS)
_QUIET: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def run(command: str, folder: str) -> int:
    """Run a command in a folder; its exit status. The log says what is done where."""
    print(f"{folder}: {command}", flush=True)
    return subprocess.call(["bash", "-eo", "pipefail", "-c", command], cwd=folder)


def must(command: str, folder: str) -> None:
    """Run a command; end the build with its status when it fails."""
    if status := run(command, folder):
        sys.exit(status)


def folders_of_code() -> dict[str, set[str]]:
    """The folders of functions and layers, each with its runtimes."""
    folders: dict[str, set[str]] = {}
    for code in (code for template in templates.of_the_build() for code in template.codes()):
        folder = code.path if os.path.isdir(code.path) else os.path.dirname(code.path)
        for place in (folder, f"{folder}/nodejs") if code.is_layer else (folder,):
            folders.setdefault(place, set()).add(code.runtime)
    return folders


def around(folders: Iterable[str]) -> list[str]:
    """These folders, those above them up to the source's root, and the folders of tests beside each; sorted."""
    root = os.path.realpath(".")
    near = {root}
    for folder in folders:
        inside = Path(folder).relative_to(root).parts if f"{folder}/".startswith(f"{root}/") else ()
        near |= {"/".join((root, *inside[:depth])) for depth in range(len(inside) + 1)}
    below = {f"{folder}/{name}" for folder in near for name in TESTS}
    return sorted(folder for folder in near | below if os.path.isdir(folder))


def present(folder: str, *names: str) -> list[str]:
    """Those of these files that are in a folder."""
    return [name for name in names if os.path.isfile(os.path.join(folder, name))]


def python_for_tests(folders: Iterable[str]) -> None:
    """Install every requirement of these folders into the Python of the build."""
    folders = list(folders)
    paths = [f"{folder}/{name}" for folder in folders for name in sorted(os.listdir(folder))]
    files = [path for path in paths if REQUIREMENTS.fullmatch(path) or IN_REQUIREMENTS.fullmatch(path)]
    listed = [f"-r {shlex.quote(os.path.relpath(path))}" for path in files]
    options = list(dict.fromkeys((*listed, *(option for folder in folders for option in tox_deps.options(folder)))))
    # At once, so that what several ask for fits together; one after the other where it cannot.
    if options and (status := run(f"pip install -q {' '.join(options)}", ".")):
        if len(options) == 1:
            sys.exit(status)
        for option in options:
            must(f"pip install -q {option}", ".")
    for folder in folders:
        for command in _of_projects(folder):
            must(command, folder)


def _of_projects(folder: str) -> Iterator[str]:
    """The commands that install what a folder's lock files ask for, or its project files where nothing is locked."""
    locks = present(folder, *LOCKS)
    if not locks and present(folder, "Pipfile"):
        yield f"pip install -q pipenv; pipenv lock; {_exported('Pipfile.lock', for_tests=True)}"
    elif not locks and present(folder, "pyproject.toml"):
        project = tox_deps.toml(f"{folder}/pyproject.toml")
        if "poetry" in project.get("tool", {}):
            yield f"pip install -q poetry; poetry lock -q; {_exported('poetry.lock', for_tests=True)}"
        elif listed := " ".join(map(shlex.quote, asked_for(project))):
            yield f"pip install -q {listed}"
    for name in locks:
        yield _exported(name, for_tests=True)


def asked_for(project: dict[str, Any]) -> list[str]:
    """What a pyproject.toml asks for: its dependencies, those of every group, and of extras for development.

    https://packaging.python.org/en/latest/specifications/dependency-groups/
    """
    stated = project.get("project", {})
    extras = stated.get("optional-dependencies", {})
    groups = project.get("dependency-groups", {})
    requirements = [
        *stated.get("dependencies", []),
        *(requirement for name in EXTRAS for requirement in extras.get(name, [])),
    ]
    # What a group includes is a group, too, and all of them are taken.
    requirements += [requirement for group in groups.values() for requirement in group if isinstance(requirement, str)]
    tools = project.get("tool", {})
    requirements += tools.get("uv", {}).get("dev-dependencies", [])
    requirements += [each for group in tools.get("pdm", {}).get("dev-dependencies", {}).values() for each in group]
    hatch = [each for name, each in tools.get("hatch", {}).get("envs", {}).items() if name in HATCH]
    lists = (each.get(key, []) for each in hatch for key in ("dependencies", "extra-dependencies"))
    requirements += [requirement for several in lists for requirement in several]
    return list(dict.fromkeys(requirements))


def _exported(name: str, *, for_tests: bool, target: str = "") -> str:
    tool, export, for_function, for_development = LOCKS[name]
    flag = for_development if for_tests else for_function
    return f"pip install -q {tool}; {export} {flag} | pip install -q -r /dev/stdin {target}"


def python_for_code(folder: str, target: str, runtime: str) -> None:
    """Install what a function or layer asks for into a folder beside its code, for the Python it runs on."""
    options = f"--no-compile --target {shlex.quote(target)}"
    pip = f"{interpreter(runtime)} -m pip"
    for name in present(folder, "requirements.txt", *LOCKS)[:1]:
        command = f"pip install -q -r {name} {options}"
        if name in LOCKS:
            command = _exported(name, for_tests=False, target=options)
        head, _, tail = command.rpartition("pip install")
        must(f"{head}{pip} install{tail}", folder)


def interpreter(runtime: str) -> str:
    """The Python a function runs on, where there is one that has pip; the build's own otherwise."""
    if not re.fullmatch(r"python3\.\d+", runtime) or runtime == f"python3.{sys.version_info[1]}":
        return "python3"
    for folder in programs():
        program = f"{folder}/{runtime}"
        if os.access(program, os.X_OK) and not subprocess.call([program, "-m", "pip", "-V"], **_QUIET):
            return shlex.quote(program)
    print(f"no {runtime} with pip is here: Python 3.{sys.version_info[1]} installs in its place", flush=True)
    return "python3"


def programs() -> list[str]:
    """The folders of programs: PATH's, and of every Python that pyenv has, which puts one of them in front."""
    path = os.environ["PATH"].split(os.pathsep)
    behind = (glob.glob(f"{folder}/../versions/*/bin") for folder in path if folder.endswith("/.pyenv/shims"))
    return [*path, *(folder for folders in behind for folder in sorted(folders))]


def node_for(folder: str, *, for_function: bool = False) -> None:
    """Install what a folder's package.json asks for, beside it, unless this build did: as its lock file says.

    For a function without what only development needs; else what a workspace around it has installed is enough.
    """
    if not present(folder, "package.json") or (not for_function and node_packages.belongs_to_workspace(folder)):
        return
    command = node_packages.command(folder, for_function=for_function)
    note = INSTALLED / os.path.realpath(folder).replace("/", "%")
    if not note.exists() or note.read_text() != command:
        must(command, folder)
        INSTALLED.mkdir(exist_ok=True)
        note.write_text(command)


def for_tests(command: str) -> None:
    """Install everything the unit tests' command may need."""
    folders = folders_of_code()
    runtimes = {runtime for several in folders.values() for runtime in several}
    near = around([*folders, *_named_by(command)])
    if re.search(r"\b(python[0-9.]*|pytest|tox|nox)\b", command) or any(
        not r or r.startswith("python") for r in runtimes
    ):
        python_for_tests(near)
        for runner in ("pytest", "tox", "nox"):
            if re.search(rf"\b{runner}\b", command) and not importlib.util.find_spec(runner):
                must(f"pip install -q {runner}", ".")
    if re.search(r"\b(node|npm|npx|yarn|pnpm)\b", command) or any(not r or r.startswith("nodejs") for r in runtimes):
        for folder in near:
            node_for(folder)


def _named_by(command: str) -> list[str]:
    """The folders a command goes to: suites of a project inside this one ask for packages of their own."""
    return [os.path.realpath(shlex.split(name)[0]) for name in re.findall(r"\bcd ('[^']+'|[^\s;&|)'\"]+) &&", command)]


def for_repository(*files: str) -> None:
    """Install what the root of the repository asks for, and the folders of these files, tools for development too."""
    near = around([os.path.dirname(os.path.realpath(file)) for file in files])
    python_for_tests(near)
    for folder in near:
        node_for(folder)


if __name__ == "__main__":
    if "whole-repository" in sys.argv:
        for_repository(*sys.argv[2:])
    if unit_tests := os.environ.get("UNIT_TEST_COMMAND"):
        for_tests(unit_tests)
