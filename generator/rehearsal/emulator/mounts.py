"""Puts services written for the seam into the emulator: HTTP on its side, `handle` on theirs."""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol, runtime_checkable

from generator.rehearsal.emulator.ministack import app, context, iam
from generator.rehearsal.emulator.resources import resource_of
from generator.rehearsal.emulator.wire import Reply, answer, model_of, operation_of, parse, refusal, refuse_violations
from generator.rehearsal.service import Caller, Factory, Service, ServiceError

log = logging.getLogger("penstock")

UNKNOWN_OPERATION = "UnknownOperationException"


def factory_named(path: str) -> Factory:
    """The factory a path like `package.module:Name` names."""
    module, _, name = path.partition(":")
    factory: Factory = getattr(import_module(module), name)
    return factory


@runtime_checkable
class NamesResources(Protocol):
    """A service whose requests do not say what they are about."""

    def resource(self, body: bytes) -> str:
        """The last part of the ARN that IAM judges a request on; empty if there is none."""


@runtime_checkable
class OwnsRequests(Protocol):
    """A service some of whose requests belong to where their subject is, whichever account they come from."""

    def owns(self, operation: str, request: Mapping[str, Any], caller: Caller) -> bool:
        """Whether a request of another account is about something of this account and region."""


@dataclass
class Mount:
    """A mounted service: one for each account and region, made by `make(account, region)` when it is first asked.

    Importing it must not delay the emulator's first answer. `home` is the account and region of the rehearsal.
    """

    name: str
    make: Callable[[str, str], Service]
    home: tuple[str, str]
    _services: dict[tuple[str, str], Service] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def service(self) -> Service:
        """The service of the rehearsal's account and region."""
        return self.at(*self.home)

    def at(self, account: str, region: str) -> Service:
        """The service of an account and region."""
        with self._lock:
            if (account, region) not in self._services:
                self._services[account, region] = self.make(account, region)
            return self._services[account, region]

    def close(self) -> None:
        """End what the services started, if they were ever made; a failure to do so must not stop the others."""
        for service in list(self._services.values()):
            with contextlib.suppress(Exception):
                service.close()

    def _handle(self, operation: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        owners = (
            service
            for service in list(self._services.values())
            if isinstance(service, OwnsRequests) and service.owns(operation, request, caller)
        )
        service = next(owners, None) or self.at(caller.account, caller.region)
        return service.handle(operation, request, caller)

    def ask(self, operation: str, request: dict[str, Any], caller: Caller | None = None) -> dict[str, Any]:
        """Ask the service from inside the emulator, in API shape, checked as if it came by HTTP.

        Raises ServiceError.
        """
        refuse_violations(model_of(self.name).operation_model(operation), request)
        asking = caller or Caller(context.account(), context.region())
        return self._handle(operation, request, asking)

    async def answer(
        self, _method: str, path: str, headers: dict[str, str], body: bytes, _query: Mapping[str, Any]
    ) -> app.Answer:
        """Answer one HTTP request."""
        caller = Caller(context.account(), context.region(), iam.caller_arn())
        reply: Reply = await context.on_a_thread(self._reply, path, headers, body, caller)
        return reply.status, reply.headers, reply.body

    def _reply(self, path: str, headers: Mapping[str, str], body: bytes, caller: Caller) -> Reply:
        model = model_of(self.name)
        operation = operation_of(model, path, headers)
        try:
            if operation is None:
                return refusal(model, ServiceError(UNKNOWN_OPERATION, f"unknown operation: {path}"))
            result = self._handle(operation.name, parse(operation, body), caller)
            return answer(operation, result)
        except ServiceError as error:
            return refusal(model, error)
        except Exception:
            log.exception("%s failed to answer %s", self.name, headers.get("x-amz-target") or path)
            message = "The service failed; the emulator's log says why."
            return Reply(500, {"Content-Type": "application/json"}, _internal_failure(message))


def _internal_failure(message: str) -> bytes:
    return f'{{"__type": "InternalFailure", "message": "{message}"}}'.encode()


def mount_all(mounts: Mapping[str, Mount]) -> None:
    """Put every mount into the emulator, IAM judging each call on the resource it names."""
    for name, mount in mounts.items():
        app.mount(name, model_of(name).metadata.get("targetPrefix", ""), mount.answer)
    iam.name_resources(functools.partial(_resource, mounts))


def _resource(
    mounts: Mapping[str, Mount], service: str, headers: Mapping[str, str], body: bytes, region: str, account: str
) -> str | None:
    """What a call is about: what the request names, or what only the service itself can tell from it."""
    mount = mounts.get(service)
    asked = mount.at(account, region) if mount else None
    named = asked.resource(body) if isinstance(asked, NamesResources) else ""
    arn = f"arn:aws:{service}:{region}:{account}:{named}"
    return arn if named else resource_of(service, headers, body, region, account)
