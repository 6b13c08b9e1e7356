"""AWS on this machine for tests: an emulator, the door to it, and `penstock` run against it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.loaders
import botocore.session
import click

from generator.aws.door import Door, Settings
from generator.cli.main import run
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Credentials
from tests.cli.command_line import APPLICATION, Ran, penstock

# What the models of services say, read once for all doors.
_MODELS = botocore.loaders.create_loader()
NOBODYS = Credentials("AKIANOBODYSKEY", "nobody")
"""Keys for a door behind which a stub answers, or nobody."""
FEW_ATTEMPTS = "2"
"""As AWS_MAX_ATTEMPTS: retries wait, and a test that provokes a refusal need not."""


@dataclass(frozen=True)
class Cloud:
    """An account of its own on this machine."""

    emulator: Emulator

    @property
    def door(self) -> Door:
        """The door to it, which looks at nothing of the machine's AWS configuration."""
        return door_to(self.emulator.endpoint, self.emulator.credentials)

    def client(self, service: str) -> Any:
        """A client with the account's root keys."""
        return self.emulator.client(service)

    def penstock(self, *arguments: str | Path, cwd: Path, stdin: str = "") -> Ran:
        """Run `penstock` in a folder; its stdin is no terminal."""
        environment = {**self.emulator.environment(), "AWS_MAX_ATTEMPTS": FEW_ATTEMPTS}
        return penstock(*arguments, cwd=cwd, environ=environment, stdin=stdin)

    def uploaded(self, template: str) -> str:
        """The address of a template for CloudFormation: ours are too large to be sent along."""
        s3 = self.client("s3")
        bucket, key = f"templates-{self.emulator.settings.account}", hashlib.sha256(template.encode()).hexdigest()
        with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=template.encode())
        return f"https://s3.us-east-1.amazonaws.com/{bucket}/{key}"


@contextmanager
def cloud() -> Iterator[Cloud]:
    """An empty account, gone afterwards with all that is in it."""
    with Emulator(os.environ) as emulator:
        yield Cloud(emulator)


def _never(_seconds: float) -> None:
    """Sleep not at all."""


def door_to(
    endpoint: str,
    keys: Credentials = NOBODYS,
    region: str = "us-east-1",
    *,
    sleep: Callable[[float], None] = _never,
) -> Door:
    """A door to an endpoint with these keys; it never waits, unless `sleep` does."""

    def session(settings: Settings) -> boto3.Session:
        own = botocore.session.Session()
        own.register_component("data_loader", _MODELS)
        return boto3.Session(keys.access_key, keys.secret_key, region_name=settings.region, botocore_session=own)

    return Door(Settings(region=region, endpoint=endpoint), session=session, sleep=sleep)


def repository(folder: Path, pipeline: str = "") -> Path:
    """A git repository with the sample application and its first commit; `pipeline` replaces its pipeline file."""
    root = folder / "time-service"
    shutil.copytree(APPLICATION, root)
    file = root / "pipeline.yaml"
    file.write_text(pipeline or "service: time-service\nsource:\n  codecommit: {repository: time-service}\n")
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), (*identity, "commit", "-qm", "First")):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def through(door: Door, command: click.Command, *arguments: str | Path) -> int:
    """The exit code of a command of ours that goes through a door a test has opened, in this process."""

    @click.group(context_settings={"obj": door})
    def at() -> None:
        """Only there to hand the door on."""

    at.add_command(command, "it")
    return run(["it", *map(str, arguments)], at)
