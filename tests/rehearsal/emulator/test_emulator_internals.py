"""The contract with ministack's insides: every name we use is what we take it for."""

from __future__ import annotations

import ast
from importlib import metadata
from pathlib import Path

import pytest

from generator.rehearsal.emulator import contract, internals

ROOM = Path(internals.__file__).parent
ADAPTERS = (
    "fault_internals.py",
    "formation_internals.py",
    "iam_internals.py",
    "internals.py",
    "mail_internals.py",
    "service_internals.py",
    "stack_internals.py",
    "standing_internals.py",
    "template_internals.py",
)


@pytest.mark.parametrize(("name", "shape"), sorted(contract.EXPECTED.items()))
def test_a_name_of_ministack_is_as_expected(name: str, shape: str) -> None:
    assert contract.moved({name: shape}) == []


def test_a_name_that_moved_is_said_with_what_it_is_now() -> None:
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
    assert metadata.version("ministack") == contract.VERSION


@pytest.mark.parametrize("file", ADAPTERS)
def test_every_private_name_that_is_used_is_in_the_contract(file: str) -> None:
    tree = ast.parse((ROOM / file).read_text())
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("ministack")]
    named = {alias.asname or alias.name for node in imports for alias in node.names}
    # What is imported by its own private name is no module, but for the application's.
    modules = {name for name in named if not name.startswith("_") or name == "_app"}
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules
    }
    used |= named - modules
    assert used - {name.rpartition(".")[2] for name in contract.EXPECTED} == set()


def test_no_other_file_of_the_room_names_ministack() -> None:
    naming = [
        path.name
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if "ministack" in (getattr(node, "module", None) or "")
        or any("ministack" in alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias))
    ]
    assert set(naming) == set(ADAPTERS)
