"""The contract with ministack: every name the adapters use is what we take it for, and has one adapter."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from generator.rehearsal.emulator import ministack
from generator.rehearsal.emulator.ministack import interception
from generator.rehearsal.emulator.provenance import VERSION
from tests.rehearsal.emulator.ministack_contract import contract

ROOM = Path(ministack.__file__).parent
OURS = ("__init__", "interception")
ADAPTERS = sorted(path for path in ROOM.glob("*.py") if path.stem not in OURS)
REPLACING = ("Intercepted", "replace")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def modules_of_ministack(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a file imports of ministack: the name it has there, and its dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ministack":
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def replaced_names(tree: ast.Module) -> list[str]:
    """The names that ours take the place of: the texts in calls of Intercepted and replace."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    called = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in REPLACING]
    words = [word for call in called for word in call.args if isinstance(word, ast.Constant)]
    return [str(word.value) for word in words]


def used_names(tree: ast.Module) -> set[str]:
    """Every name of ministack's that a file uses."""
    imported = dict(modules_of_ministack(tree))
    values = {alias: name for alias, name in imported.items() if alias.startswith("_")}
    modules = {alias: name for alias, name in imported.items() if alias not in values}
    attributes = {
        f"{modules[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules
    }
    return attributes | set(values.values()) | set(replaced_names(tree))


@pytest.mark.parametrize(("name", "shape"), sorted(contract.EXPECTED.items()))
def test_a_name_of_ministack_is_as_expected(name: str, shape: str) -> None:
    assert contract.moved({name: shape}) == []


def test_a_name_that_moved_is_reported_with_what_it_is_now() -> None:
    expected = {
        "ministack.core.responses.get_region": "(request) -> str",
        "ministack.core.responses.no_such_thing": "() -> str",
        "ministack.app.SERVICE_HANDLERS": "list",
    }
    assert contract.moved(expected) == [
        "ministack.core.responses.get_region is now () -> str, was (request) -> str",
        "ministack.core.responses.no_such_thing is gone",
        "ministack.app.SERVICE_HANDLERS is now dict, was list",
    ]


def test_the_version_installed_is_the_one_written_for() -> None:
    assert metadata.version("ministack") == VERSION


def test_the_contract_lists_exactly_the_names_that_adapters_use() -> None:
    used = set[str]().union(*(used_names(parsed(path)) for path in ADAPTERS))
    # This switch is set through the environment, and has to be there.
    assert used | {"ministack.app.AUTH"} == set(contract.EXPECTED)


def test_each_name_of_ministack_has_one_adapter() -> None:
    # CloudFormation is a service in several files.
    uses = {(name, path.stem.partition("_")[0]) for path in ADAPTERS for name in used_names(parsed(path))}
    assert [name for name, count in Counter(name for name, _ in uses).items() if count > 1] == []


def test_a_name_is_replaced_once_and_listed() -> None:
    replaced = [name for path in ADAPTERS for name in replaced_names(parsed(path))]
    assert sorted(replaced) == sorted(contract.REPLACED)


def test_no_adapter_sets_a_name_of_ministack_past_the_list() -> None:
    setting = [
        f"{path.name}:{node.lineno}"
        for path in ADAPTERS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
        if node.value.id in dict(modules_of_ministack(parsed(path)))
    ]
    assert setting == []


def test_the_layer_added_last_is_asked_first() -> None:
    layers = interception.Layers(lambda: ["theirs"])
    layers.around(lambda inner: ["first", *inner()])
    layers.around(lambda inner: ["second", *inner()])
    assert layers() == ["second", "first", "theirs"]
