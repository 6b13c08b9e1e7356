"""What the tests of the door to AWS share: an account on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.aws import local
from tests.aws.local import Cloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """One account for all tests, which use services of different names in it."""
    with local.cloud() as opened:
        yield opened
