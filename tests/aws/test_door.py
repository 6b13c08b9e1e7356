"""The door to AWS, with what it opens on this machine and what it reads of its settings."""

from __future__ import annotations

import subprocess
import sys

import boto3
import pytest

from generator.aws.door import Door, Settings
from generator.errors import AwsRefusedError
from tests.aws.local import Cloud, door_to


def without_region(_settings: Settings) -> boto3.Session:
    session = boto3.Session("key", "secret")
    session._session.set_config_variable("region", None)
    return session


def test_it_knows_account_region_and_partition(cloud: Cloud) -> None:
    assert cloud.door.account() == "123456789012"
    assert (cloud.door.region, cloud.door.partition) == ("us-east-1", "aws")


def test_the_partition_is_the_region_s() -> None:
    assert door_to("http://127.0.0.1:9", region="cn-north-1").partition == "aws-cn"


def test_a_client_is_made_once_and_retries() -> None:
    door = door_to("http://127.0.0.1:9")
    client = door.client("cloudformation")
    assert client is door.client("cloudformation")
    assert client.meta.config.retries == {"mode": "standard", "total_max_attempts": 5}


def test_no_region_is_said_with_advice() -> None:
    with pytest.raises(AwsRefusedError, match="--region"):
        _ = Door(Settings(), session=without_region).region


def test_making_one_asks_and_imports_nothing() -> None:
    code = "import sys; from generator.aws.door import Door; Door(); sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
