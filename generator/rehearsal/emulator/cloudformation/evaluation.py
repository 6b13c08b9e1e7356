"""Evaluates the templates of the emulator's stacks, and notes what cannot be evaluated here."""

from __future__ import annotations

import contextvars
import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from generator.aws_rules.iam import managed_policies
from generator.aws_rules.schemas import schema_of
from generator.rehearsal.cloudformation import (
    conditions,
    dependencies,
    language_extensions,
    parameters,
    parser,
    rules,
    serverless,
    transforms,
)
from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.evaluation import Evaluator
from generator.rehearsal.cloudformation.parameters import Parameter, Sent
from generator.rehearsal.cloudformation.resources import NoResources, ResourcesMade, ResourcesToCome
from generator.rehearsal.cloudformation.scope import Scope, Stack
from generator.rehearsal.emulator.cloudformation.account import EmulatorAccount
from generator.rehearsal.emulator.cloudformation.template_addresses import path_style
from generator.rehearsal.emulator.cloudformation.validation import template as validation
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack import cloudformation, cloudformation_templates, context
from generator.rehearsal.emulator.ministack.app import Answer
from generator.rehearsal.emulator.ministack.cloudformation import Request
from generator.rehearsal.emulator.ministack.cloudformation_templates import Template, Values
from generator.repository.cache.answers import Answers

_stack: contextvars.ContextVar[str] = contextvars.ContextVar("penstock_stack", default="")
"""The stack whose operation is under way; what works on its resources afterwards inherits it."""


def install(ledger: Ledger, answers: Answers) -> None:
    """From now on templates are evaluated as AWS evaluates them."""
    evaluation = Evaluation(ledger, answers)
    cloudformation_templates.evaluate_with(evaluation)
    cloudformation_templates.read_references(evaluation.missing_reference)
    cloudformation_templates.read_documents_from(path_style)
    cloudformation.around_operations(_within_stack)


def _within_stack(inner: Callable[[Request], Answer], request: Request) -> Answer:
    token = _stack.set(request.stack_name())
    try:
        return inner(request)
    finally:
        _stack.reset(token)


class Evaluation:
    """All that a template is evaluated for, in one account and region at a time."""

    def __init__(self, ledger: Ledger, answers: Answers) -> None:
        self._ledger = ledger
        self._answers = answers

    def parse(self, source: str) -> Template:
        """The template a text holds."""
        return parser.parse(source)

    def transform(self, template: Template, sent: Mapping[str, Sent], previous: Mapping[str, str]) -> Template:
        """The template after its transforms."""
        with self._noting():
            transforms.refuse_unknown(template)
            values = _values_so_far(template, sent, previous)
            scope = Scope(_here(_stack.get()), NoResources(), values, account=EmulatorAccount())
            extended = language_extensions.apply(template, scope)
            return serverless.apply(extended, values, context.region(), managed_policies.by_name, answers=self._answers)

    def parameters(
        self, template: Template, sent: Mapping[str, Sent], previous: Mapping[str, str]
    ) -> Mapping[str, Parameter]:
        """The values of its parameters."""
        with self._noting():
            return parameters.resolve(template.get("Parameters"), sent, previous, EmulatorAccount())

    def conditions(self, template: Template, values: Mapping[str, Any], *, nested: bool) -> dict[str, bool]:
        """Which of its conditions hold."""
        with self._noting():
            return conditions.evaluate(template.get("Conditions"), _scope(template, values, nested=nested))

    def refuse_rules(self, template: Template, values: Mapping[str, Any]) -> None:
        """Raise for a rule that does not hold."""
        with self._noting():
            rules.refuse(template.get("Rules"), _scope(template, values, nested=False))

    def refuse_template(self, template: Template, holding: Mapping[str, bool]) -> None:
        """Raise for what CloudFormation refuses of a template."""
        validation.refuse(template, holding)

    def order(self, resources: Mapping[str, Any], holding: Mapping[str, bool]) -> list[str]:
        """The resources in the order they are made."""
        return dependencies.order(resources, holding)

    def value(self, node: Any, values: Values) -> Any:
        """A value with its functions called."""
        has_attribute = functools.partial(_has_attribute, region=context.region())
        scope = Scope(
            Stack(values.stack, values.stack_id, context.region(), context.account()),
            ResourcesToCome() if values.purpose == "plan" else ResourcesMade(values.resources, has_attribute),
            values.parameters,
            values.mappings,
            values.conditions,
            EmulatorAccount(),
            later=values.purpose == "plan",
        )
        if values.purpose != "make":
            return Evaluator(scope).value(node)
        with self._noting():
            return Evaluator(scope).value(node)

    def missing_reference(self, reference: str) -> NotEvaluatedError:
        """The error of a dynamic reference to what nothing here made."""
        service, _, name = reference.strip("{}").removeprefix("resolve:").partition(":")
        kind = "secret" if service == "secretsmanager" else "ssm"
        error = NotEvaluatedError(
            f"{reference}: nothing here made it, and it is not known whether your account has it;"
            f" declare it with --existing {kind}:{name.split(':')[0]}=VALUE"
        )
        self._ledger.refused(str(error))
        return error

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Remember what cannot be evaluated, so that no rehearsal that met it counts as green."""
        try:
            yield
        except NotEvaluatedError as error:
            self._ledger.refused(str(error))
            raise


def _values_so_far(template: Template, sent: Mapping[str, Sent], previous: Mapping[str, str]) -> Mapping[str, Any]:
    """The parameters' values; those that are refused are refused once the operation asks for them itself."""
    try:
        resolved = parameters.resolve(template.get("Parameters"), sent, previous, EmulatorAccount())
    except (TemplateError, NotEvaluatedError):
        return {}
    return {name: parameter.value for name, parameter in resolved.items()}


def _scope(template: Template, values: Mapping[str, Any], *, nested: bool) -> Scope:
    """What conditions and rules look up: before a stack is made it has no id, and a nested one no name."""
    stack = _here("" if nested else _stack.get())
    return Scope(stack, NoResources(), values, template.get("Mappings") or {}, account=EmulatorAccount())


def _here(stack: str) -> Stack:
    return Stack(stack, "", context.region(), context.account())


@functools.cache
def _attributes(resource_type: str, region: str) -> frozenset[str] | None:
    schema = schema_of(resource_type, region)
    if schema is None:
        return None
    paths = (path.removeprefix("/properties/") for path in schema.get("readOnlyProperties", ()))
    return frozenset(path.replace("/properties/", ".").replace("/", ".") for path in paths)


def _has_attribute(resource_type: str, attribute: str, *, region: str) -> bool | None:
    """Whether a type has an attribute, as its schema in CloudFormation's registry tells.

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html (readOnlyProperties)
    """
    there = _attributes(resource_type, region)
    return None if there is None else attribute in there
