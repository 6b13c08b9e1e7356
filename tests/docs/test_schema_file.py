"""The schema that ships with Penstock is the one it prints, and the one editors are told of."""

from __future__ import annotations

import json

import pytest

from generator.cli.main import run
from generator.init.first_pipeline_file import SHIPPED_SCHEMA
from tests.conftest import Golden


def test_the_shipped_schema_is_what_the_command_prints(golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    golden(SHIPPED_SCHEMA, capsys.readouterr().out)


def test_the_shipped_schema_is_a_schema() -> None:
    schema = json.loads(SHIPPED_SCHEMA.read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["service", "source"]
