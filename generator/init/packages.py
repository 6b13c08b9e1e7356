"""How the build will install what the application needs: told by the lock files of the repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from generator.errors import Problem
from generator.repository.files import Repository

_PYTHON: Mapping[str, str] = {
    "requirements.txt": "pip install",
    "uv.lock": "uv export, pip install",
    "poetry.lock": "poetry export, pip install",
    "Pipfile.lock": "pipenv requirements, pip install",
}
_NPM_LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
_NOT_READ = ("yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")


def installs(repository: Repository) -> tuple[str, ...]:
    """Each command of the build with the file that asks for it, as in `npm ci (src/package-lock.json)`."""
    return (*_python(repository), *_node(repository))


def unread(repository: Repository) -> Iterator[Problem]:
    """Lock files the build does not understand."""
    for path in (path for name in _NOT_READ for path in repository.files(name)):
        yield Problem(
            f"{path} is not read: the build installs with npm",
            hint="commit a package-lock.json, or name a buildspec of your own: build: {buildspec: buildspec.yml}",
            level="warning",
        )


def _python(repository: Repository) -> Iterator[str]:
    for name, command in _PYTHON.items():
        yield from (f"{command} ({path})" for path in repository.files(name))


def _node(repository: Repository) -> Iterator[str]:
    for path in repository.files("package.json"):
        folder = PurePosixPath(path).parent
        lock = repository.first(*(str(folder / name) for name in _NPM_LOCKS))
        yield f"npm ci ({lock})" if lock else f"npm install ({path})"
