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


@dataclass
class Mount:
    """One mounted service, made when it is first asked: importing it must not delay the emulator's first answer."""

    name: str
    make: Callable[[], Service]
    _service: Service | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def service(self) -> Service:
        """The service itself."""
        with self._lock:
            if self._service is None:
                self._service = self.make()
            return self._service

    def close(self) -> None:
        """End what the service started, if it was ever made; a failure to do so must not stop the others."""
        if self._service is not None:
            with contextlib.suppress(Exception):
                self._service.close()

    def ask(self, operation: str, request: dict[str, Any], caller: Caller | None = None) -> dict[str, Any]:
        """Ask the service from inside the emulator, in API shape, checked as if it came by HTTP.

        Raises ServiceError.
        """
        refuse_violations(model_of(self.name).operation_model(operation), request)
        asking = caller or Caller(context.account(), context.region())
        return self.service.handle(operation, request, asking)

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
            result = self.service.handle(operation.name, parse(operation, body), caller)
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
    mounts: Mapping[str, Mount], service: str, headers: Mapping[str, str], body: bytes, *place: str
) -> str | None:
    """What a call is about: what the request names, or what only the service itself can tell from it."""
    mount = mounts.get(service)
    named = mount.service.resource(body) if mount and isinstance(mount.service, NamesResources) else ""
    return f"arn:aws:{service}:{':'.join(place)}:{named}" if named else resource_of(service, headers, body, *place)
