"""Fixtures of the local CodePipeline's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rehearsal.codepipeline.action_runner import ActionRunner
from tests.rehearsal.codepipeline.formation import Formation
from tests.rehearsal.codepipeline.pipeline_api import PipelineApi


@pytest.fixture
def api() -> PipelineApi:
    return PipelineApi()


@pytest.fixture
def runner(tmp_path: Path) -> ActionRunner:
    return ActionRunner(tmp_path)


@pytest.fixture
def formation(runner: ActionRunner) -> Formation:
    return Formation(runner)
