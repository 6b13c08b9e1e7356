"""Handlers that are not in the file they name: Lambda would say so at the first call only.

https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.application.code_folders import folder_of
from generator.application.functions import Function, Stated
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
# What compilers make JavaScript of.
_COMPILED = (".ts", ".mts", ".cts", ".tsx", ".jsx")
_TYPESCRIPT = "TypeScript is compiled where the function has Metadata: {BuildMethod: esbuild}"
_RELATIVE = "the handler is relative to the function's folder: <file without its ending>.<function>"
# What brings files into a function's folder that are not in the repository.
_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "python": ("requirements.txt", "uv.lock", "poetry.lock", "Pipfile.lock"),
    "nodejs": ("package.json",),
}
# With these a module of JavaScript may export anything.
_OPEN_EXPORTS = re.compile(
    r"export\s*\*|__exportStar|exports\s*\[|exports\s*=\s*[^{\s]|\.\.\.|Object\.assign\(\s*(module\.)?exports"
)


def check_handlers(functions: Iterable[Function], build: Build, repository: Repository) -> Iterator[Problem]:
    """A file that a handler names and the function's folder lacks, and a function that the file lacks."""
    for function in functions:
        text, folder = function.handler.text, function.folder
        language = next((word for word in _ENDINGS if function.runtime.text.startswith(word)), "")
        is_plain = "." in text and "${" not in text and not text.startswith(("/", "."))
        if is_plain and language and folder is not None and repository.has_folder(folder or "."):
            yield from _of_function(function, language, build, repository)


def _of_function(function: Function, language: str, build: Build, repository: Repository) -> Iterator[Problem]:
    handler = function.handler
    stem, _, name = handler.text.rpartition(".")
    module = posixpath.join(function.folder or "", stem.replace(".", "/") if language == "python" else stem)
    compiled = _COMPILED if function.is_compiled and language == "nodejs" else ()
    file = repository.first(*(module + ending for ending in (*_ENDINGS[language], *compiled)))
    what = f"Handler {quote(handler.text)} of {function.name}"
    if file is None:
        if not build.own and function.is_complete and not _is_packaged(function, language, repository):
            hint = _TYPESCRIPT if repository.has(f"{module}.ts") else _RELATIVE
            message = f"{what}: there is no {module}{_ENDINGS[language][0]}"
            yield handler.problem(message, hint, level="warning" if function.may_lack else "error")
        return
    names = _names(language, repository.text(file))
    if names is not None and name not in names:
        near = nearest(name, names)
        yield handler.problem(f"{what}: {file} has no '{name}'", f"did you mean '{stem}.{near}'?" if near else "")


def functions_of(template: Template) -> Iterator[Function]:
    """The functions of a template whose files are those of a folder, packed as they are."""
    runtimes = template.runtimes()
    for logical_id, resource in template.resources.items():
        if resource.type in FUNCTIONS and not _is_built(template, resource):
            handler = text_of(resource.properties.get("Handler"), template.defaults()) or ""
            yield Function(
                logical_id,
                Stated(runtimes.get(logical_id, ""), template.document, template.place_of(logical_id, "Runtime")),
                Stated(handler, template.document, template.place_of(logical_id, "Handler")),
                folder_of(template, resource),
                is_complete=not resource.properties.get("Layers"),
            )


def _is_packaged(function: Function, language: str, repository: Repository) -> bool:
    """Whether a package that the build installs may bring the file: what asks for packages names it."""
    first = re.split(r"[./]", function.handler.text, maxsplit=1)[0].replace("_", "-").lower()
    files = (posixpath.join(function.folder or "", name) for name in _PACKAGES[language])
    texts = (repository.text(file).replace("_", "-").lower() for file in files if repository.has(file))
    return function.handler.text.startswith("node_modules/") or any(first in text for text in texts)


def _is_built(template: Template, resource: Resource) -> bool:
    """Whether something other than copying makes the function's files."""
    match template.document.data["Resources"][resource.logical_id]:
        case {"Metadata": {"BuildMethod": str(method)}}:
            return not method.startswith(tuple(_ENDINGS))
        case _:
            return False


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
