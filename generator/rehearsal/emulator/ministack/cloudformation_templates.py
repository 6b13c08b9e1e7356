# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's CloudFormation: where it has templates evaluated, by us instead of by itself."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ministack.services.cloudformation import engine, helpers, stacks

from generator.rehearsal.cloudformation.dependencies import active
from generator.rehearsal.cloudformation.parameter_types import parameter_type
from generator.rehearsal.cloudformation.parameters import Parameter, Sent
from generator.rehearsal.cloudformation.resources import Resource
from generator.rehearsal.cloudformation.values import NO_VALUE, text
from generator.rehearsal.emulator.ministack import cloudformation, cloudformation_policies
from generator.rehearsal.emulator.ministack.interception import Intercepted, replace

Template = dict[str, Any]
Purpose = Literal["make", "plan", "show"]

_resolve_document = Intercepted("ministack.services.cloudformation.helpers._resolve_document")
_resolve_reference = Intercepted("ministack.services.cloudformation.engine._resolve_dynamic_reference")


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
    _replace_reading(seam)
    _replace_values(seam)
    cloudformation.around_outputs(seam.outputs)


def _replace_reading(seam: _Seam) -> None:
    replace(
        seam.parse,
        "ministack.services.cloudformation.engine._parse_template",
        "ministack.services.cloudformation.handlers._parse_template",
        "ministack.services.cloudformation.changesets._parse_template",
    )
    replace(
        seam.transform,
        "ministack.services.cloudformation.engine._apply_transforms",
        "ministack.services.cloudformation.handlers._apply_transforms",
        "ministack.services.cloudformation.changesets._apply_transforms",
    )
    replace(
        seam.parameters,
        "ministack.services.cloudformation.handlers._resolve_parameters",
        "ministack.services.cloudformation.changesets._resolve_parameters",
    )
    replace(seam.refuse_rules, "ministack.services.cloudformation.engine._evaluate_rules")
    # What a nested stack's own loop looks up, as `nested_conditions` and `nested_value`.
    replace(seam.nested_parameters, "ministack.services.cloudformation.engine._resolve_parameters")


def _replace_values(seam: _Seam) -> None:
    replace(
        seam.conditions,
        "ministack.services.cloudformation.handlers._evaluate_conditions",
        "ministack.services.cloudformation.changesets._evaluate_conditions",
        "ministack.services.cloudformation.stacks._evaluate_conditions",
    )
    replace(
        seam.order,
        "ministack.services.cloudformation.engine._topological_sort",
        "ministack.services.cloudformation.changesets._topological_sort",
        "ministack.services.cloudformation.stacks._topological_sort",
    )
    replace(seam.value, "ministack.services.cloudformation.stacks._resolve_refs")
    replace(seam.planned_value, "ministack.services.cloudformation.changesets._resolve_refs")
    replace(seam.value_shown, "ministack.services.cloudformation.handlers._resolve_refs")
    replace(seam.nested_value, "ministack.services.cloudformation.engine._resolve_refs")
    replace(seam.nested_conditions, "ministack.services.cloudformation.engine._evaluate_conditions")


_NO_OUTPUT = "Template format error: The Value field of every Outputs member must evaluate to a String."


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
        cloudformation_policies.provisioning(resources, conditions)
        return self._evaluation.order(resources, conditions)

    def value(self, node: Any, *place: Any) -> Any:
        cloudformation_policies.evaluating(functools.partial(self._value, place=place, purpose="make"), place[2])
        return self._value(node, place, "make")

    def nested_value(self, node: Any, *place: Any) -> Any:
        """Of a resource's properties the dynamic references too, which ministack reads for other stacks alone."""
        value = self.value(node, *place)
        return stacks._resolve_dynamic_references(value)[0] if isinstance(value, dict) else text(value, _NO_OUTPUT)

    def outputs(self, inner: Any, outputs: Mapping[str, Any], conditions: Mapping[str, bool], *place: Any) -> Any:
        """Ministack would write booleans its own way, and what has no value as an object of its own."""
        resources, parameters, mappings, *stack = place

        def written(node: Any) -> str:
            return text(self.value(node, resources, parameters, conditions, mappings, *stack), _NO_OUTPUT)

        there = active(outputs, conditions)
        texts = {name: _with_texts(outputs[name], written) for name in outputs if name in there}
        return inner(texts, conditions, *place)

    def planned_value(self, node: Any, *place: Any) -> Any:
        return self._value(node, place, "plan")

    def value_shown(self, node: Any, *place: Any) -> Any:
        return self._value(node, place, "show")

    def _value(self, node: Any, place: Sequence[Any], purpose: Purpose) -> Any:
        resources, parameters, conditions, mappings, stack, stack_id = place
        values = Values(_values(parameters), conditions, mappings or {}, _Records(resources), stack, stack_id, purpose)
        value = self._evaluation.value(node, values)
        return engine._NO_VALUE if value is NO_VALUE else value


def _with_texts(output: Mapping[str, Any], written: Callable[[Any], str]) -> dict[str, Any]:
    """An output whose value and name are texts."""
    export = output.get("Export")
    named = {"Export": {**export, "Name": written(export.get("Name", ""))}} if export else {}
    return {**output, "Value": written(output.get("Value", "")), **named}


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


def read_references(missing: Callable[[str], Exception]) -> None:
    """Ask `missing(reference)` for the error of a dynamic reference to a parameter or a secret that is not there."""

    def resolve(inner: Any, reference: str) -> Any:
        try:
            return inner(reference)
        except ValueError as refusal:
            if str(refusal).endswith("not found"):
                raise missing(reference) from None
            raise

    _resolve_reference.around(resolve)


def read_documents_from(path_style: Callable[[str], str]) -> None:
    """Ask `path_style(url)` for the address that ministack understands before it reads a template's URL."""

    def resolve(inner: Any, params: dict[str, Any], body_key: str, url_key: str, label: str) -> Any:
        url = helpers._p(params, url_key)
        return inner({**params, url_key: [path_style(url)]} if url else params, body_key, url_key, label)

    _resolve_document.around(resolve)
