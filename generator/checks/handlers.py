"""Handlers that are not in the file they name: Lambda would say so at the first call only.

https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.application.code_folders import folder_of
from generator.application.template import FUNCTIONS, Resource, Template
from generator.application.values import text_of
from generator.checks.phrases import nearest
from generator.document import quote
from generator.errors import Problem
from generator.model.build import Build
from generator.repository.files import Repository

_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "python": (".py", "/__init__.py"),
    "nodejs": (".js", ".mjs", ".cjs"),
}
# What brings files into a function's folder that are not in the repository.
_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "python": ("requirements.txt", "uv.lock", "poetry.lock", "Pipfile.lock"),
    "nodejs": ("package.json",),
}
# With these a module of JavaScript may export anything.
_OPEN_EXPORTS = re.compile(
    r"export\s*\*|__exportStar|exports\s*\[|exports\s*=\s*[^{\s]|\.\.\.|Object\.assign\(\s*(module\.)?exports"
)


class _Handler(NamedTuple):
    logical_id: str
    text: str
    language: str
    folder: str
    may_come_from_elsewhere: bool

    @property
    def module(self) -> str:
        module = self.text.rpartition(".")[0]
        return module.replace(".", "/") if self.language == "python" else module

    @property
    def name(self) -> str:
        return self.text.rpartition(".")[2]


def check_handlers(template: Template, build: Build, repository: Repository) -> Iterator[Problem]:
    """A file that a handler names and the function's folder lacks, and a function that the file lacks."""
    for handler in _handlers(template, repository):
        paths = [posixpath.join(handler.folder, handler.module + ending) for ending in _ENDINGS[handler.language]]
        file = repository.first(*paths)
        place = template.place_of(handler.logical_id, "Handler")
        if file is None:
            if not build.own and not handler.may_come_from_elsewhere:
                message = f"Handler {quote(handler.text)} of {handler.logical_id}: there is no {paths[0]}"
                yield template.problem(place, message, _compiled(handler, repository))
            continue
        names = _names(handler.language, repository.text(file))
        if names is not None and handler.name not in names:
            near = nearest(handler.name, names)
            hint = f"did you mean '{handler.text.rpartition('.')[0]}.{near}'?" if near else ""
            message = f"Handler {quote(handler.text)} of {handler.logical_id}: {file} has no '{handler.name}'"
            yield template.problem(place, message, hint)


def _handlers(template: Template, repository: Repository) -> Iterator[_Handler]:
    functions = [resource for resource in template.resources.values() if resource.type in FUNCTIONS]
    for resource in functions:
        if handler := _handler(template, resource, repository):
            yield handler


def _handler(template: Template, resource: Resource, repository: Repository) -> _Handler | None:
    """The handler of a function whose files are those of a folder of the repository; None for any other."""
    text = text_of(resource.properties.get("Handler"), template.defaults()) or ""
    runtime = template.runtimes().get(resource.logical_id, "")
    language = next((word for word in _ENDINGS if runtime.startswith(word)), "")
    folder = folder_of(template, resource)
    is_plain = "." in text and "${" not in text and not text.startswith(("/", "."))
    if not is_plain or not language or folder is None or _is_built(template, resource):
        return None
    if not repository.has_folder(folder or "."):
        return None
    elsewhere = bool(resource.properties.get("Layers")) or _is_packaged(text, language, folder, repository)
    return _Handler(resource.logical_id, text, language, folder, elsewhere)


def _is_packaged(handler: str, language: str, folder: str, repository: Repository) -> bool:
    """Whether a package that the build installs may bring the file: what asks for packages names it."""
    first = re.split(r"[./]", handler, maxsplit=1)[0].replace("_", "-").lower()
    files = (posixpath.join(folder, name) for name in _PACKAGES[language])
    texts = (repository.text(file).replace("_", "-").lower() for file in files if repository.has(file))
    return handler.startswith("node_modules/") or any(first in text for text in texts)


def _is_built(template: Template, resource: Resource) -> bool:
    """Whether something other than copying makes the function's files."""
    match template.document.data["Resources"][resource.logical_id]:
        case {"Metadata": {"BuildMethod": str(method)}}:
            return not method.startswith(tuple(_ENDINGS))
        case _:
            return False


def _compiled(handler: _Handler, repository: Repository) -> str:
    if repository.has(posixpath.join(handler.folder, f"{handler.module}.ts")):
        return "TypeScript is compiled where the function has Metadata: {BuildMethod: esbuild}"
    return "the handler is relative to the function's folder: <file without its ending>.<function>"


def _names(language: str, text: str) -> set[str] | None:
    """The names that a module offers; None where they cannot be told by reading it."""
    return _of_python(text) if language == "python" else _of_javascript(text)


def _of_python(text: str) -> set[str] | None:
    import ast  # noqa: PLC0415 - only who has Python to read pays for it

    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names: set[str] = set()
    waiting: list[Any] = list(tree.body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {(alias.asname or alias.name).partition(".")[0] for alias in aliases}
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case _:
                waiting += ast.iter_child_nodes(node)
    # A star brings any name, and so do these.
    return None if names & {"*", "__getattr__"} or "globals(" in text else names


def _of_javascript(text: str) -> set[str] | None:
    """Every word of the file: what is exported is one of them, unless the file exports what it does not spell out."""
    return None if _OPEN_EXPORTS.search(text) else set(re.findall(r"[A-Za-z_$][\w$]*", text))
