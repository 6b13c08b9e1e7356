"""What all tests share: goldens with the flag that writes them anew, and how property tests run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run and on every machine: what is red here is red everywhere.
settings.register_profile("steady", derandomize=True, database=None, deadline=None)
# pytest --hypothesis-profile=thorough: many more, and others each time.
settings.register_profile("thorough", max_examples=3000, deadline=None)
settings.load_profile("steady")

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the goldens anew instead of comparing with them")


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with a file, byte for byte; with --rewrite the file becomes the text."""
    rewrite = request.config.getoption("--rewrite")

    def compare(path: Path, actual: str) -> None:
        if rewrite:
            path.write_text(actual, encoding="utf-8", newline="")
        assert path.exists(), f"{path} is not there: look at what --rewrite makes of it"
        assert actual == path.read_bytes().decode()

    return compare
