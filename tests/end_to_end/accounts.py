"""The AWS accounts that a terminal may have behind it: one on this machine, or the one of the user's profile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import boto3

from generator.rehearsal.emulator.handle import Emulator
from generator.repository.cache.folder import cache_folder
from tests.end_to_end import aws_cli
from tests.rehearsal.codepipeline.emulated_pipeline import until

CLONE = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/"
"""What a page prints as the address of CodeCommit."""
_AUTHOR = {"user.name": "Ada", "user.email": "ada@example.com"}


class Account(Protocol):
    """Where commands go. `patience` is how many seconds one may take, `tools` the programs that are stood in for."""

    patience: float
    tools: Mapping[str, tuple[str, ...]]
    region: str

    def environment(self, folder: Path, service: str) -> dict[str, str]:
        """The variables of a shell in this folder, from which git reaches the repository of this service."""

    def client(self, service: str) -> Any:
        """A boto3 client for what the tests themselves do."""

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition. Raises when it takes too long."""


class Local:
    """The emulator as an account."""

    patience = 900.0  # a machine that has much else to do takes long; whoever waits in vain is shown where
    tools: Mapping[str, tuple[str, ...]] = {"aws": (str(Path(aws_cli.__file__)),)}
    region = "us-east-1"

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def environment(self, folder: Path, service: str) -> dict[str, str]:
        """AWS's address of the repository leads to this machine; what is made once for rehearsals is the user's."""
        repository, cache = str(self.emulator.repository(service)), str(cache_folder(os.environ).parent)
        git = settings(_AUTHOR | {f"url.{repository}.insteadOf": CLONE + service})
        return {
            **self.emulator.environment(),
            **git,
            "AWS_MAX_ATTEMPTS": "2",
            "HOME": str(folder),
            "XDG_CACHE_HOME": cache,
        }

    def client(self, service: str) -> Any:
        return self.emulator.client(service)

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        until(condition, what)


class Aws:
    """The account that AWS_PROFILE and AWS_REGION, or the default profile, lead to."""

    patience = 3600.0
    tools: Mapping[str, tuple[str, ...]] = {}

    def __init__(self) -> None:
        self._session = boto3.session.Session()
        self.region = self._session.region_name or "us-east-1"

    def environment(self, folder: Path, service: str) -> dict[str, str]:
        """The user's own; git asks the AWS CLI for what CodeCommit wants."""
        del folder, service
        helper = {"credential.helper": "!aws codecommit credential-helper $@", "credential.UseHttpPath": "true"}
        return {**os.environ, **settings(_AUTHOR | helper), "AWS_REGION": self.region}

    def client(self, service: str) -> Any:
        return self._session.client(service, region_name=self.region)  # type: ignore[call-overload]  # not a literal

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + self.patience
        while not condition():
            assert time.monotonic() < deadline, f"waiting for {what}"
            time.sleep(5)


def settings(values: Mapping[str, str]) -> dict[str, str]:
    """Git's settings as variables of a shell."""
    pairs = [(f"GIT_CONFIG_KEY_{n}", f"GIT_CONFIG_VALUE_{n}") for n in range(len(values))]
    numbered = zip(pairs, values.items(), strict=True)
    return {"GIT_CONFIG_COUNT": str(len(values))} | {
        name: value for (key, text), setting in numbered for name, value in ((key, setting[0]), (text, setting[1]))
    }
