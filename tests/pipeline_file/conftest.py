"""A JSON Schema shaped like the pipeline file's, with every note that messages use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((_HERE / "schema.json").read_text(encoding="utf-8"))
    return loaded
