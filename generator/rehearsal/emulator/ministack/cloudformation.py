# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's CloudFormation: its operations, templates, parameters and exports, and the stacks there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.services.cloudformation import _exports, _stacks, changesets, engine, handlers, helpers

from generator.rehearsal.emulator.ministack.app import Answer
from generator.rehearsal.emulator.ministack.interception import Intercepted, Layers

Template = Mapping[str, Any]
JudgeRequest = Callable[[str, Mapping[str, str], "Mapping[str, Any] | None"], "tuple[str, str] | None"]
JudgeTemplate = Callable[[Template, Mapping[str, bool]], None]

_STACK_ID = re.compile(rb"<StackId>([^<]+)</StackId>")

_validate_template = Intercepted(
    "ministack.services.cloudformation.handlers.validate_template_support",
    "ministack.services.cloudformation.changesets.validate_template_support",
)
_resolve_outputs = Intercepted("ministack.services.cloudformation.stacks._resolve_stack_outputs")


@dataclass(frozen=True, slots=True)
class Request:
    """One call of CloudFormation's API."""

    operation: str
    fields: Mapping[str, Any]

    def field(self, name: str) -> str:
        """A field of the request; empty when it is not given."""
        return str(helpers._p(self.fields, name) or "")

    def parameters(self) -> dict[str, str]:
        """The template parameters it gives values for."""
        rows = helpers._extract_members(self.fields, "Parameters")
        return {row.get("ParameterKey", row.get("Key", "")): _value(row) for row in rows}

    def template(self) -> dict[str, Any] | None:
        """Its template; None when it brings none, or none that can be read, which CloudFormation then says itself."""
        try:
            body, refused = helpers._resolve_template(self.fields)
            parsed = engine._parse_template(body) if body and not refused else None
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the operation itself refuses it in AWS's words
            return None
        return parsed if isinstance(parsed, dict) else None

    def stack(self) -> dict[str, Any] | None:
        """The record of the stack it names, to be changed in place; None when there is none, or it is deleted."""
        record = handlers._resolve_stack(self.field("StackName"))
        if not record and self.operation == "ExecuteChangeSet":
            record = handlers._resolve_stack((self.change_set() or {}).get("StackName", ""))
        return record if record and record.get("StackStatus") != "DELETE_COMPLETE" else None

    def stack_name(self) -> str:
        """The name of the stack it is about, by its name, its id or a change set's; empty if there is none."""
        name = self.field("StackName") or str((self.change_set() or {}).get("StackName", ""))
        return name.split("/")[1] if name.startswith("arn:") else name

    def change_set(self) -> dict[str, Any] | None:
        """The record of the change set it names, to be changed in place."""
        record: dict[str, Any] | None
        _, record = changesets._find_change_set(self.field("ChangeSetName"), self.field("StackName"))
        return record


def _value(row: Mapping[str, Any]) -> str:
    return str(row.get("ParameterValue", row.get("Value", "")) or "")


class _Operations:
    """ministack's table of operations, in which each entry is replaced once."""

    def __init__(self) -> None:
        self._layers: Layers | None = None

    def around(self, layer: Callable[..., Answer]) -> None:
        if self._layers is None:
            table = dict(handlers._ACTION_HANDLERS)
            self._layers = Layers(lambda request: table[request.operation](request.fields))
            for name in table:
                handlers._ACTION_HANDLERS[name] = _asking(self._layers, name)
        self._layers.around(layer)


def _asking(operations: Layers, name: str) -> Callable[[Mapping[str, Any]], Answer]:
    return lambda fields: operations(Request(name, fields))


_operations = _Operations()


def around_operations(layer: Callable[[Callable[[Request], Answer], Request], Answer]) -> None:
    """Have `layer(inner, request)` answer CloudFormation's operations; `inner` is what answered until now."""
    _operations.around(layer)


def judge_requests(operations: Sequence[str], judge: JudgeRequest) -> None:
    """Ask `judge(operation, parameters, the stack's record)` before CloudFormation answers any of these.

    What it returns, code and message, is the answer; None lets the request through.
    """

    def answer(inner: Callable[[Request], Answer], request: Request) -> Answer:
        if request.operation not in operations:
            return inner(request)
        rows = request.fields.items()
        single = {name: str(value[0]) for name, value in rows if isinstance(value, list) and value}
        refused = judge(request.operation, single, handlers._resolve_stack(single.get("StackName", "")))
        return refusal(*refused, 400) if refused else inner(request)

    around_operations(answer)


def refusal(code: str, message: str, status: int) -> Answer:
    """An error as CloudFormation answers it."""
    answer: Answer = helpers._error(code, message, status)
    return answer


def with_roles(answer: Answer) -> Answer:
    """DescribeStacks' answer with the roles of its stacks (`RoleARN` of their records) in it."""
    status, headers, body = answer

    def with_role(stack_id: re.Match[bytes]) -> bytes:
        stack = handlers._resolve_stack(stack_id[1].decode()) or {}
        role = stack.get("RoleARN", "")
        return stack_id[0] + (f"<RoleARN>{role}</RoleARN>".encode() if role else b"")

    content = body if isinstance(body, bytes) else str(body).encode()
    return status, headers, _STACK_ID.sub(with_role, content)


def judge_templates(judge: JudgeTemplate) -> None:
    """Ask `judge(template, evaluated conditions)`, which raises ValueError, about every transformed template."""

    def validate(inner: Any, template: dict[str, Any], conditions: dict[str, bool], params: Any = None) -> None:
        # Without parameters it is ValidateTemplate, and what macros would make of it is not known.
        if params is not None:
            judge(template, conditions)
        inner(template, conditions, params=params)

    _validate_template.around(validate)


def around_outputs(layer: Callable[..., Any]) -> None:
    """Have `layer(inner, outputs, conditions, *place)` make of the Outputs section what a stack gives and exports."""
    _resolve_outputs.around(layer)


def judge_exports(judge: Callable[[str, str, Mapping[str, str], Mapping[str, str]], None]) -> None:
    """Ask `judge(stack, stack id, exports until now, exports from now on)` once a stack's outputs are known.

    It raises ValueError. Exports that the stack gives up are withdrawn, which the emulator forgot.
    """

    def resolve(inner: Any, *arguments: Any) -> Any:
        outputs, exports = inner(*arguments)
        name, stack_id = arguments[5:7]
        until_now = {key: export["Value"] for key, export in _exports.items() if export["StackId"] == stack_id}
        judge(name, stack_id, until_now, {key: export["Value"] for key, export in exports.items()})
        for key in until_now.keys() - exports.keys():
            _exports.pop(key, None)
        return outputs, exports

    _resolve_outputs.around(resolve)


def exporter(name: str) -> str | None:
    """The id of the stack that exports a name."""
    export = _exports.get(name)
    return str(export["StackId"]) if export else None


def exported_value(name: str) -> str | None:
    """What a stack of the account and region exports under a name."""
    export = _exports.get(name)
    return str(export["Value"]) if export else None


def output_of(stack: str, output: str) -> str | None:
    """An output of a stack; None where there is no such stack or output."""
    rows = (handlers._resolve_stack(stack) or {}).get("Outputs", ())
    return next((str(row["OutputValue"]) for row in rows if row["OutputKey"] == output), None)


def stack_status(name: str) -> str:
    """The status of a stack; empty for one that there is not."""
    return str((handlers._resolve_stack(name) or {}).get("StackStatus", ""))


def importers(name: str) -> list[str]:
    """The stacks that import a name, sorted."""
    return sorted(
        stack["StackName"]
        for stack in _stacks.values()
        if stack["StackStatus"] != "DELETE_COMPLETE"
        and name in handlers._imported_export_names(stack, stack["StackName"])
    )


@dataclass(frozen=True, slots=True)
class ExistingResource:
    """A resource there is, and the stack that owns it."""

    type: str
    logical_id: str
    physical_id: str
    properties: Mapping[str, Any]
    stack: str
    stack_id: str


def existing_resources() -> Iterator[ExistingResource]:
    """Every resource of every stack of the account and region at hand."""
    for stack in list(_stacks.values()):
        for logical_id, record in list(stack.get("_resources", {}).items()):
            yield ExistingResource(
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
