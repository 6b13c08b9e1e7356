# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's CloudFormation: the operations on a stack's resources, each looked at before it happens."""

from __future__ import annotations

import contextlib
import contextvars
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ministack.services.cloudformation import custom_resource, provisioners

from generator.rehearsal.emulator.ministack import context
from generator.rehearsal.emulator.ministack.interception import Intercepted

Properties = Mapping[str, Any]

_provision = Intercepted(
    "ministack.services.cloudformation.provisioners._provision_resource",
    "ministack.services.cloudformation.stacks._provision_resource",
)
_update = Intercepted(
    "ministack.services.cloudformation.provisioners._update_resource",
    "ministack.services.cloudformation.stacks._update_resource",
)
_delete = Intercepted(
    "ministack.services.cloudformation.provisioners._delete_resource",
    "ministack.services.cloudformation.stacks._delete_resource",
)
_delete_predecessor = Intercepted("ministack.services.cloudformation.provisioners._delete_predecessor")
_response_url = Intercepted("ministack.services.cloudformation.custom_resource._response_url")
_resolve_references = Intercepted("ministack.services.cloudformation.stacks._resolve_dynamic_references")


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """A resource about to be made, or changed when there are `old` properties."""

    type: str
    logical_id: str
    properties: Properties
    stack: str
    old: Properties | None = None


@dataclass(frozen=True, slots=True)
class StackResource:
    """A resource an operation is about; the physical id is empty before it is created."""

    type: str
    logical_id: str
    stack: str
    physical_id: str = ""
    properties: Properties = field(default_factory=dict)


class Judge(Protocol):
    """Looks at each operation on a resource before it happens; an exception is the reason why it fails."""

    def create(self, resource: StackResource) -> None:
        """A resource is about to be created."""

    def update(self, old: StackResource, new: StackResource) -> None:
        """A resource is about to be changed, or another made in its place."""

    def delete(self, resource: StackResource) -> None:
        """A resource is about to be deleted."""

    def resolve(self, properties: Any) -> None:
        """The dynamic references in a resource's properties are about to be read."""


_old: contextvars.ContextVar[Properties | None] = contextvars.ContextVar("penstock_old_properties", default=None)
_current: contextvars.ContextVar[StackResource | None] = contextvars.ContextVar("penstock_current", default=None)
_failed_inside: contextvars.ContextVar[list[Exception] | None] = contextvars.ContextVar("penstock_failed", default=None)


def validate_resources(refuse: Callable[[PlannedResource], None], release: Callable[[str, str], None]) -> None:
    """Ask `refuse(planned)` before a resource is made or changed, `release(type, physical id)` before it goes.

    Both raise ValueError with the reason a stack's events give.
    """

    def provision(inner: Any, kind: str, logical_id: str, properties: Any, stack: str) -> Any:
        refuse(PlannedResource(kind, logical_id, properties, stack, _old.get()))
        return inner(kind, logical_id, properties, stack)

    def update(inner: Any, kind: str, physical_id: str, old: Any, new: Any, *more: Any, **named: Any) -> Any:
        if old == new:
            return inner(kind, physical_id, old, new, *more, **named)
        stack, logical_id = [*more, physical_id][:2]
        refuse(PlannedResource(kind, logical_id, new, stack, old))
        with _set(_old, old):
            return inner(kind, physical_id, old, new, *more, **named)

    def delete(inner: Any, kind: str, physical_id: str, *more: Any, **named: Any) -> None:
        release(kind, physical_id)
        inner(kind, physical_id, *more, **named)

    _provision.around(provision)
    _update.around(update)
    _delete.around(delete)


def before_functions(tell: Callable[[Properties], None]) -> None:
    """Tell the properties of each Lambda function that is about to be made."""

    def provision(inner: Any, kind: str, logical_id: str, properties: Any, stack: str) -> Any:
        if kind == "AWS::Lambda::Function":
            tell(properties)
        return inner(kind, logical_id, properties, stack)

    _provision.around(provision)


def name_answers_as_aws_does() -> None:
    """Hand custom resources a ResponseURL of a host of AWS: many send to its port 443, whatever the URL says."""

    def under_a_name_of_aws(inner: Any, token: str) -> str:
        region, path = context.region(), inner(token).partition("://")[2].partition("/")[2]
        host = f"cloudformation-custom-resource-response-{region.replace('-', '')}.s3.{region}.amazonaws.com"
        return f"https://{host}/{path}"

    _response_url.around(under_a_name_of_aws)


def name_buckets_alike() -> None:
    """Let a bucket get the same name in every emulator, so that templates which name it are the same text.

    What is in the name is how often the stack has made this bucket, in the place of a random number.
    """
    times: Counter[tuple[str, str]] = Counter()

    def provision(inner: Any, kind: str, logical_id: str, properties: Any, stack: str) -> Any:
        if kind == "AWS::S3::Bucket" and not provisioners._NAME_SEED.get():
            times[stack, logical_id] += 1
            provisioners._NAME_SEED.set(str(times[stack, logical_id]))
        return inner(kind, logical_id, properties, stack)

    _provision.around(provision)


def fail_custom_resource(response_url: str, reason: str) -> None:
    """Answer for a custom resource that failed, as long as nobody has answered to its URL."""
    token = response_url.rpartition("/")[2]
    waiting = custom_resource._pending.get(token)
    if waiting and not waiting["event"].is_set():
        custom_resource.deliver_response(token, {"Status": "FAILED", "Reason": reason})


def judge_resources(judge: Judge) -> None:
    """Let a judge look at every operation on a resource: of stacks and nested stacks, rollbacks and clean-ups too."""
    judged = _Judged(judge)
    _provision.around(judged.create)
    _update.around(judged.update)
    _delete.around(judged.delete)
    _delete_predecessor.around(judged.delete_predecessor)
    _resolve_references.around(judged.resolve)


class _Judged:
    """The operations on a resource, judged first."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def create(self, inner: Any, kind: str, logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        resource = StackResource(kind, logical_id, stack, properties=properties)
        current = _current.get()
        # An update that replaces its resource comes here too, and has been judged.
        if current is None or (current.stack, current.logical_id) != (stack, logical_id):
            self._judge.create(resource)
        with _set(_current, resource):
            return inner(kind, logical_id, properties, stack)

    def update(  # noqa: PLR0913, PLR0917 - ministack's signature
        self,
        inner: Any,
        kind: str,
        physical_id: str,
        old: dict[str, Any],
        new: dict[str, Any],
        stack: str,
        logical_id: str | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Any:
        before = StackResource(kind, logical_id or physical_id, stack, physical_id, old)
        if old != new:
            self._judge.update(before, StackResource(kind, before.logical_id, stack, physical_id, new))
        with _set(_current, before):
            return inner(kind, physical_id, old, new, stack, logical_id, attributes)

    def delete(
        self,
        inner: Any,
        kind: str,
        physical_id: str,
        properties: dict[str, Any],
        stack_name: str | None = None,
        logical_id: str | None = None,
    ) -> None:
        resource = StackResource(kind, logical_id or physical_id, stack_name or "", physical_id, properties)
        outer, inside = _failed_inside.get(), list[Exception]()
        try:
            self._judge.delete(resource)
            with _set(_current, resource), _set(_failed_inside, inside):
                inner(kind, physical_id, properties, stack_name, logical_id)
        except Exception as failed:
            if outer is not None:
                outer.append(failed)
            raise
        # A nested stack's own loop passes over what fails in it.
        if inside:
            raise inside[0]

    def delete_predecessor(self, inner: Any, delete: Callable[..., None], *arguments: Any, **named: Any) -> None:
        old = _current.get()

        def judged(*deleted: Any, **by_name: Any) -> None:
            if old is not None:
                self._judge.delete(old)
            delete(*deleted, **by_name)

        # Unless it comes through `delete` above, which asks by itself.
        inner(delete if delete is provisioners._delete_resource else judged, *arguments, **named)

    def resolve(self, inner: Any, value: Any, *others: Any, **named: Any) -> Any:
        self._judge.resolve(value)
        return inner(value, *others, **named)


@contextlib.contextmanager
def _set(variable: contextvars.ContextVar[Any], value: Any) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)
