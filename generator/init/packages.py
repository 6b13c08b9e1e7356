"""How the build will install what the application and its unit tests need: told by the files of the repository."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping

from generator.application.code_folders import around
from generator.errors import Problem
from generator.repository.files import Repository

_REQUIREMENTS = re.compile(r"((dev|tests?|unit)[-_.])?requirements([-_.](dev|tests?|testing|unit))?\.txt")
_IN_REQUIREMENTS = re.compile(r"(base|common|dev|local|main|tests?|testing|unit)\.txt")
# An environment of tox that lists packages, in its own format or in TOML.
_TOX_DEPS = re.compile(r"^\[(testenv|env)[^\]]*\]\s*\n(?:(?!\[).*\n)*?deps\s*=", re.MULTILINE)
_LOCKS: Mapping[str, str] = {
    "uv.lock": "uv export, pip install",
    "poetry.lock": "poetry export, pip install",
    "Pipfile.lock": "pipenv requirements, pip install",
}
_NODE_LOCKS: Mapping[str, str] = {
    "package-lock.json": "npm ci",
    "npm-shrinkwrap.json": "npm ci",
    "yarn.lock": "yarn install",
    "pnpm-lock.yaml": "pnpm install",
}
_NOT_READ = ("bun.lock", "bun.lockb")


def installs(repository: Repository, code: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Each command of the build with the file that asks for it, as in `npm ci (src/package-lock.json)`.

    `code` are the folders of functions and layers with their languages ("": unknown): what they, those above them and
    the tests beside them ask for, of these languages.
    """
    folders = around(code, repository)
    languages = {language for several in code.values() for language in several} or {""}
    ways = [way for language, way in _WAYS.items() if languages & {language, ""}]
    return tuple(command for way in ways for folder in folders for command in way(repository, folder))


def unread(repository: Repository) -> Iterator[Problem]:
    """Lock files the build does not understand."""
    for path in (path for name in _NOT_READ for path in repository.files(name)):
        yield Problem(
            f"{path} is not read: the build installs with npm",
            hint="commit a lock file of npm, yarn or pnpm, or take build: {buildspec: buildspec.yml}",
            level="warning",
        )


def _python(repository: Repository, folder: str) -> Iterator[str]:
    expected = _IN_REQUIREMENTS if posixpath.basename(folder) == "requirements" else _REQUIREMENTS
    for name in repository.names(folder):
        if expected.fullmatch(name):
            yield f"pip install ({posixpath.join(folder, name)})"
    for name in ("tox.ini", "setup.cfg", "tox.toml"):
        if repository.has(path := posixpath.join(folder, name)) and _TOX_DEPS.search(repository.text(path)):
            yield f"pip install (deps of {path})"
    locked = [name for name in _LOCKS if repository.has(posixpath.join(folder, name))]
    yield from (f"{_LOCKS[name]} ({posixpath.join(folder, name)})" for name in locked)
    if not locked and repository.has(pipfile := posixpath.join(folder, "Pipfile")):
        yield f"pipenv lock, pip install ({pipfile})"
    elif not locked and _asks(repository, project := posixpath.join(folder, "pyproject.toml")):
        yield f"pip install ({project})"


def _asks(repository: Repository, path: str) -> bool:
    """Whether a pyproject.toml asks for packages; many only hold the settings of tools."""
    try:
        project = tomllib.loads(repository.text(path)) if repository.has(path) else {}
    except tomllib.TOMLDecodeError:
        return False
    asked = project.get("project", {})
    tools = project.get("tool", {})
    extras = ("dependencies", "optional-dependencies")
    bring = {"poetry", "tox", "hatch", "pdm"} & tools.keys()
    return bool(project.get("dependency-groups") or bring or any(asked.get(name) for name in extras))


def _node(repository: Repository, folder: str) -> Iterator[str]:
    if repository.has(package := posixpath.join(folder, "package.json")):
        lock = next((name for name in _NODE_LOCKS if repository.has(posixpath.join(folder, name))), "")
        yield f"{_NODE_LOCKS[lock]} ({posixpath.join(folder, lock)})" if lock else f"npm install ({package})"


_WAYS: Mapping[str, Callable[[Repository, str], Iterator[str]]] = {"python": _python, "nodejs": _node}
