"""The door to AWS: who asks, in which region, and the clients that ask, with time at its seams."""

from __future__ import annotations

import datetime as dt
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.aws.refusals import ATTEMPTS, refusals
from generator.errors import AwsRefusedError, Problem

if TYPE_CHECKING:
    import boto3

__all__ = ["Client", "Door", "Settings", "refusals"]

Client = Any  # botocore makes its clients' methods at run time, so no type names them


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user said beyond the environment: a profile, a region, an endpoint; empty: as the aws CLI finds them.

    https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html
    """

    profile: str = ""
    region: str = ""
    endpoint: str = ""


@functools.cache
def _models() -> Any:
    """What reads the models of services: they are large, and the same for every profile."""
    from botocore.loaders import create_loader  # noqa: PLC0415 - only who goes to AWS pays for it

    return create_loader()


def _session(settings: Settings) -> boto3.Session:
    import boto3  # noqa: PLC0415 - as above
    import botocore.session  # noqa: PLC0415 - as above

    own = botocore.session.Session(profile=settings.profile or None)
    own.register_component("data_loader", _models())
    return boto3.Session(region_name=settings.region or None, botocore_session=own)


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)


class Door:
    """AWS as one identity in one region. Nothing is asked, imported or read before the first use.

    `session` makes the boto3 session, `sleep` takes seconds, `clock` gives an aware time. Methods raise botocore's
    errors, which `refusals` puts into words.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        session: Callable[[Settings], boto3.Session] = _session,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], dt.datetime] = _now,
    ) -> None:
        self.settings = settings or Settings()
        self.sleep = sleep
        self.clock = clock
        self._connect = session
        self._clients: dict[str, Client] = {}

    def of_profile(self, profile: str) -> Door:
        """The door of another profile in the same region, to another account."""
        settings = Settings(profile, self.region, self.settings.endpoint)
        return Door(settings, session=self._connect, sleep=self.sleep, clock=self.clock)

    @functools.cached_property
    def _session(self) -> boto3.Session:
        return self._connect(self.settings)

    def client(self, service: str) -> Client:
        """The boto3 client of a service ("cloudformation"), which retries what is worth it; always the same one."""
        if service not in self._clients:
            self._clients[service] = self._new_client(service)
        return self._clients[service]

    def _new_client(self, service: str) -> Client:
        from botocore.config import Config  # noqa: PLC0415 - as boto3 above

        variable = self._session._session.get_config_variable  # noqa: SLF001 - boto3 has no name for it
        # AWS_MAX_ATTEMPTS keeps its meaning; standard retries also wait out throttling.
        attempts = int(variable("max_attempts") or ATTEMPTS)
        return self._session.client(  # type: ignore[call-overload]  # the overloads know names, not strings
            service,
            endpoint_url=self.settings.endpoint or None,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": attempts}, connect_timeout=10, read_timeout=60
            ),
        )

    @property
    def region(self) -> str:
        """The region's name. Raises AwsRefusedError when none is set anywhere."""
        region = self._session.region_name
        if not region:
            message = "no AWS region is set"
            raise AwsRefusedError(str(Problem(message, hint="name it: --region eu-west-1, or set AWS_REGION")))
        return region

    @property
    def partition(self) -> str:
        """The region's partition: aws, aws-cn, aws-us-gov."""
        return self._session.get_partition_for_region(self.region)

    @functools.cache  # noqa: B019 - a command has one door, which ends with it
    def account(self) -> str:
        """The twelve digits of the account that asks."""
        return str(self.client("sts").get_caller_identity()["Account"])
