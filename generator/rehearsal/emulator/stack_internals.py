# ruff: noqa: SLF001 - beside `internals` the only file that touches private names of ministack's
"""Where ministack's CloudFormation acts for somebody: its operations, resources and replacements, asked about first."""

from __future__ import annotations

import contextlib
import contextvars
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ministack.services.cloudformation import changesets, engine, handlers, helpers, provisioners, stacks

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Touched:
    """A resource an operation is about; the physical id is empty before it is created."""

    type: str
    logical_id: str
    stack: str
    physical_id: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)


class Judge(Protocol):
    """Looks at each operation on a resource before it happens; an exception is the reason why it fails."""

    def create(self, made: Touched) -> None:
        """A resource is about to be created."""

    def update(self, old: Touched, new: Touched) -> None:
        """A resource is about to be changed, or another made in its place."""

    def delete(self, gone: Touched) -> None:
        """A resource is about to be deleted."""

    def resolve(self, properties: Any) -> None:
        """The dynamic references in a resource's properties are about to be read."""


_at_work: contextvars.ContextVar[Touched | None] = contextvars.ContextVar("penstock_at_work", default=None)
_failed_inside: contextvars.ContextVar[list[Exception] | None] = contextvars.ContextVar("penstock_failed", default=None)


def judge_resources(judge: Judge) -> None:
    """Let a judge look at every operation on a resource: of stacks and nested stacks, rollbacks and clean-ups too."""
    changing = _Changing(judge)
    for module in (provisioners, stacks):
        module._provision_resource = changing.create
        module._update_resource = changing.update
        module._delete_resource = changing.delete
    provisioners._delete_predecessor = changing.delete_predecessor
    known = stacks._resolve_dynamic_references

    def resolve(value: Any, *others: Any, **named: Any) -> Any:
        judge.resolve(value)
        return known(value, *others, **named)

    stacks._resolve_dynamic_references = resolve


class _Changing:
    """The emulator's three ways to change a resource, judged first."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._create = provisioners._provision_resource
        self._update = provisioners._update_resource
        self._delete = provisioners._delete_resource
        self._delete_predecessor = provisioners._delete_predecessor

    def create(self, kind: str, logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        made = Touched(kind, logical_id, stack, properties=properties)
        working = _at_work.get()
        # An update that replaces its resource comes here too, and has been judged.
        if working is None or (working.stack, working.logical_id) != (stack, logical_id):
            self._judge.create(made)
        with _set(_at_work, made):
            return self._create(kind, logical_id, properties, stack)

    def update(  # noqa: PLR0913, PLR0917 - ministack's signature
        self,
        kind: str,
        physical_id: str,
        old: dict[str, Any],
        new: dict[str, Any],
        stack: str,
        logical_id: str | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Any:
        before = Touched(kind, logical_id or physical_id, stack, physical_id, old)
        if old != new:
            self._judge.update(before, Touched(kind, before.logical_id, stack, physical_id, new))
        with _set(_at_work, before):
            return self._update(kind, physical_id, old, new, stack, logical_id, attributes)

    def delete(
        self, kind: str, physical_id: str, properties: dict[str, Any], *where: str | None, **named: str | None
    ) -> None:
        stack, logical_id = (*where, named.get("stack_name"), named.get("logical_id"))[:2]
        gone = Touched(kind, logical_id or physical_id, stack or "", physical_id, properties)
        outer, inside = _failed_inside.get(), list[Exception]()
        try:
            self._judge.delete(gone)
            with _set(_at_work, gone), _set(_failed_inside, inside):
                self._delete(kind, physical_id, properties, stack, logical_id)
        except Exception as failed:
            if outer is not None:
                outer.append(failed)
            raise
        # A nested stack's own loop passes over what fails in it.
        if inside:
            raise inside[0]

    def delete_predecessor(self, delete: Callable[..., None], *arguments: Any, **named: Any) -> None:
        old = _at_work.get()

        def judged(*given: Any, **also: Any) -> None:
            if old is not None:
                self._judge.delete(old)
            delete(*given, **also)

        # Unless it comes through `delete` above, which asks by itself.
        is_own = getattr(delete, "__func__", None) is _Changing.delete
        self._delete_predecessor(delete if is_own else judged, *arguments, **named)


@contextlib.contextmanager
def _set(variable: contextvars.ContextVar[Any], value: Any) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


@dataclass(frozen=True, slots=True)
class Request:
    """One call of CloudFormation's API."""

    operation: str
    _fields: Mapping[str, Any]

    def field(self, name: str) -> str:
        """A field of the request; empty when it is not given."""
        return str(helpers._p(self._fields, name) or "")

    def parameters(self) -> dict[str, str]:
        """The template parameters it gives values for."""
        given = helpers._extract_members(self._fields, "Parameters")
        return {row.get("ParameterKey", row.get("Key", "")): _value(row) for row in given}

    def template(self) -> dict[str, Any] | None:
        """Its template; None when it brings none, or none that can be read, which CloudFormation then says itself."""
        try:
            body, refused = helpers._resolve_template(self._fields)
            parsed = engine._parse_template(body) if body and not refused else None
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the operation itself refuses it in AWS's words
            return None
        return parsed if isinstance(parsed, dict) else None

    def stack(self) -> dict[str, Any] | None:
        """The record of the stack it names, to be changed in place; None when there is none, or it is deleted."""
        found = handlers._resolve_stack(self.field("StackName"))
        if not found and self.operation == "ExecuteChangeSet":
            found = handlers._resolve_stack((self.change_set() or {}).get("StackName", ""))
        return found if found and found.get("StackStatus") != "DELETE_COMPLETE" else None

    def stack_name(self) -> str:
        """The name of the stack it is about, also where it names the stack's id or a change set's; empty for none."""
        named = self.field("StackName") or str((self.change_set() or {}).get("StackName", ""))
        return named.split("/")[1] if named.startswith("arn:") else named

    def change_set(self) -> dict[str, Any] | None:
        """The record of the change set it names, to be changed in place."""
        found: dict[str, Any] | None
        _, found = changesets._find_change_set(self.field("ChangeSetName"), self.field("StackName"))
        return found


def _value(row: Mapping[str, Any]) -> str:
    return str(row.get("ParameterValue", row.get("Value", "")) or "")


Answering = Callable[[Request, Callable[[], Answer]], Answer]


def answer_operations(answer: Answering) -> None:
    """Let `answer(request, known)` stand before CloudFormation's operations; `known` is the emulator's own answer."""
    for operation, known in list(handlers._ACTION_HANDLERS.items()):
        handlers._ACTION_HANDLERS[operation] = _answering(answer, operation, known)


def _answering(answer: Answering, operation: str, known: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    return lambda fields: answer(Request(operation, fields), lambda: known(fields))


def refusal(code: str, message: str, status: int) -> Answer:
    """An error as CloudFormation answers it."""
    answer: Answer = helpers._error(code, message, status)
    return answer


_STACK_ID = re.compile(rb"<StackId>([^<]+)</StackId>")


def with_roles(answer: Answer) -> Answer:
    """DescribeStacks' answer with the roles of its stacks (`RoleARN` of their records) in it."""
    status, headers, body = answer

    def with_role(found: re.Match[bytes]) -> bytes:
        stack = handlers._resolve_stack(found[1].decode()) or {}
        role = stack.get("RoleARN", "")
        return found[0] + (f"<RoleARN>{role}</RoleARN>".encode() if role else b"")

    given = body if isinstance(body, bytes) else str(body).encode()
    return status, headers, _STACK_ID.sub(with_role, given)


def replace_when(changed: Mapping[str, tuple[str, ...]], conditionally: Mapping[str, tuple[str, ...]]) -> None:
    """Tell change sets and updates which properties of a type make another resource when they change."""
    provisioners._REPLACING_PROPERTIES.update(changed)
    provisioners._CONDITIONALLY_REPLACING_PROPERTIES.update(conditionally)


def replaces(resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether an update makes another resource."""
    return bool(provisioners._requires_replacement(resource_type, old, new))
