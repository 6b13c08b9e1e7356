"""What somebody who reviews the template and has not written it may rely on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from generator.compiler.pipeline import compile_file
from generator.render.template_text import to_yaml
from generator.repository import assets
from generator.repository.files import Repository
from tests.properties.templates import load

_STARTER = assets.folder("blueprints") / "time-service-python"
# What denies may be wide, and a key's policy leaves it to the account's own who may use it.
_WIDE_ON_PURPOSE = {"AccountDecides"}


@pytest.fixture(scope="module", params=["", "encryption: kms\nnotifications: {email: [team@example.com]}\n"])
def text(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("starter")
    shutil.copytree(_STARTER, folder, dirs_exist_ok=True)
    file = folder / "pipeline.yaml"
    file.write_text(file.read_text() + request.param)
    return to_yaml(compile_file(file, "pipeline.yaml", Repository(folder)).pipeline, "pipeline.yaml", "0")


@pytest.fixture(scope="module")
def resources(text: str) -> dict[str, Any]:
    listed: dict[str, Any] = load(text)["Resources"]
    return listed


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every statement of every policy, wherever it stands."""
    if isinstance(value, dict):
        yield from (
            statement for statement in value.get("Statement", ()) if "Principal" not in statement or "Sid" in statement
        )
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from statements(inner)


def several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_what_is_allowed_is_named_and_never_a_pattern(resources: dict[str, Any]) -> None:
    allowed = [
        statement
        for statement in statements(resources)
        if statement["Effect"] == "Allow" and statement["Sid"] not in _WIDE_ON_PURPOSE
    ]
    assert len(allowed) > 40
    assert [action for statement in allowed for action in several(statement["Action"]) if "*" in action] == []


def test_every_statement_says_what_it_is_for(resources: dict[str, Any]) -> None:
    assert all(re.fullmatch("[A-Za-z0-9]+", statement["Sid"]) for statement in statements(resources))


def test_an_arn_is_whole_in_one_place(resources: dict[str, Any]) -> None:
    written = str([statement["Resource"] for statement in statements(resources)])
    assert "Fn::Split" not in written
    assert "Fn::Join" not in written


def test_every_resource_has_a_comment_above_it(text: str, resources: dict[str, Any]) -> None:
    lines = text.splitlines()
    bare = [name for name in resources if not lines[lines.index(f"  {name}:") - 1].startswith("  # ")]
    assert bare == []


def test_every_right_to_all_resources_has_a_reason_above_it(text: str) -> None:
    lines = text.splitlines()
    sids = [number for number, line in enumerate(lines) if re.match(" +- Sid: ", line)]
    for start, end in zip(sids, [*sids[1:], len(lines)], strict=True):
        statement = "\n".join(lines[start:end])
        if "Effect: Allow" in statement and "Resource: '*'" in statement and "Principal:" not in statement:
            assert lines[start - 1].lstrip().startswith("# "), lines[start]


def test_levels_are_two_spaces_deep_and_nothing_is_in_flow_style_but_the_arguments_of_a_function(text: str) -> None:
    outside = re.sub(r"^( *)(?:- )?[\w:]+: (?:!Sub )?[|>][-+]?\n(?:(?:\1 +.*)?\n)*", "", text, flags=re.MULTILINE)
    lines = [line for line in outside.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert {(len(line) - len(line.lstrip())) % 2 for line in lines} == {0}
    assert [line for line in lines if re.search(r"(: |- )[\[{]", line) and "!" not in line] == []
