"""Finds the unit tests of an application: suites of Python and Node.js, told from integration tests."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from generator.application.code_folders import code_folders
from generator.application.template import Template
from generator.frameworks import UnitTests
from generator.repository.files import Repository

_PYTHON = ("test_*.py", "*_test.py")
_NODE = tuple(f"*.{kind}.{ending}" for kind in ("test", "spec") for ending in ("js", "mjs", "cjs"))
_FOLDERS = ("tests", "test", "__tests__", "unit_tests", "unit-tests", "unit")
# What needs more than the code: something deployed, or a service that runs.
_APART = (
    r"(.*[-_.])?(integ|integration|integrations|e2e|end[-_]to[-_]end|acceptance|smoke|system|functional|load|"
    r"performance|perf|stress|canary|remote|live|deployed)([-_.]?tests?)?([-_.].*)?"
)
_IS_APART = re.compile(_APART, re.IGNORECASE)
# What `npm init` writes when there are no tests.
_NO_TEST = "no test specified"
_RUNNERS: Mapping[str, str] = {"jest": "npx jest", "vitest": "npx vitest run", "mocha": "npx mocha"}
_SCRIPTS = ("test:unit", "unit-test", "unit:test", "test", "unit")


def unit_tests(
    repository: Repository, app: Template | None, tests: Template | None, *, everywhere: bool = False
) -> UnitTests:
    """The unit tests of the application; those of other folders and integration tests are left out, by name.

    `everywhere`: no template says where the application's code lies, so that it is the whole repository.
    """
    # The code of the tests' functions tests what is deployed.
    apart = frozenset(code_folders(tests)) - {""} if tests else frozenset()
    sought = _Sought(
        code_folders(app) if app else {"": frozenset({""})} if everywhere else {},
        posixpath.dirname(app.path) if app else "",
        apart,
    )
    python, integration = _python(repository, sought)
    node, scripts = _node(repository, sought)
    suites = [*python, *node]
    command = suites[0].alone if len(suites) == 1 else " && ".join(suite.among_others for suite in suites)
    return UnitTests(command, (*integration, *scripts))


class _Sought(NamedTuple):
    """The folders of code with their languages, that of the template (the root is ""), and those to pass over."""

    code: Mapping[str, frozenset[str]]
    home: str
    apart: frozenset[str]


class _Suite(NamedTuple):
    folder: str
    command: str

    @property
    def alone(self) -> str:
        return f"cd {shlex.quote(self.folder)} && {self.command}" if self.folder else self.command

    @property
    def among_others(self) -> str:
        return f"({self.alone})" if self.folder else self.command


def _python(repository: Repository, sought: _Sought) -> tuple[list[_Suite], list[str]]:
    """A suite for each folder that has tests, from which pytest is started; and what was left out."""
    suites: dict[str, set[str]] = {}
    apart: dict[str, set[str]] = {}
    for path in _files(repository, sought, _PYTHON):
        base, part = _split(path)
        (apart if _needs_more(path) else suites).setdefault(base, set()).add(part)
    result = []
    for base, parts in sorted(suites.items()):
        ignored = _ignored(parts, apart.get(base, set()))
        names = " ".join(map(shlex.quote, (*sorted(_outermost(parts)), *(f"--ignore={other}" for other in ignored))))
        result.append(_Suite(base, f"python -m pytest {names}"))
    return result, sorted({posixpath.join(base, part) for base, parts in apart.items() for part in parts})


def _ignored(parts: set[str], apart: set[str]) -> list[str]:
    return sorted(part for part in _outermost(apart) if any(f"{part}/".startswith(f"{outer}/") for outer in parts))


def _outermost(parts: set[str]) -> set[str]:
    return {part for part in parts if not any(part.startswith(f"{other}/") for other in parts)}


def _split(path: str) -> tuple[str, str]:
    """A file of tests as the folder its suite is started from, and the folder or file pytest is given there."""
    *folders, name = path.split("/")
    at = next((index for index, folder in enumerate(folders) if folder.lower() in _FOLDERS), None)
    if at is None:
        return "", "/".join(folders) or name
    return "/".join(folders[:at]), "/".join(folders[at:])


def _needs_more(path: str) -> bool:
    *folders, name = path.split("/")
    if "unit" in folders:
        return False
    inside = next((index for index, folder in enumerate(folders) if folder.lower() in _FOLDERS), 0)
    return any(_IS_APART.fullmatch(part) for part in (*folders[inside:], name.partition(".")[0]))


def _node(repository: Repository, sought: _Sought) -> tuple[list[_Suite], list[str]]:
    """The scripts of the package.json files nearest the code; where there is none, the runner that is at hand."""
    code = [folder for folder, languages in sought.code.items() if languages & {"nodejs", ""}]
    scripts = {folder: script for folder in _packages(repository) if (script := _script(repository, folder))}
    nearest = {near for folder in code if (near := _nearest(folder, scripts)) is not None}
    left_out = [
        f"{posixpath.join(folder, 'package.json')} ({scripts[folder]})" for folder in sorted(scripts.keys() - nearest)
    ]
    if nearest or not code:
        return [_Suite(folder, scripts[folder]) for folder in sorted(nearest)], left_out
    files = [path for path in _files(repository, sought, _NODE) if not _needs_more(path)]
    return ([_Suite("", _node_test(repository, files))] if files else []), left_out


def _node_test(repository: Repository, files: Sequence[str]) -> str:
    """Node's own runner, which finds the tests itself; told which where there are others."""
    return " ".join(["node --test", *(map(shlex.quote, files) if len(files) < len(repository.files(*_NODE)) else ())])


def _nearest(folder: str, scripts: Iterable[str]) -> str | None:
    above = [folder, *(str(path) for path in PurePosixPath(folder).parents)] if folder else [""]
    return next((path for path in ("" if parent == "." else parent for parent in above) if path in scripts), None)


def _packages(repository: Repository) -> list[str]:
    return [posixpath.dirname(path) for path in repository.files("package.json")]


def _script(repository: Repository, folder: str) -> str:
    """How the tests of a package.json are run; empty where it has none."""
    package = _package(repository, posixpath.join(folder, "package.json"))
    scripts = _map(package, "scripts")
    usable = [name for name in _SCRIPTS if isinstance(scripts.get(name), str) and _NO_TEST not in scripts[name]]
    for name in usable:
        if not _IS_APART.fullmatch(name) and not re.search(r"\b(integration|e2e)\b", scripts[name]):
            return "npm test" if name == "test" else f"npm run {name}"
    asked = {*_map(package, "dependencies"), *_map(package, "devDependencies")}
    has_tests = any(
        not _needs_more(path) for path in repository.files(*_NODE, "*.test.ts", "*.spec.ts", under=folder or ".")
    )
    return next((_RUNNERS[name] for name in _RUNNERS if name in asked and has_tests), "")


def _package(repository: Repository, path: str) -> Any:
    try:
        return json.loads(repository.text(path))
    except (ValueError, OSError):
        return {}


def _map(package: Any, key: str) -> dict[str, Any]:
    value = package.get(key) if isinstance(package, dict) else None
    return value if isinstance(value, dict) else {}


def _files(repository: Repository, sought: _Sought, patterns: Sequence[str]) -> Iterator[str]:
    """Files of tests that belong to the application: anywhere below its template, or beside its code."""
    homes = {sought.home, *sought.code}
    for path in repository.files(*patterns):
        folders = {str(folder) for folder in PurePosixPath(path).parents} - {"."}
        belongs = "" in homes or bool(homes & folders) or path.split("/")[0] in _FOLDERS
        if belongs and path not in sought.apart and not sought.apart & folders:
            yield path
