"""A pipeline template that the user wrote: its parameters and pipelines, and what is wrong with them, with places."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.document import TEMPLATE, Document, attempt, quote
from generator.errors import InvalidInputError, Problem
from generator.rehearsal.cloudformation import conditions, parser
from generator.rehearsal.cloudformation.constraints import refuse_value
from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.evaluation import Evaluator
from generator.rehearsal.cloudformation.parameter_types import parameter_type
from generator.rehearsal.cloudformation.parameters import default_of
from generator.rehearsal.cloudformation.resources import ResourcesToCome
from generator.rehearsal.cloudformation.scope import Scope, Stack
from generator.rehearsal.codepipeline.actions import provider_of
from generator.rehearsal.codepipeline.declaration import ActionType
from generator.rehearsal.driver.declared import BUILDING, PIPELINE
from generator.rehearsal.driver.parameter_values import Values


@dataclass(frozen=True, slots=True)
class ActionInFile:
    """An action as the template declares it."""

    stage: str
    name: str
    category: str
    owner: str
    provider: str

    @property
    def runs(self) -> bool:
        """Whether this machine carries it out."""
        return provider_of(ActionType(self.category, self.owner, self.provider, "1")) is not None


@dataclass(frozen=True, slots=True)
class PipelineInFile:
    """A pipeline that the template makes with the parameters at hand: its stages' names, its actions in order."""

    logical_id: str
    stages: tuple[str, ...]
    actions: tuple[ActionInFile, ...]

    @property
    def delivers(self) -> bool:
        """Whether it does more than look whether a commit can be built."""
        return not {action.category for action in self.actions} <= BUILDING

    @property
    def sources(self) -> tuple[ActionInFile, ...]:
        """Its source actions."""
        return tuple(action for action in self.actions if action.category == "Source")


class UsersTemplate:
    """A template with the values for its parameters."""

    def __init__(self, document: Document, text: str, values: Values) -> None:
        self.text = text
        self._document = document
        self._values = values
        self._data: Mapping[str, Any] = document.data

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The declarations of its parameters."""
        return self._section("Parameters")

    @property
    def values(self) -> dict[str, str]:
        """The values that somebody chose."""
        return {name: value.text for name, value in self._values.items()}

    @property
    def missing(self) -> tuple[str, ...]:
        """The parameters that have neither a value nor a default."""
        return tuple(
            name
            for name, declared in self.parameters.items()
            if name not in self._values and isinstance(declared, Mapping) and declared.get("Default") is None
        )

    @property
    def places(self) -> dict[str, str]:
        """Where each resource stands, by its logical id."""
        return {name: str(self.problem(("Resources", name), "").place) for name in self._section("Resources")}

    def problem(self, path: tuple[str | int, ...], message: str, hint: str = "") -> Problem:
        """A problem at a key of the template."""
        return self._document.problem(path, message, hint, at="key")

    def described(self, parameter: str) -> str:
        """What the template says that a parameter is; empty where it says nothing."""
        return str(self.parameters[parameter].get("Description", ""))

    def missing_values(self) -> Iterator[Problem]:
        """A problem for each parameter that is missing."""
        for name in self.missing:
            about = f" ({described})" if (described := self.described(name)) else ""
            hint = f"--parameter {name}=VALUE, or --parameters FILE"
            yield self.problem(("Parameters", name), f"parameter {name} has no value and no default{about}", hint)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the values."""
        for name, value in self._values.items():
            if name not in self.parameters:
                near = difflib.get_close_matches(name, self.parameters, 1)
                hint = f"did you mean {near[0]}?" if near else f"parameters: {', '.join(self.parameters) or 'none'}"
                yield value.problem(f"the template has no parameter {quote(name)}", hint)
        yield from self._refused_values()

    def _refused_values(self) -> Iterator[Problem]:
        for name, declared in self.parameters.items():
            try:
                kind = parameter_type(declared.get("Type") if isinstance(declared, Mapping) else None)
                value = self._values[name].text if name in self._values else default_of(name, declared)
                if value is not None:
                    refuse_value(name, declared, kind, value)
            except TemplateError as refused:
                place = self._values.get(name)
                of_value = place is not None and place.document is not None
                yield (
                    place.problem(str(refused))
                    if place and of_value
                    else self.problem(("Parameters", name), str(refused))
                )
            except NotEvaluatedError:
                continue  # The launch says so.

    def pipelines(self) -> tuple[PipelineInFile, ...]:
        """Its pipelines, where their conditions hold. Raises InvalidInputError for what cannot be read of them."""
        problems, pipelines = [], []
        for name, resource in self._section("Resources").items():
            if not isinstance(resource, Mapping) or resource.get("Type") != PIPELINE:
                continue
            try:
                if pipeline := self._pipeline(name, resource):
                    pipelines.append(pipeline)
            except (TemplateError, NotEvaluatedError) as error:
                problems.append(self.problem(("Resources", name), str(error)))
        if problems:
            raise InvalidInputError(problems)
        return tuple(pipelines)

    def _pipeline(self, name: str, resource: Mapping[str, Any]) -> PipelineInFile | None:
        scope = self._scope()
        if "Condition" in resource and not scope.conditions.get(resource["Condition"], True):
            return None
        properties = resource.get("Properties")
        stages = Evaluator(scope).value(properties.get("Stages", []) if isinstance(properties, Mapping) else [])
        if not isinstance(stages, list) or not stages or not all(map(_is_stage, stages)):
            raise TemplateError(f"{name} has no list of Stages, each with a Name and Actions")
        actions = tuple(_action(stage["Name"], action) for stage in stages for action in stage["Actions"])
        return PipelineInFile(name, tuple(stage["Name"] for stage in stages), actions)

    def _scope(self) -> Scope:
        values = {name: self._value(name, declared) for name, declared in self.parameters.items()}
        stack = Stack("stack", "{{stack}}", "us-east-1", "123456789012")
        scope = Scope(
            stack,
            ResourcesToCome(),
            {**stack.pseudo_parameters(), **values},
            self._section("Mappings"),
            account=_AccountUnread(),
            later=True,
        )
        holding = conditions.evaluate(self._section("Conditions"), scope)
        return Scope(
            stack, ResourcesToCome(), scope.parameters, scope.mappings, holding, account=scope.account, later=True
        )

    def _value(self, name: str, declared: Mapping[str, Any]) -> str | list[str]:
        """What Ref returns; a missing value is the parameter's name in brackets."""
        written = self._values[name].text if name in self._values else default_of(name, declared)
        return parameter_type(declared.get("Type")).value(f"<{name}>" if written is None else written)

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self._data.get(name)
        return section if isinstance(section, Mapping) else {}


class _AccountUnread:
    """Nothing is looked up: what the account holds is shown by its name."""

    def export(self, name: str) -> str:
        """The name of an export."""
        return f"{{{{export:{name}}}}}"

    def output(self, stack: str, output: str) -> str:
        """The names of a stack and its output."""
        return f"{{{{output:{stack}.{output}}}}}"

    def stored_parameter(self, name: str) -> str:
        """The name of a parameter in Parameter Store."""
        return f"{{{{ssm:{name}}}}}"

    def zones(self) -> list[str]:
        """Those of the rehearsal's region."""
        return ["us-east-1a", "us-east-1b", "us-east-1c"]


def _is_stage(stage: Any) -> bool:
    return isinstance(stage, Mapping) and isinstance(stage.get("Name"), str) and isinstance(stage.get("Actions"), list)


def _action(stage: str, action: Any) -> ActionInFile:
    declared = action if isinstance(action, Mapping) else {}
    kind = declared.get("ActionTypeId")
    words = [kind.get(key) for key in ("Category", "Owner", "Provider")] if isinstance(kind, Mapping) else [None]
    if not all(isinstance(word, str) for word in (declared.get("Name"), *words)):
        raise TemplateError(
            f"an action of stage {stage} has no Name, or no ActionTypeId with Category, Owner, Provider"
        )
    return ActionInFile(stage, declared["Name"], *words)


def read(file: Path, values: Values) -> UsersTemplate:
    """The template in a file. Raises InvalidInputError with all that is wrong with the file and with the values."""
    if file.is_dir():
        hint = "name one template: cdk.out and other folders of stacks are not rehearsed yet"
        raise InvalidInputError([Problem(f"--template: {file} is a folder", hint=hint)])
    if file.is_symlink() and not file.resolve().is_relative_to(file.parent.resolve()):
        # What is wrong with a file is shown with its lines, and behind a link of a foreign repository may be a secret.
        hint = "name the file that it leads to"
        raise InvalidInputError([Problem(f"--template: {file} is a link to a file outside of its folder", hint=hint)])
    attempted = attempt(file, str(file), TEMPLATE)
    if attempted.problems:
        raise InvalidInputError(attempted.problems)
    document = attempted.document
    resources = document.data.get("Resources") if isinstance(document.data, Mapping) else None
    if not isinstance(resources, Mapping):
        raise InvalidInputError([document.problem((), "this is no template: it has no Resources")])
    if PIPELINE not in [resource.get("Type") for resource in resources.values() if isinstance(resource, Mapping)]:
        hint = f"a template with a resource of type {PIPELINE} is rehearsed"
        raise InvalidInputError([document.problem(("Resources",), "the template has no pipeline", hint, at="key")])
    text = file.read_text(encoding="utf-8-sig")
    try:
        parser.parse(text)
    except TemplateError as refused:
        raise InvalidInputError([document.problem((), str(refused))]) from None
    return UsersTemplate(document, text, values)


def chosen(template: UsersTemplate, pipelines: Sequence[PipelineInFile], logical_id: str) -> PipelineInFile:
    """The pipeline that is meant: the one of a logical id, else the only one, else the only one that delivers.

    Raises InvalidInputError where none is.
    """
    by_name = {pipeline.logical_id: pipeline for pipeline in pipelines}
    if logical_id in by_name:
        return by_name[logical_id]
    delivering = [pipeline for pipeline in pipelines if pipeline.delivers] if len(pipelines) > 1 else pipelines
    if len(delivering) == 1 and not logical_id:
        return delivering[0]
    names = ", ".join(by_name) or "none"
    if logical_id:
        message = f"--pipeline: the template makes no pipeline {quote(logical_id)}"
        raise InvalidInputError([template.problem(("Resources",), message, f"pipelines: {names}")])
    message = f"the template makes {len(pipelines)} pipelines with these parameters"
    hint = f"--pipeline {next(iter(by_name))}; pipelines: {names}" if pipelines else "its conditions leave none"
    raise InvalidInputError([template.problem(("Resources",), message, hint)])
