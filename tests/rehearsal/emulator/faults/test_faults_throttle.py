"""A throttled call is refused in its service's words, and botocore gets through with its second attempt."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.faults.kinds import Faults
from generator.rehearsal.emulator.handle import Emulator

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "cloudformation": ("list_stacks", "Throttling", {}),
    "codebuild": ("list_projects", "ThrottlingException", {}),
    "codepipeline": ("list_pipelines", "ThrottlingException", {}),
    "iam": ("list_roles", "Throttling", {}),
    "lambda": ("list_functions", "TooManyRequestsException", {}),
    "logs": ("describe_log_groups", "ThrottlingException", {}),
    "s3": ("list_buckets", "SlowDown", {}),
    "sts": ("get_caller_identity", "Throttling", {}),
}


@pytest.fixture(scope="module")
def throttling() -> Iterator[Emulator]:
    with Emulator(os.environ, faults=Faults(1, ("throttled",))) as running:
        yield running


def client(emulator: Emulator, service: str, attempts: int) -> Any:
    return botocore.session.Session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=emulator.endpoint,
        aws_access_key_id=emulator.credentials.access_key,
        aws_secret_access_key=emulator.credentials.secret_key,
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}),
    )


def times(emulator: Emulator, service: str) -> int:
    return sum(count for _, subject, count in emulator.ledger()["faults"] if subject.startswith(f"{service} "))


@pytest.mark.parametrize("service", sorted(CALLS))
def test_it_is_refused_in_the_service_s_own_words(throttling: Emulator, service: str) -> None:
    operation, code, parameters = CALLS[service]
    impatient = getattr(client(throttling, service, 1), operation)
    before, refused = times(throttling, service), []
    for _ in range(10):
        try:
            impatient(**parameters)
        except ClientError as error:
            refused.append(error.response["Error"]["Code"])
    assert set(refused) <= {code}
    assert len(refused) == times(throttling, service) - before


def test_an_sdk_that_tries_again_gets_through() -> None:
    with Emulator(os.environ, faults=Faults(2, ("throttled",))) as emulator:
        for service, (operation, _, parameters) in CALLS.items():
            patient = getattr(client(emulator, service, 2), operation)
            for _ in range(10):
                patient(**parameters)
        assert sum(times(emulator, service) for service in CALLS) > 3


def test_without_faults_nothing_is_refused(emulator: Emulator) -> None:
    for service, (operation, _, parameters) in CALLS.items():
        getattr(client(emulator, service, 1), operation)(**parameters)
    assert emulator.ledger()["faults"] == []
