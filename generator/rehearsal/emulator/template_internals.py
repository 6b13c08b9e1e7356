# ruff: noqa: SLF001 - like `internals`, this file exists to be the one that touches ministack's private names
"""The one seam at which ministack's CloudFormation has templates evaluated: by us instead of by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ministack.services import ssm
from ministack.services.cloudformation import _exports, changesets, engine, handlers, helpers, stacks

from generator.rehearsal.cloudformation.parameter_types import parameter_type
from generator.rehearsal.cloudformation.parameters import Parameter, Sent
from generator.rehearsal.cloudformation.resources import Resource
from generator.rehearsal.cloudformation.values import NO_VALUE

Template = dict[str, Any]
Purpose = Literal["make", "plan", "show"]


@dataclass(frozen=True, slots=True)
class Values:
    """What a value of a template is evaluated with.

    It is to `make` a resource, to `plan` a change set, in which a resource need not be made yet, or to `show` it.
    """

    parameters: Mapping[str, Any]
    conditions: Mapping[str, bool]
    mappings: Mapping[str, Any]
    resources: Mapping[str, Resource]
    stack: str
    stack_id: str
    purpose: Purpose = "make"


class Evaluates(Protocol):
    """What takes the place of ministack's own evaluation; all of it raises ValueError with CloudFormation's words."""

    def parse(self, source: str) -> Template:
        """The template a text holds."""

    def transform(self, template: Template, sent: Mapping[str, Sent], previous: Mapping[str, str]) -> Template:
        """The template after its transforms, includes excepted."""

    def parameters(
        self, template: Template, sent: Mapping[str, Sent], previous: Mapping[str, str]
    ) -> Mapping[str, Parameter]:
        """The values of its parameters."""

    def conditions(self, template: Template, parameters: Mapping[str, Any], *, nested: bool) -> dict[str, bool]:
        """Which of its conditions hold; of a nested stack the name is not known then."""

    def refuse_rules(self, template: Template, parameters: Mapping[str, Any]) -> None:
        """Raise for a rule of the Rules section that does not hold."""

    def refuse_template(self, template: Template, conditions: Mapping[str, bool]) -> None:
        """Raise for what CloudFormation refuses of the template of a nested stack."""

    def order(self, resources: Mapping[str, Any], conditions: Mapping[str, bool]) -> list[str]:
        """The resources in the order they are made."""

    def value(self, node: Any, values: Values) -> Any:
        """A value with its functions called; NO_VALUE for none."""


def evaluate_with(evaluation: Evaluates) -> None:
    """Have templates evaluated: of stacks, change sets, nested stacks, roll-backs and deletions."""
    seam = _Seam(evaluation)
    for module in (engine, handlers, changesets):
        module._parse_template = seam.parse
        module._apply_transforms = seam.transform
        module._resolve_parameters = seam.parameters
    for module in (handlers, changesets, stacks):
        module._evaluate_conditions = seam.conditions
    for module in (engine, changesets, stacks):
        module._topological_sort = seam.order
    for module in (engine, stacks):
        module._resolve_refs = seam.value
    changesets._resolve_refs = seam.planned_value
    handlers._resolve_refs = seam.value_shown
    engine._evaluate_rules = seam.refuse_rules
    # These two are what a nested stack's own loop looks up.
    engine._resolve_parameters = seam.nested_parameters
    engine._evaluate_conditions = seam.nested_conditions


class _Seam:
    """Ministack's signatures and records on one side, ours on the other."""

    def __init__(self, evaluation: Evaluates) -> None:
        self._evaluation = evaluation

    def parse(self, source: str) -> Template:
        """Whoever asks puts CloudFormation's first words before a refusal."""
        try:
            return self._evaluation.parse(source)
        except ValueError as refusal:
            raise ValueError(str(refusal).removeprefix("Template format error: ")) from None

    def transform(self, template: Template, sent: Any = None, previous: Any = None) -> Template:
        """A refusal travels with the template, as ministack has it, so that nothing is put before it."""
        included: Template = engine._apply_include_transform(template)
        if hasattr(included, "error"):
            return included
        try:
            return self._evaluation.transform(included, _sent(sent or ()), _written(previous or {}))
        except ValueError as refusal:
            failed: Template = engine._TransformFailed(template, str(refusal))
            return failed

    def parameters(self, template: Template, sent: Any, previous: Any = None) -> dict[str, Any]:
        engine._check_provided_parameter_values(sent)
        resolved = self._evaluation.parameters(template, _sent(sent), _written(previous or {}))
        declared = template.get("Parameters") or {}
        return {name: _record(parameter, declared[name]) for name, parameter in resolved.items()}

    def nested_parameters(self, template: Template, sent: Any, previous: Any = None) -> dict[str, Any]:
        """The first that a nested stack asks for, with the template as it was read: it is transformed in its place."""
        transformed = self.transform(template, sent)
        _refuse_failed(transformed)
        template.clear()
        template.update(transformed)
        resolved = self.parameters(template, sent, previous)
        conditions = self.nested_conditions(template, resolved)
        self._evaluation.refuse_rules(template, _values(resolved))
        self._evaluation.refuse_template(template, conditions)
        return resolved

    def conditions(self, template: Template, parameters: Mapping[str, Any]) -> dict[str, bool]:
        _refuse_failed(template)
        return self._evaluation.conditions(template, _values(parameters), nested=False)

    def nested_conditions(self, template: Template, parameters: Mapping[str, Any]) -> dict[str, bool]:
        return self._evaluation.conditions(template, _values(parameters), nested=True)

    def refuse_rules(self, template: Template, parameters: Mapping[str, Any], _conditions: Any) -> None:
        self._evaluation.refuse_rules(template, _values(parameters))

    def order(self, resources: Mapping[str, Any], conditions: Mapping[str, bool]) -> list[str]:
        return self._evaluation.order(resources, conditions)

    def value(self, node: Any, *place: Any) -> Any:
        return self._value(node, place, "make")

    def planned_value(self, node: Any, *place: Any) -> Any:
        return self._value(node, place, "plan")

    def value_shown(self, node: Any, *place: Any) -> Any:
        return self._value(node, place, "show")

    def _value(self, node: Any, place: Sequence[Any], purpose: Purpose) -> Any:
        resources, parameters, conditions, mappings, stack, stack_id = place
        values = Values(_values(parameters), conditions, mappings or {}, _Records(resources), stack, stack_id, purpose)
        value = self._evaluation.value(node, values)
        return engine._NO_VALUE if value is NO_VALUE else value


def _refuse_failed(template: Template) -> None:
    if reason := getattr(template, "error", None):
        raise ValueError(reason)


class _Records(Mapping[str, Resource]):
    """The resources of a stack's record."""

    def __init__(self, records: Mapping[str, Any]) -> None:
        self._records = records

    def __getitem__(self, name: str) -> Resource:
        record = self._records[name]
        return Resource(record.get("ResourceType", ""), record["PhysicalResourceId"], record.get("Attributes") or {})

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


def _sent(rows: Sequence[Mapping[str, Any]]) -> dict[str, Sent]:
    return {
        row["Key"]: Sent(str(row.get("Value", "")), use_previous=bool(row.get("UsePreviousValue")))
        for row in rows
        if "Key" in row
    }


def _written(records: Mapping[str, Any]) -> dict[str, str]:
    """The texts the last operation brought: of a parameter in Parameter Store its name."""
    return {name: str(record.get("SsmName", record["Value"])) for name, record in records.items()}


def _record(parameter: Parameter, declared: Mapping[str, Any]) -> dict[str, Any]:
    record = {"Value": parameter.resolved, "NoEcho": parameter.no_echo, "Type": str(declared.get("Type"))}
    return {**record, "SsmName": parameter.written} if parameter.type.is_stored else record


def _values(records: Mapping[str, Any]) -> dict[str, Any]:
    """What Ref returns of each parameter."""
    return {name: parameter_type(record["Type"]).value(record["Value"]) for name, record in records.items()}


def exported_value(name: str) -> str | None:
    """What a stack of the account and region exports under a name."""
    export = _exports.get(name)
    return str(export["Value"]) if export else None


def output_of(stack: str, output: str) -> str | None:
    """An output of a stack; None where there is no such stack or output."""
    rows = (handlers._resolve_stack(stack) or {}).get("Outputs", ())
    return next((str(row["OutputValue"]) for row in rows if row["OutputKey"] == output), None)


def stored_parameter(name: str) -> str | None:
    """The value of a parameter in Parameter Store; None where there is none."""
    value = ssm.resolve_parameter_value(name)
    return None if value is None else str(value)


def read_documents_from(path_style: Any) -> None:
    """Ask `path_style(url)` for the address that ministack understands before it reads a template's URL."""
    known = helpers._resolve_document

    def resolve(params: dict[str, Any], body_key: str, url_key: str, label: str) -> Any:
        url = helpers._p(params, url_key)
        return known({**params, url_key: [path_style(url)]} if url else params, body_key, url_key, label)

    helpers._resolve_document = resolve
