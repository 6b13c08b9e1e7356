"""Which account the suite runs against: the emulator, or with PENSTOCK_LIVE=1 the one of the user's profile."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.aws import quotas
from tests.end_to_end.accounts import Account, Aws, Local
from tests.live.remains import PREFIX, sweep
from tests.live.reporting import Report
from tests.wheel.test_wheel import built, installed, wheel

__all__ = ["built", "installed", "wheel"]
LIVE = os.environ.get("PENSTOCK_LIVE") == "1"


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    if LIVE:
        yield Aws()
        return
    with Emulator(os.environ, mounts=quotas.MOUNT) as running:
        yield Local(running)


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    """What differs from the rehearsal: written down for AWS, an error on this machine, where nothing may differ."""
    report = Report(LIVE)
    yield report
    report.write()


@pytest.fixture
def service(account: Account) -> Iterator[str]:
    """A name that nobody else has; what a test has left is taken away on AWS."""
    name = PREFIX + secrets.token_hex(2)
    yield name
    if LIVE:
        sweep(account, name)
