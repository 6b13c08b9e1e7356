"""Each rule of the house, shown a small source that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.rules import Module

PAGE = """
| room | meaning | may import | outside libraries |
|---|---|---|---|
| `generator` | the version | - | - |
| `model` | values | - | - |
| `render` | template | `model` | `troposphere` |
| `rehearsal` | machine | - | - |
| `rehearsal/emulator` | emulator | - | `ministack` |
| `cli` | commands | every room | `click` |

| module | process |
|---|---|
| `generator/rehearsal/emulator/server.py` | the emulator |
"""
ROOMS = rules.rooms(PAGE)


def module(path: str, text: str) -> Module:
    return Module(path, text)


@pytest.mark.parametrize(
    "text",
    [
        "import generator.render.template",
        "from generator.render import template",
        "from generator import render",
        "from .render import template",
        "def late():\n    from generator.render import template",
        "if TYPE_CHECKING:\n    from generator.render import template",
        "import_module('generator.render.template')",
    ],
)
def test_an_import_against_the_direction_is_found(text: str) -> None:
    there = (module("generator/render/__init__.py", ""), module("generator/render/template.py", ""))
    offences = [*rules.outside_layers((module("generator/model.py", text), *there), ROOMS)]
    assert offences == ["generator/model.py: model may not import render"]


def test_an_import_in_the_direction_is_fine() -> None:
    there = (module("generator/model.py", ""), module("generator/render/paper.py", ""))
    text = "from generator.model import Pipeline\nfrom generator.render import paper\nimport json"
    assert [*rules.outside_layers((module("generator/render/template.py", text), *there), ROOMS)] == []


def test_the_command_line_may_import_every_room() -> None:
    text = "from generator.model import Pipeline\nfrom generator import __version__"
    assert [*rules.outside_layers([module("generator/cli/check.py", text)], ROOMS)] == []


def test_an_inner_room_is_not_the_room_around_it() -> None:
    inner = module("generator/rehearsal/emulator/server.py", "import ministack")
    outer = module("generator/rehearsal/session.py", "import ministack\nimport generator.rehearsal.emulator.server")
    assert [*rules.outside_libraries((inner, outer), ROOMS)] == [
        "generator/rehearsal/session.py: rehearsal may not import ministack"
    ]
    assert [*rules.outside_layers((inner, outer), ROOMS)] == [
        "generator/rehearsal/session.py: rehearsal may not import rehearsal/emulator"
    ]


def test_a_module_without_a_room_is_found() -> None:
    assert [*rules.outside_layers([module("generator/attic/box.py", "")], ROOMS)] == [
        "generator/attic/box.py belongs to no room"
    ]


@pytest.mark.parametrize("text", ["import troposphere.s3", "def late():\n    from troposphere import s3"])
def test_a_library_behind_the_wrong_door_is_found(text: str) -> None:
    assert [*rules.outside_libraries([module("generator/model.py", text)], ROOMS)] == [
        "generator/model.py: model may not import troposphere"
    ]


def test_a_permission_that_nobody_uses_is_found() -> None:
    offences = [*rules.without_use([module("generator/render/template.py", "import troposphere")], ROOMS)]
    assert "render does not use model" in offences
    assert "no module belongs to cli" in offences
    assert "render does not use troposphere" not in offences


def test_a_circle_of_imports_is_found() -> None:
    circle = (
        module("generator/a.py", "def late():\n    import generator.b"),
        module("generator/b.py", "from generator import c"),
        module("generator/c.py", "from generator.a import thing"),
    )
    (cycle,) = rules.cycles(circle)
    assert {"generator.a", "generator.b", "generator.c"} == set(cycle.split(" -> "))


@pytest.mark.parametrize(
    "text",
    [
        "print('x')",
        "exit(1)",
        "import sys\nsys.exit(1)",
        "from sys import exit",
        "import os\nos.environ['HOME']",
        "import os\nos.getenv('HOME')",
        "from os import environ",
    ],
)
def test_a_room_that_speaks_is_found(text: str) -> None:
    assert [*rules.speaking([module("generator/model.py", text)], rules.processes(PAGE))]
    assert not [*rules.speaking([module("generator/cli/check.py", text)], rules.processes(PAGE))]
    assert not [*rules.speaking([module("generator/rehearsal/emulator/server.py", text)], rules.processes(PAGE))]


def test_a_package_with_too_many_entries_is_found(tmp_path: Path) -> None:
    for name in ("__pycache__", "model", "render"):
        (tmp_path / "generator" / name).mkdir(parents=True)
    assert [*rules.crowded(tmp_path / "generator", 2)] == []
    assert [*rules.crowded(tmp_path / "generator", 1)] == ["generator/ has 2 entries, at most 1: model, render"]


def test_leave_to_speak_that_is_not_needed_is_found() -> None:
    quiet = module("generator/rehearsal/emulator/server.py", "import os\nos.devnull")
    assert [*rules.silent([quiet], rules.processes(PAGE))] == ["generator/rehearsal/emulator/server.py"]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.vague_names, "generator/utils.py", ""),
        (rules.vague_names, "generator/common/paths.py", ""),
        (rules.without_docstring, "generator/model.py", "x = 1"),
        (rules.long_functions, "generator/model.py", "def f():\n" + "    x = 1\n" * rules.LONGEST_FUNCTION),
        (rules.long_functions, "generator/model.py", "async def f():\n" + "    x = 1\n" * rules.LONGEST_FUNCTION),
        (rules.long_files, "generator/model.py", "x = 1\n" * (rules.LONGEST_FILE + 1)),
        (rules.stand_ins, "generator/model.py", "found = 1"),
        (rules.stand_ins, "generator/model.py", "def f(*, wanted): ..."),
        (rules.stand_ins, "generator/model.py", "def _told(): ..."),
        (rules.stand_ins, "tests/test_model.py", "_KNOWN = ()"),
        (rules.stand_ins, "tests/test_model.py", "class Told: ..."),
        (rules.stand_ins, "generator/model.py", "names = [one for one in roles]"),
        (rules.stand_ins, "generator/model.py", "class Role:\n    made: str"),
        (rules.stand_ins, "generator/model.py", "role.known = True"),
        (rules.patches, "tests/test_x.py", "from unittest.mock import patch"),
        (rules.patches, "tests/test_x.py", "from unittest import mock\nmock.patch.object(a, 'b')"),
        (rules.patches, "tests/test_x.py", "import unittest.mock\nunittest.mock.patch('a.b')"),
        (rules.patches, "tests/test_x.py", "from generator import lint\nmonkeypatch.setattr(lint, 'b', 1)"),
        (rules.patches, "tests/test_x.py", "import generator.lint\nmonkeypatch.delattr(generator.lint, 'b')"),
        (rules.patches, "tests/test_x.py", "monkeypatch.setattr('generator.lint.lint', 1)"),
        (rules.imports_of_ours, "test_runner_lambda/start_tests.py", "from generator import model"),
        (rules.imports_of_ours, "test_runner_lambda/start_tests.py", "import requests"),
    ],
)
def test_each_other_rule_can_fail(rule: Callable[[Iterable[Module]], Iterator[str]], path: str, text: str) -> None:
    assert len([*rule([module(path, text)])]) == 1


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.vague_names, "generator/database.py", ""),
        (rules.without_docstring, "generator/model.py", '"""What a pipeline is."""'),
        (rules.long_functions, "generator/model.py", "def f():\n" + "    x = 1\n" * (rules.LONGEST_FUNCTION - 1)),
        (rules.long_files, "generator/model.py", "x = 1\n" * rules.LONGEST_FILE),
        (rules.stand_ins, "generator/model.py", "role = answer.found"),
        (rules.stand_ins, "tests/test_model.py", "from hypothesis import given"),
        (rules.patches, "tests/test_x.py", "monkeypatch.setenv('A', 'b')"),
        (rules.patches, "tests/test_x.py", "import socket\nmonkeypatch.setattr(socket.socket, 'connect', refuse)"),
        (rules.imports_of_ours, "test_runner_lambda/start_tests.py", "import json\nimport boto3"),
    ],
)
def test_each_other_rule_can_pass(rule: Callable[[Iterable[Module]], Iterator[str]], path: str, text: str) -> None:
    assert [*rule([module(path, text)])] == []
