# ruff: noqa: SLF001 - like `internals`, it is there to be the one that touches private names of ministack's
"""Where ministack's CloudFormation can be interrupted; the second file that imports its insides."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.services import iam, lambda_svc, s3, sns
from ministack.services.cloudformation import (
    _exports,
    _stacks,
    changesets,
    engine,
    handlers,
    provisioners,
    stacks,
)

Properties = Mapping[str, Any]
JudgesRequest = Callable[[str, Mapping[str, str], "Mapping[str, Any] | None"], "tuple[str, str] | None"]
JudgesTemplate = Callable[[Mapping[str, Any], Mapping[str, bool]], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource about to be made, or changed when there are `old` properties."""

    type: str
    logical_id: str
    properties: Properties
    stack: str
    old: Properties | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A resource there is, and the stack that owns it."""

    type: str
    logical_id: str
    physical_id: str
    properties: Properties
    stack: str
    stack_id: str


def judge_requests(operations: Sequence[str], judge: JudgesRequest) -> None:
    """Ask `judge(operation, parameters, the stack's record)` before CloudFormation answers any of these.

    What it returns, code and message, is the answer; None lets the request through.
    """
    for operation in operations:
        _judge_request(operation, judge)


def _judge_request(operation: str, judge: JudgesRequest) -> None:
    known = handlers._ACTION_HANDLERS[operation]

    def answer(params: dict[str, Any]) -> Any:
        single = {name: str(value[0]) for name, value in params.items() if isinstance(value, list) and value}
        refusal = judge(operation, single, handlers._resolve_stack(single.get("StackName", "")))
        return handlers._error(*refusal) if refusal else known(params)

    handlers._ACTION_HANDLERS[operation] = answer


def judge_templates(judge: JudgesTemplate) -> None:
    """Ask `judge(template, evaluated conditions)`, which raises ValueError, about every transformed template."""
    known = engine.validate_template_support

    def validate(template: dict[str, Any], conditions: dict[str, bool], params: Any = None) -> None:
        # Without parameters it is ValidateTemplate, and what macros would make of it is not known.
        if params is not None:
            judge(template, conditions)
        known(template, conditions, params=params)

    handlers.validate_template_support = validate
    changesets.validate_template_support = validate


_old: contextvars.ContextVar[Properties | None] = contextvars.ContextVar("old properties", default=None)


def judge_resources(judge: Callable[[Wanted], None], release: Callable[[str, str], None]) -> None:
    """Ask `judge(wanted)` before a resource is made or changed, `release(type, physical id)` before it goes.

    Both raise ValueError with the reason a stack's events give.
    """
    provision, update, delete = stacks._provision_resource, stacks._update_resource, stacks._delete_resource

    def provisioned(kind: str, logical_id: str, properties: Any, stack: str) -> Any:
        judge(Wanted(kind, logical_id, properties, stack, _old.get()))
        return provision(kind, logical_id, properties, stack)

    def updated(kind: str, physical_id: str, old: Any, new: Any, *more: Any, **named: Any) -> Any:
        if old == new:
            return update(kind, physical_id, old, new, *more, **named)
        stack, logical_id = [*more, physical_id][:2]
        judge(Wanted(kind, logical_id, new, stack, old))
        token = _old.set(old)
        try:
            return update(kind, physical_id, old, new, *more, **named)
        finally:
            _old.reset(token)

    def deleted(kind: str, physical_id: str, *more: Any, **named: Any) -> None:
        release(kind, physical_id)
        delete(kind, physical_id, *more, **named)

    for module in (stacks, provisioners):
        module._provision_resource = provisioned
        module._update_resource = updated
        module._delete_resource = deleted


def judge_exports(judge: Callable[[str, str, Mapping[str, str], Mapping[str, str]], None]) -> None:
    """Ask `judge(stack, stack id, exports until now, exports from now on)` once a stack's outputs are known.

    It raises ValueError. Exports that the stack gives up are withdrawn, which the emulator forgot.
    """
    known = stacks._resolve_stack_outputs

    def resolve(*arguments: Any) -> Any:
        outputs, exports = known(*arguments)
        name, stack_id = arguments[5:7]
        until_now = {key: export["Value"] for key, export in _exports.items() if export["StackId"] == stack_id}
        judge(name, stack_id, until_now, {key: export["Value"] for key, export in exports.items()})
        for key in until_now.keys() - exports.keys():
            _exports.pop(key, None)
        return outputs, exports

    stacks._resolve_stack_outputs = resolve


def exporter(name: str) -> str | None:
    """The id of the stack that exports a name."""
    export = _exports.get(name)
    return str(export["StackId"]) if export else None


def importers(name: str) -> list[str]:
    """The stacks that import a name, sorted."""
    return sorted(
        stack["StackName"]
        for stack in _stacks.values()
        if stack["StackStatus"] != "DELETE_COMPLETE"
        and name in handlers._imported_export_names(stack, stack["StackName"])
    )


def made_resources() -> Iterator[Made]:
    """Every resource of every stack of the account and region at hand."""
    for stack in list(_stacks.values()):
        for logical_id, record in list(stack.get("_resources", {}).items()):
            yield Made(
                record["ResourceType"],
                logical_id,
                record["PhysicalResourceId"],
                record.get("Properties") or {},
                stack["StackName"],
                stack["StackId"],
            )


def exists(resource_type: str, name: str) -> bool:
    """Whether there is such a thing outside of any stack too, for the types that can be asked."""
    ask = _EXISTING.get(resource_type)
    return ask is not None and ask(name) is None


_EXISTING: Mapping[str, Callable[[str], str | None]] = {
    "AWS::DynamoDB::Table": changesets._table_import_problem,
    "AWS::IAM::Role": changesets._role_import_problem,
    "AWS::Lambda::Function": changesets._function_import_problem,
    "AWS::Logs::LogGroup": changesets._log_group_import_problem,
}


def trusted_services(role_arn: str) -> Any | None:
    """The trust policy of a role as it was given; None when there is no such role."""
    account, _, name = role_arn.partition(":iam::")[2].partition(":role/")
    role = iam._roles.get_scoped(account, None, name.rpartition("/")[2])
    return role["AssumeRolePolicyDocument"] if role else None


def has_function(name: str) -> bool:
    """Whether there is a function of this name, in the account and region at hand."""
    return name in lambda_svc._functions


def bucket_content(bucket: str, key: str) -> bytes | None:
    """An object; None when it is not there. Raises LookupError when the bucket is not."""
    if bucket not in s3._buckets:
        raise LookupError(bucket)
    content: bytes | None = s3._get_object_data(bucket, key)
    return content


def has_bucket(bucket: str) -> bool:
    """Whether there is a bucket of this name."""
    return bucket in s3._buckets


def has_topic(arn: str) -> bool:
    """Whether there is a topic of this ARN."""
    return arn in sns._topics


def bucket_is_full(bucket: str) -> bool:
    """Whether a bucket holds objects, or versions of some."""
    record = s3._buckets.get(bucket)
    return bool(record and (record["objects"] or s3._bucket_has_versions(bucket)))
