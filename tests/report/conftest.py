"""What the tests of costs share: pipelines of a few words, and the prices that ship with Penstock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.compiler.pipeline import compile_file
from generator.model.pipeline import Pipeline
from generator.report.prices import SHIPPED, PriceList, read
from generator.repository import assets
from generator.repository.files import Repository

Pipelines = Callable[..., Pipeline]


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipelines:
    """The pipeline of a file that says no more than this beside service and source."""

    def make(text: str = "") -> Pipeline:
        file = tmp_path / "pipeline.yaml"
        file.write_text(f"service: clock\nsource:\n  codecommit: {{repository: clock}}\n{text}", encoding="utf-8")
        repository = Repository(assets.folder("blueprints") / "time-service-python")
        return compile_file(file, "pipeline.yaml", repository).pipeline

    return make


@pytest.fixture(scope="session")
def prices() -> PriceList:
    return read(SHIPPED, "prices.json")
