"""What deploy roles lack for the application, and names that they do not reach: options before AWS refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.application.template import Resource
from generator.application.translation import Translated
from generator.compiler import unreached
from generator.compiler.physical_names import DeployedTemplate
from generator.document import Document, Path
from generator.errors import Level, Problem
from generator.model.pipeline import Pipeline
from generator.model.text import NOTHING, resolved
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


def problems(
    pipeline: Pipeline, document: Document, app: Translated | None, tests: Translated | None
) -> Iterator[Problem]:
    """Of both templates; nothing where an existing role deploys, for nobody here knows what it may do."""
    options = deploy_role.options(document.data)
    deployed = [*_deployed(pipeline, app, tests)]
    for each in deployed:
        yield from _uncovered(each)
        yield from _unbound(each, options.get("permissions_boundary", ""))
    for stacks in _stacks(pipeline, app, tests):
        yield from unreached.problems(stacks, pipeline.service)
    if "permissions_boundary" not in options and any(map(_roles, deployed)):
        message = "whoever may create roles can create one that may do anything, and the deploy roles may create roles"
        hint = f"a policy that every role must carry ends that: {deploy_role.KEY}: {{permissions_boundary: <ARN>}}"
        yield document.problem((deploy_role.KEY,), message, hint, at="key", level="info")


def _deployed(pipeline: Pipeline, app: Translated | None, tests: Translated | None) -> Iterator[_Deployed]:
    stages = tuple(stage.deployment.stack for stage in pipeline.stages)
    for_tests = (pipeline.tests.deployment.stack,) if pipeline.tests else ()
    for template, stacks, of_tests in ((app, stages, False), (tests, for_tests, True)):
        covers = covered_types(pipeline, tests=of_tests)
        if template and covers is not None:
            names = tuple(resolved(stack, pipeline.service) for stack in stacks)
            yield _Deployed(template, names, covers, _let_through(pipeline, of_tests=of_tests))


def _let_through(pipeline: Pipeline, *, of_tests: bool) -> tuple[str, ...] | None:
    variables = pipeline.build.environment
    names = variables.get(coverage.TESTS_VARIABLE) if of_tests else None
    names = names or variables.get(coverage.TYPES_VARIABLE)
    return tuple(names.split()) if isinstance(names, str) and not pipeline.build.own else None


def _is_refused(deployed: _Deployed, logical_id: str, kind: str) -> bool:
    """Whether the build stops at a type: one that the template writes itself, and not one that SAM adds."""
    is_written = logical_id in deployed.template.source.resources
    return is_written and deployed.lets_through is not None and not coverage.covers(deployed.lets_through, kind)


def _stacks(pipeline: Pipeline, app: Translated | None, tests: Translated | None) -> Iterator[list[unreached.Deployed]]:
    """Each template in all of its stacks, each with what its role reaches."""
    roles = {role.stack: unreached.reach_of(rights, role) for rights in pipeline.deploy_rights for role in rights.roles}
    of_stages = {stage.deployment.stack: stage.parameters for stage in pipeline.stages}
    of_tests = {pipeline.tests.deployment.stack: NOTHING} if pipeline.tests else {}
    for template, stacks in ((app, of_stages), (tests, of_tests)):
        if template:
            yield [
                unreached.Deployed(template, DeployedTemplate(template.source, stack, parameters), roles[stack])
                for stack, parameters in stacks.items()
                if stack in roles
            ]


def _uncovered(deployed: _Deployed) -> Iterator[Problem]:
    resources = {name: resource.type for name, resource in deployed.template.resources().items()}
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
    return [resource for resource in deployed.template.resources().values() if resource.type == _ROLE]


def _text(value: Any) -> Any:
    """A text with or without Fn::Sub around it."""
    return value.get("Fn::Sub", value) if isinstance(value, Mapping) else value


def _path(deployed: _Deployed, logical_id: str) -> Path:
    source = deployed.template.source
    return ("Resources", logical_id) if logical_id in source.resources else source.origin_of(logical_id)
