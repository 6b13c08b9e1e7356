"""What deploy roles lack for the application, and names that they do not reach: options before AWS refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.application.template import Resource
from generator.application.translation import Translated
from generator.compiler import unreached
from generator.compiler.physical_names import DeployedTemplate, translation, with_nested
from generator.document import Document, Path
from generator.errors import Level, Problem
from generator.model.pipeline import Pipeline
from generator.model.text import NOTHING, Text, resolved
from generator.permissions import by_hand, coverage
from generator.permissions.explanation import WAYS_FOR_OTHERS, covered_types, needs
from generator.permissions.lists import is_of_others
from generator.pipeline_file.keys import deploy_role

_ROLE = "AWS::IAM::Role"
_UNPUBLISHED = "AWS publishes no list of what it takes: grant it by hand, deploy_role: {extra: ...}"


class _Deployed(NamedTuple):
    """A template after SAM's transform, the stacks it becomes, and the types their roles cover.

    `lets_through` are the types that the build lets through; None where it compares nothing.
    """

    template: Translated
    stacks: tuple[str, ...]
    covers: tuple[str, ...]
    lets_through: tuple[str, ...] | None


class _Whole(NamedTuple):
    """The application's template or the tests', and the parameters of each of its stacks."""

    template: Translated
    stacks: Mapping[Text, Mapping[str, Text]]
    of_tests: bool

    @property
    def path(self) -> str:
        return self.template.source.path

    def deployments(self) -> list[DeployedTemplate]:
        return [DeployedTemplate(self.template.source, stack, values) for stack, values in self.stacks.items()]


def problems(
    pipeline: Pipeline, document: Document, app: Translated | None, tests: Translated | None
) -> Iterator[Problem]:
    """Of both templates and nested stacks; nothing where an existing role deploys: nobody here knows what it may do."""
    options = deploy_role.options(document.data)
    every = [*_whole(pipeline, app, tests)]
    deployed = [each for whole in every for each in _deployed(pipeline, whole)]
    for each in deployed:
        yield from _uncovered(each)
        yield from _unbound(each, options.get("permissions_boundary", ""))
    for stacks in (each for whole in every for each in _stacks(pipeline, whole)):
        yield from unreached.problems(stacks, pipeline.service)
    if "permissions_boundary" not in options and any(map(_roles, deployed)):
        message = "whoever may create roles can create one that may do anything, and the deploy roles may create roles"
        hint = f"a policy that every role must carry ends that: {deploy_role.KEY}: {{permissions_boundary: <ARN>}}"
        yield document.problem((deploy_role.KEY,), message, hint, at="key", level="info")


def _whole(pipeline: Pipeline, app: Translated | None, tests: Translated | None) -> Iterator[_Whole]:
    if app:
        yield _Whole(app, {stage.deployment.stack: stage.parameters for stage in pipeline.stages}, of_tests=False)
    if tests:
        stacks = {pipeline.tests.deployment.stack: NOTHING} if pipeline.tests else {}
        yield _Whole(tests, stacks, of_tests=True)


def _deployed(pipeline: Pipeline, whole: _Whole) -> Iterator[_Deployed]:
    covers = covered_types(pipeline, tests=whole.of_tests)
    if covers is not None:
        stacks = tuple(resolved(stack, pipeline.service) for stack in whole.stacks)
        for each in _translated(whole, pipeline.service).values():
            yield _Deployed(each, stacks, covers, _let_through(pipeline, of_tests=whole.of_tests))


def _translated(whole: _Whole, service: str) -> dict[str, Translated]:
    """The template, then those of the stacks within its stacks, by path, as the last stack has them."""
    deployments = (each for stack in whole.deployments() for each in with_nested(stack))
    by_path = {each.template.path: each for each in deployments}
    return {whole.path: whole.template} | {
        path: translation(each, service) for path, each in by_path.items() if path != whole.path
    }


def _let_through(pipeline: Pipeline, *, of_tests: bool) -> tuple[str, ...] | None:
    variables = pipeline.build.environment
    names = variables.get(coverage.TESTS_VARIABLE) if of_tests else None
    names = names or variables.get(coverage.TYPES_VARIABLE)
    return tuple(names.split()) if isinstance(names, str) and not pipeline.build.own else None


def _is_refused(deployed: _Deployed, logical_id: str, kind: str) -> bool:
    """Whether the build stops at a type: one that the template writes itself, and not one that SAM adds."""
    is_written = logical_id in deployed.template.source.resources
    return is_written and deployed.lets_through is not None and not coverage.covers(deployed.lets_through, kind)


def _stacks(pipeline: Pipeline, whole: _Whole) -> Iterator[list[unreached.Deployed]]:
    """Each template in all of its stacks, each with what its role reaches: a nested stack has that of the outermost."""
    roles = {role.stack: unreached.reach_of(rights, role) for rights in pipeline.deploy_rights for role in rights.roles}
    translated = _translated(whole, pipeline.service)
    stacks: dict[str, list[unreached.Deployed]] = {}
    for outermost in (each for each in whole.deployments() if each.stack in roles):
        for each in with_nested(outermost):
            path = each.template.path
            deployed = unreached.Deployed(translated[path], each, roles[outermost.stack])
            stacks.setdefault(path, []).append(deployed)
    yield from stacks.values()


def _uncovered(deployed: _Deployed) -> Iterator[Problem]:
    resources = {name: resource.type for name, resource in deployed.template.all_known().items()}
    named: set[str] = set()
    for need in needs(resources, deployed.covers):
        if not need.covered and need.type not in named and not need.type.startswith("AWS::Serverless::"):
            named.add(need.type)
            message = f"the deploy roles have no rights for {need.type}"
            hint = by_hand.statements(need.type, deployed.stacks) or _UNPUBLISHED
            if not is_of_others(need.type) and not by_hand.is_helpful(need.type):
                hint = f"AWS publishes no list of what it takes: nothing helps but {WAYS_FOR_OTHERS}"
            if is_of_others(need.type):
                message = f"{message}, which is not AWS's"
                hint = f"the only way is {WAYS_FOR_OTHERS}"
            level: Level = "warning"
            if _is_refused(deployed, need.logical_id, need.type):
                message, level = f"{message}, and the build refuses it", "error"
            yield deployed.template.source.problem(
                _path(deployed, need.logical_id), message, hint, at="key", level=level
            )


def _unbound(deployed: _Deployed, boundary: str) -> Iterator[Problem]:
    for role in _roles(deployed) if boundary else ():
        if _text(role.properties.get("PermissionsBoundary")) != boundary:
            message = f"{role.logical_id} does not carry the permissions boundary, and the deploy role may not make it"
            hint = f"Globals: {{Function: {{PermissionsBoundary: {boundary}}}}}, or the resource's PermissionsBoundary"
            yield deployed.template.source.problem(_path(deployed, role.logical_id), message, hint, at="key")


def _roles(deployed: _Deployed) -> list[Resource]:
    return [resource for resource in deployed.template.all_known().values() if resource.type == _ROLE]


def _text(value: Any) -> Any:
    """A text with or without Fn::Sub around it."""
    return value.get("Fn::Sub", value) if isinstance(value, Mapping) else value


def _path(deployed: _Deployed, logical_id: str) -> Path:
    source = deployed.template.source
    return ("Resources", logical_id) if logical_id in source.resources else source.origin_of(logical_id)
