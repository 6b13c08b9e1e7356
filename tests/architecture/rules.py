"""The house rules as functions: modules in, offences out, so that each rule can be shown to fail."""

from __future__ import annotations

import ast
import functools
import graphlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PACKAGE = "generator"
EVERY_ROOM = "every room"
LONGEST_FUNCTION = 40
LONGEST_FILE = 300
MOST_ENTRIES = 26
_VAGUE = frozenset({"utils", "util", "helpers", "helper", "common", "base", "manager"})
_STAND_INS = frozenset({"found", "given", "known", "made", "one", "said", "told", "wanted"})
_ENVIRONMENT = frozenset({"environ", "getenv", "putenv"})


@dataclass(frozen=True)
class Module:
    """A source file; `path` is seen from the checkout's root."""

    path: str
    text: str

    @property
    def name(self) -> str:
        parts = PurePosixPath(self.path).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @functools.cached_property
    def nodes(self) -> Sequence[ast.AST]:
        """All nodes of the tree: each rule looks at them."""
        return tuple(ast.walk(self.tree))


@dataclass(frozen=True)
class Room:
    """A row of the table."""

    name: str
    may_import: frozenset[str]
    libraries: frozenset[str]


def modules(checkout: Path, *folders: str) -> tuple[Module, ...]:
    """Every Python file of these folders, sorted."""
    files = sorted(file for folder in folders for file in (checkout / folder).rglob("*.py"))
    return tuple(Module(file.relative_to(checkout).as_posix(), file.read_text(encoding="utf-8")) for file in files)


def tables(page: str, first: str) -> Iterator[list[str]]:
    """The rows of the table whose first column is called so."""
    inside = False
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith(f"| {first} |"):
            inside = True
        elif inside and not line.startswith("|"):
            return
        elif inside and not set(cells[0]) <= {"-"}:
            yield cells


def rooms(page: str) -> Mapping[str, Room]:
    """The layer table of the architecture page."""
    table = {}
    for name, _, may_import, libraries in tables(page, "room"):
        room = Room(_words(name)[0], frozenset(_words(may_import) or {may_import}), frozenset(_words(libraries)))
        table[room.name] = room
    return table


def processes(page: str) -> tuple[str, ...]:
    """The modules that run in a child process."""
    return tuple(_words(module)[0] for module, _ in tables(page, "module"))


def _words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def room_of(name: str, rows: Mapping[str, Room]) -> str:
    """The longest room whose path begins a module's dotted name; empty if there is none."""
    path = name.removeprefix(PACKAGE).lstrip(".").replace(".", "/")
    if not path:
        return PACKAGE
    matches = [room for room in rows if path == room or path.startswith(f"{room}/")]
    return max(matches, key=len, default="")


def imported(module: Module, modules_of_package: frozenset[str] = frozenset()) -> Iterator[str]:
    """The dotted names a module imports, wherever the import stands; `modules_of_package` are the modules there are."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _source(module, node)
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield whole if whole in modules_of_package else source
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
            yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str))


def _source(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.path.removesuffix(".py").split("/")[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def outside_layers(all_modules: Iterable[Module], rows: Mapping[str, Room]) -> Iterator[str]:
    """Imports of ours that the table does not allow, and modules without a room."""
    listed = tuple(all_modules)
    result = frozenset(module.name for module in listed)
    for module in listed:
        here = room_of(module.name, rows)
        if not here:
            yield f"{module.path} belongs to no room"
            continue
        for target in imported(module, result):
            if target.partition(".")[0] != PACKAGE:
                continue
            there = room_of(target, rows)
            if there != here and not {there, EVERY_ROOM} & rows[here].may_import:
                yield f"{module.path}: {here} may not import {there or target}"


def outside_libraries(all_modules: Iterable[Module], rows: Mapping[str, Room]) -> Iterator[str]:
    """Imports from beyond the standard library that the table does not allow."""
    listed = tuple(all_modules)
    files = {module.path for module in listed}
    for module in listed:
        here = room_of(module.name, rows)
        allowed = rows[here].libraries if here else frozenset()
        for target in imported(module):
            library = target.partition(".")[0]
            beside = str(PurePosixPath(module.path).with_name(f"{library}.py"))
            ours = library == PACKAGE or library in sys.stdlib_module_names or library == "sitecustomize"
            if not ours and library not in allowed and beside not in files:
                yield f"{module.path}: {here} may not import {library}"


def without_use(all_modules: Iterable[Module], rows: Mapping[str, Room]) -> Iterator[str]:
    """What the table allows and nothing uses: rooms without a module, imports and libraries that nobody takes."""
    listed = tuple(all_modules)
    result = frozenset(module.name for module in listed)
    used: dict[str, set[str]] = {name: set() for name in rows}
    populated = set()
    for module in listed:
        here = room_of(module.name, rows)
        populated.add(here)
        for target in imported(module, result):
            ours = target.partition(".")[0] == PACKAGE
            used.setdefault(here, set()).add(room_of(target, rows) if ours else target.partition(".")[0])
    for name, room in rows.items():
        if name not in populated:
            yield f"no module belongs to {name}"
        for word in sorted((room.may_import - {EVERY_ROOM, "-"}) | room.libraries):
            if word not in used[name]:
                yield f"{name} does not use {word}"


def cycles(all_modules: Iterable[Module]) -> Iterator[str]:
    """The first cycle among the modules, if there is one."""
    listed = tuple(all_modules)
    result = frozenset(module.name for module in listed)
    graph = {module.name: {target for target in imported(module, result) if target in result} for module in listed}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield " -> ".join(error.args[1])


def vague_names(all_modules: Iterable[Module]) -> Iterator[str]:
    """Modules and folders that say nothing about what they hold."""
    for module in all_modules:
        if _VAGUE & set(PurePosixPath(module.path).with_suffix("").parts):
            yield module.path


def without_docstring(all_modules: Iterable[Module]) -> Iterator[str]:
    """Modules that do not open by saying what they are."""
    return (module.path for module in all_modules if not ast.get_docstring(module.tree))


def long_functions(all_modules: Iterable[Module]) -> Iterator[str]:
    """Functions that do not fit on a screen."""
    for module in all_modules:
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    yield f"{module.path}: {node.name} has {lines} lines"


def long_files(all_modules: Iterable[Module]) -> Iterator[str]:
    """Files that want to be two."""
    for module in all_modules:
        lines = len(module.text.splitlines())
        if lines > LONGEST_FILE:
            yield f"{module.path} has {lines} lines"


def crowded(package: Path, most: int) -> Iterator[str]:
    """What stands at the top of a package, when that is more than `most` entries."""
    entries = sorted(entry.name for entry in package.iterdir() if entry.name != "__pycache__")
    if len(entries) > most:
        yield f"{package.name}/ has {len(entries)} entries, at most {most}: {', '.join(entries)}"


def speaking(all_modules: Iterable[Module], allowed: Iterable[str]) -> Iterator[str]:
    """Modules that print, exit or read the environment, but for the command line and the `allowed` paths."""
    exempt = frozenset(allowed)
    for module in all_modules:
        if module.path not in exempt and not module.path.startswith(f"{PACKAGE}/cli/"):
            yield from (f"{module.path}:{line}: {what}" for line, what in _spoken(module))


def silent(all_modules: Iterable[Module], allowed: Iterable[str]) -> Iterator[str]:
    """Allowed paths that are gone, or need no leave."""
    speakers = {module.path for module in all_modules if any(_spoken(module))}
    return (path for path in allowed if path not in speakers)


def _spoken(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "exit", "quit"}:
            yield node.lineno, node.func.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            whole = f"{node.value.id}.{node.attr}"
            if whole in {"sys.exit", "os._exit"} or (node.value.id == "os" and node.attr in _ENVIRONMENT):
                yield node.lineno, whole
        elif isinstance(node, ast.ImportFrom) and node.module in {"os", "sys"}:
            yield from ((node.lineno, a.name) for a in node.names if a.name in _ENVIRONMENT | {"exit", "_exit"})


def stand_ins(all_modules: Iterable[Module]) -> Iterator[str]:
    """Names that could stand for anything, where the thing has a name of its own."""
    for module in all_modules:
        for node in module.nodes:
            # What is imported got its name elsewhere, from another library perhaps.
            name = None if isinstance(node, ast.alias) else getattr(node, "name", None)
            if isinstance(node, ast.arg):
                name = node.arg
            elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store):
                name = node.id if isinstance(node, ast.Name) else node.attr
            if isinstance(name, str) and name.strip("_").lower() in _STAND_INS:
                yield f"{module.path}:{getattr(node, 'lineno', 0)}: name the thing instead of {name}"


def patches(all_modules: Iterable[Module]) -> Iterator[str]:
    """Places that replace attributes at run time instead of handing a fake to a seam.

    What is not ours may be watched: a test may refuse the operating system's door to the network.
    """
    for module in all_modules:
        ours = _names_of_ours(module)
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.module in {"unittest.mock", "mock"}:
                yield f"{module.path}:{node.lineno}: {node.module}"
            elif isinstance(node, ast.Call) and _is_patch(node, ours):
                yield f"{module.path}:{node.lineno}: {ast.unparse(node.func)}"


def _is_patch(call: ast.Call, ours: Iterable[str]) -> bool:
    function = ast.unparse(call.func)
    if re.match(r"(unittest\.)?mock(er)?\.patch\b", function):
        return True
    if function not in {"monkeypatch.setattr", "monkeypatch.delattr"} or not call.args:
        return False
    target = ast.unparse(call.args[0]).strip("\"'").partition(".")[0]
    return target in {PACKAGE, *ours}


def _names_of_ours(module: Module) -> set[str]:
    """The names under which a module knows something of ours."""
    return {
        (alias.asname or alias.name).partition(".")[0]
        for node in module.nodes
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).partition(".")[0] == PACKAGE
    }


def imports_of_ours(all_modules: Iterable[Module]) -> Iterator[str]:
    """Modules that import something of ours or anything but the standard library and boto3."""
    allowed = sys.stdlib_module_names | {"boto3", "botocore"}
    for module in all_modules:
        yield from (f"{module.path}: {t}" for t in imported(module) if t.partition(".")[0] not in allowed)
