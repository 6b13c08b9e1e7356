"""The seam of the local AWS services: what they are asked, by whom, how they refuse, what surrounds them."""

from __future__ import annotations

import functools
import gc
import gzip
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import botocore.session
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from botocore.loaders import JSONFileLoader, Loader

from generator.rehearsal import waits
from generator.rehearsal.assumptions import AS_THEY_ARE, Chosen
from generator.rehearsal.iam.question import Answer, Question

Client = Any  # botocore makes its clients' methods at run time, so no type names them


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a 12-digit account, a region, the ARN of the user or role session (None: the root)."""

    account: str
    region: str
    arn: str | None = None


class ServiceError(Exception):
    """A refusal in AWS's words: `code` is an error the service's model names, `message` AWS's text.

    `fields` are the other members of the error's shape, if it has any.
    """

    def __init__(self, code: str, message: str, **fields: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = fields


class Service(Protocol):
    """One AWS service, without its wire format.

    Requests and answers have the shape boto3 takes and gives: member names as in the service's model,
    timestamps as aware `datetime`s, blobs as `bytes`. Members the caller left out are absent. The types,
    lengths, patterns and enums that the model states were checked before `handle` is called. It may be
    called from several threads at once.
    """

    def handle(self, operation: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Answer one operation ("StartBuild"), or raise `ServiceError`."""

    def close(self) -> None:
        """End every thread and process this service started; called once, while the emulator answers."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys of a session, or root keys when there is no `token`."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    def environment(self) -> dict[str, str]:
        """The variables every AWS SDK reads its keys from."""
        keys = {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}
        return keys | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


class Neighbour(Protocol):
    """Finds another mounted service: the one of the same account and region unless another `at` is named."""

    def __call__(self, name: str, at: tuple[str, str] = ..., /) -> Service:
        """The service; raises LookupError when it is not mounted."""


def _no_neighbour(name: str, _at: tuple[str, str] = ("", ""), /) -> Service:
    raise LookupError(f"{name} is not mounted here")


def _to_nobody(_event: Mapping[str, Any]) -> None:
    """Nobody follows what happens."""


class Privileges(Protocol):
    """What AWS's services can do among themselves and no caller can ask for."""

    def session(self, role: str, principal: str, session_name: str, conditions: Mapping[str, str]) -> Credentials:
        """Keys of a session of a role for a service principal; PermissionError when its trust refuses."""

    def put_event(self, entry: Mapping[str, Any], account: str, region: str) -> None:
        """Put an event whose source is an AWS service on the default bus."""

    def may(self, question: Question) -> Answer:
        """What IAM says to a call that a service makes behind another; it is kept in the ledger."""


MOST_CLIENTS = 48
"""How many clients a service keeps: each execution has its own session, and a client holds memory and connections."""


@dataclass(frozen=True)
class Surroundings:
    """What a mounted service may use: the other services, a folder of its own, the variables of children.

    `endpoint` is the plain http URL of every AWS API, `ca_file` the certificate that signs the real host
    names. `variables` is the whole environment of a child program but for its keys: with it boto3, the aws
    CLI, Python and Node reach the emulator by endpoint and by `*.amazonaws.com` names alike. `principal` is
    the service principal this service acts as ("codepipeline.amazonaws.com"), `root` the keys with which it may do
    everything, `push_token` what a repository's hook tells of a push with. Without `privileges` roles are
    assumed through STS and events put through PutEvents, as any caller would. `neighbour` finds another mounted
    service in this process; `publish` tells who started the emulator of an event; `assumptions` says which of the
    named assumptions about AWS the user flipped, `stubs` how actions of a provider end without being run.
    """

    endpoint: str
    ca_file: Path
    folder: Path
    account: str
    region: str
    principal: str
    root: Credentials
    push_token: str = field(default="", repr=False)
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    privileges: Privileges | None = None
    neighbour: Neighbour = _no_neighbour
    publish: Callable[[Mapping[str, Any]], None] = _to_nobody
    assumptions: Chosen = field(default_factory=lambda: AS_THEY_ARE)
    stubs: Mapping[str, str] = field(default_factory=dict)
    _clients: dict[tuple[str, ...], Client] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def beside(self, service: str) -> Surroundings:
        """The same surroundings, in the folder of another mounted service."""
        return replace(self, folder=self.folder.with_name(service), _clients={}, _lock=threading.RLock())

    def credentials(
        self, role: str | None = None, *, session_name: str = "rehearsal", source_arn: str = ""
    ) -> Credentials:
        """Root keys, or those of a new session of the role with this ARN.

        The role must trust `principal`; `source_arn` is the resource on whose behalf the service acts, for trust
        policies that ask for aws:SourceArn. Raises ServiceError (AccessDenied) when it does not, or is not there.
        """
        if role is None:
            return self.root
        if self.privileges is None:
            keys = self.client("sts").assume_role(RoleArn=role, RoleSessionName=session_name)["Credentials"]
            return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        conditions = {"aws:SourceAccount": self.account} | ({"aws:SourceArn": source_arn} if source_arn else {})
        try:
            return self.privileges.session(role, self.principal, session_name, conditions)
        except PermissionError as refused:
            raise ServiceError("AccessDenied", str(refused)) from refused

    def client(
        self,
        service: str,
        *,
        role: str | None = None,
        region: str | None = None,
        session_name: str = "rehearsal",
        source_arn: str = "",
    ) -> Client:
        """A botocore client of the emulator's `service`; with `role`, IAM judges its calls as that role's.

        The latest clients are kept and shared: asking again costs nothing. Raises what `credentials` raises.
        """
        key = (service, role or "", region or self.region, session_name, source_arn)
        with self._lock:
            client = self._clients.pop(key, None)
            if client is None:
                keys = self.credentials(role, session_name=session_name, source_arn=source_arn)
                client = connect(service, self.endpoint, keys, region or self.region)
            # The one asked for last stands last.
            self._clients[key] = client
            if len(self._clients) > MOST_CLIENTS:
                self._let_go()
            return client

    def connected(self, service: str, credentials: Credentials, region: str) -> Client:
        """A client of its own with these keys, of any account."""
        return connect(service, self.endpoint, credentials, region)

    def _let_go(self) -> None:
        """Forget the older half. They are not closed, since somebody may be at work with one, but collected."""
        for key in list(self._clients)[: MOST_CLIENTS // 2]:
            del self._clients[key]
        # A client is a web of cycles, and the collector by itself comes too seldom for its open connections.
        gc.collect()

    def may(self, role: str, action: str, resource: str, **more: Any) -> Answer:
        """What IAM says when this service does something as a role, or as itself when the principal is its name.

        `more` are the question's `context` and `behind`. Where nobody judges, everything is allowed.
        """
        question = Question(role, action, resource, **more)
        return Answer(allowed=True) if self.privileges is None else self.privileges.may(question)

    def environment(self, credentials: Credentials, *, region: str | None = None) -> dict[str, str]:
        """The whole environment of a child program that works against the emulator with these keys."""
        place = region or self.region
        return {
            **self.variables,
            **credentials.environment(),
            "AWS_REGION": place,
            "AWS_DEFAULT_REGION": place,
        }

    def emit(self, source: str, detail_type: str, detail: Mapping[str, Any], resources: Sequence[str] = ()) -> None:
        """Put one event of an AWS service (source "aws.codepipeline") on the default event bus."""
        entry = {
            "Source": source,
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
            "Resources": list(resources),
        }
        if self.privileges is None:
            self.client("events").put_events(Entries=[entry])
        else:
            self.privileges.put_event(entry, self.account, self.region)


Factory = Callable[[Surroundings], Service]
"""How a service is mounted: called once, in the emulator's process, before it answers anything."""


def connect(service: str, endpoint: str, credentials: Credentials, region: str) -> Client:
    """A botocore client of `endpoint` with these keys, blind to the machine's own AWS configuration."""
    # One session, since it keeps the models it has read; but it makes one client at a time.
    with _making:
        return _session().create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.token,
            config=_CONFIG,
        )


_making = threading.Lock()
_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 2},
    s3={"addressing_style": "path"},
    connect_timeout=5,
    read_timeout=waits.CALL.seconds,
    proxies={},
    max_pool_connections=20,
)


@functools.cache
def service_data(service: str) -> dict[str, Any]:
    """What botocore knows of a service ("codepipeline"), read once; empty for a service that it does not know."""
    try:
        with _making:
            data: dict[str, Any] = _session().get_service_data(service)
    except UnknownServiceError:
        return {}
    return data


@functools.cache
def _session() -> botocore.session.Session:
    nowhere = (None, None, os.devnull, None)
    session = botocore.session.Session(
        session_vars={
            "config_file": nowhere,
            "credentials_file": nowhere,
            "profile": (None, None, None, None),
            "ca_bundle": (None, None, None, None),
        }
    )
    session.register_component("data_loader", Loader(file_loader=_Models()))
    return session


class _Models(JSONFileLoader):
    """botocore's files as plain dictionaries, which keep their order as well and take half the time to read."""

    def load_file(self, file_path: str) -> Any:
        """A file by its path without an ending; None when there is none."""
        for ending, opened in ((".json", open), (".json.gz", gzip.open)):
            if Path(f"{file_path}{ending}").is_file():
                with opened(f"{file_path}{ending}", "rb") as file:
                    return json.loads(file.read())
        return None
