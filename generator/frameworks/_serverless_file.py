"""What a serverless.yml says without running its tool: names and settings that need no more than the file.

https://github.com/oss-serverless/serverless/tree/main/docs (osls), https://www.serverless.com/framework/docs
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator import document
from generator.application.template import Resource, Template
from generator.document import Path
from generator.errors import InvalidInputError, Problem
from generator.frameworks import _node_locks
from generator.repository.files import Repository

NAMES = ("serverless.yml", "serverless.yaml", "serverless.json")
PROGRAMS = ("serverless.ts", "serverless.js", "serverless.mjs", "serverless.cjs")
"""Files that say the same, and only when they are run."""
# What has no such beginning is CloudFormation's own: ${AWS::Region}, ${Table}.
_VARIABLE = re.compile(r"\$\{\s*([a-z][A-Za-z0-9]*(?:\([^()]*\))?:(?!:)[^${}]*)\}")
_MOST_VARIABLES = 20
_RUNTIME = re.compile(r"(nodejs|python)(\d+(?:\.\d+)?)(?:\.x)?")
_FALLBACK = re.compile(r"""(?P<main>[^,]+?)\s*(?:,\s*["']?(?P<fallback>[^"',]*)["']?)?""")
_FILE = re.compile(r"\$\{\s*file\(\s*([^)$]+?)\s*\)\s*(?::([A-Za-z0-9_.]+))?\s*\}")


class StatedFunction(NamedTuple):
    """A function's settings, and the document and path at which they stand."""

    name: str
    settings: Mapping[str, Any]
    document: document.Document
    path: Path


class ServerlessFile(NamedTuple):
    """A serverless.yml: its document, and the problems where it cannot be read."""

    repository: Repository
    path: str
    document: document.Document | None
    problems: tuple[Problem, ...] = ()

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says; nothing where it cannot be read."""
        data = self.document.data if self.document else {}
        return data if isinstance(data, dict) else {}

    def at(self, *path: str) -> Any:
        """A value by its keys; None where there is none."""
        value: Any = self.data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    @property
    def service(self) -> str | None:
        """The service's name, where the file says it itself."""
        name = self.at("service", "name") if isinstance(self.data.get("service"), dict) else self.data.get("service")
        return self.text(name, "")

    def stack(self, stage: str) -> str | None:
        """What the tool calls the stack of a stage; None where only it can tell."""
        named = self.at("provider", "stackName")
        if named is not None:
            return self.text(named, stage)
        return f"{self.service}-{stage}" if self.service else None

    def text(self, value: Any, stage: str) -> str | None:
        """A text with its variables resolved; None where one needs more than the file."""
        for _ in range(_MOST_VARIABLES):
            if not isinstance(value, str):
                return None
            match = _VARIABLE.search(value)
            if match is None:
                return value
            meant = self._variable(match[1], stage)
            if meant is None:
                return None
            value = value[: match.start()] + meant + value[match.end() :]
        return None

    def _variable(self, text: str, stage: str) -> str | None:
        match = _FALLBACK.fullmatch(text.strip())
        if match is None:
            return None
        source, _, name = match["main"].partition(":")
        # The pipeline always names the stage.
        if match["main"] in {"sls:stage", "opt:stage", "self:provider.stage"}:
            return stage or None
        if source == "self":
            value = self.at(*name.split("."))
            return value if isinstance(value, str) else match["fallback"]
        if source == "param":
            values = [self.at("params", each, name) for each in (stage, "default")]
            return next((str(value) for value in values if isinstance(value, (str, int))), match["fallback"])
        # An option that nobody gives, and a variable of the environment that may be there.
        return match["fallback"] if source == "opt" else None

    def stated_functions(self) -> Iterator[StatedFunction]:
        """The functions that stand in the file itself, and in files that it includes by a plain path."""
        functions = self.data.get("functions")
        groups = enumerate(functions) if isinstance(functions, list) else [(None, functions)]
        for index, group in groups:
            at = ("functions",) if index is None else ("functions", index)
            file, path, named = self._looked_up(group, at)
            for name, settings in named.items() if isinstance(named, dict) else ():
                owner, place, own = file._looked_up(settings, (*path, name))  # noqa: SLF001 - another file like this
                if owner.document and isinstance(own, dict):
                    yield StatedFunction(str(name), own, owner.document, place)

    def _looked_up(self, value: Any, path: Path) -> tuple[ServerlessFile, Path, Any]:
        """Where a value stands, and what it is: in the file that it includes, where it is a plain include."""
        included = self.included(value) if isinstance(value, str) else None
        if included is None:
            return self, path, value
        file, keys = included
        return file, keys, file.at(*keys)

    def included(self, text: str) -> tuple[ServerlessFile, tuple[str, ...]] | None:
        """The file that a value includes, and the keys of it, where nothing but its path is needed to find it."""
        match = _FILE.fullmatch(text.strip())
        if match is None:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), match[1]))
        return read(self.repository, path), tuple(match[2].split(".")) if match[2] else ()

    def functions(self) -> Iterator[Mapping[str, Any]]:
        """The settings of these functions."""
        return (function.settings for function in self.stated_functions())

    def function_names(self) -> list[str]:
        """The names of these functions that have no other."""
        return [function.name for function in self.stated_functions() if "name" not in function.settings]

    def events(self) -> frozenset[str]:
        """The kinds of events that its functions have."""
        events = (event for function in self.functions() for event in function.get("events") or ())
        return frozenset(event if isinstance(event, str) else next(iter(event), "") for event in events if event)

    def languages(self) -> dict[str, str]:
        """Languages of Lambda runtimes with their newest version."""
        matches = (_RUNTIME.fullmatch(runtime) for runtime in self.runtimes())
        return dict(sorted(((match[1], match[2]) for match in matches if match), key=lambda each: _number(each[1])))

    def as_template(self) -> Template:
        """What a reader of templates may know: the functions' runtimes; everything else is open.

        Raises InvalidInputError for a file that cannot be read.
        """
        if self.document is None:
            raise InvalidInputError(self.problems)
        functions = (
            Resource(f"Function{number}", "AWS::Lambda::Function", {"Runtime": runtime}, "")
            for number, runtime in enumerate(self.runtimes())
        )
        return Template(
            path=self.path,
            document=self.document,
            transforms=(),
            parameters={},
            outputs={},
            resources={function.logical_id: function for function in functions},
            code=(),
            open=frozenset({"Parameters", "Outputs", "Resources"}),
        )

    def runtimes(self) -> list[str]:
        """The runtimes of its functions, as far as the file says them."""
        stated = [self.at("provider", "runtime"), *(function.get("runtime") for function in self.functions())]
        return [runtime for each in stated if (runtime := self.text(each, ""))]

    def tool(self) -> tuple[str, str]:
        """The tool that its packages bring, and the version: of the lock file, else as package.json asks for it."""
        tools = (tool for home in self._homes for name in ("osls", "serverless") if (tool := self._tool(home, name)))
        return next(tools, ("", ""))

    def scripts(self) -> frozenset[str]:
        """The names of the scripts of its package.json files."""
        packages = (_json(self.repository, f"{home}package.json") for home in self._homes)
        return frozenset(name for package in packages for name in _mapping(package, "scripts"))

    @property
    def _homes(self) -> tuple[str, ...]:
        """The folders whose packages the tool sees: its own, and the root."""
        folder = self.path.rpartition("/")[0]
        return tuple(dict.fromkeys((f"{folder}/" if folder else "", "")))

    def _tool(self, home: str, name: str) -> tuple[str, str] | None:
        package = _json(self.repository, f"{home}package.json")
        asked = {**_mapping(package, "dependencies"), **_mapping(package, "devDependencies")}.get(name)
        stated = asked if isinstance(asked, str) else ""
        locked = _node_locks.version(self.repository, home.rstrip("/"), name, stated)
        return (name, locked or stated.lstrip("^~>=v ")) if locked or stated else None

    @property
    def version(self) -> str:
        """The major version that `frameworkVersion` asks for; empty where it is silent."""
        match = re.search(r"\d+", str(self.data.get("frameworkVersion", "")))
        return match[0] if match else ""


def read(repository: Repository, path: str) -> ServerlessFile:
    """The file at a path of a repository."""
    if not repository.has(path):
        return ServerlessFile(repository, path, None)
    try:
        return ServerlessFile(repository, path, document.read(repository.root / path, path, document.TEMPLATE))
    except InvalidInputError as refused:
        return ServerlessFile(repository, path, None, tuple(refused.problems))


def _json(repository: Repository, path: str) -> dict[str, Any]:
    try:
        data = json.loads(repository.text(path))
    except (ValueError, OSError):
        return {}
    return data if isinstance(data, dict) else {}


def _mapping(data: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
