"""Fixtures of the local CodePipeline's tests."""

from __future__ import annotations

import pytest

from tests.rehearsal.codepipeline.bench import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
