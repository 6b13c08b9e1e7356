"""What deploying templates requires: the permissions of each resource type, for whom, and whether they are granted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.application.reader import parse
from generator.application.translation import Translated, translate
from generator.compiler.deploy_roles import name_of
from generator.compiler.physical_names import DeployedTemplate, translation, with_nested
from generator.compiler.pipeline import Compilation
from generator.errors import InvalidInputError, Place, Problem
from generator.model.iam import DeployRights, Statement
from generator.model.text import resolved
from generator.permissions import lists
from generator.permissions.deploy_role import NamedResource, statements
from generator.permissions.explanation import Explained, covered_types, explain, is_among


@dataclass(frozen=True, slots=True)
class Requester:
    """A resource that requires a type's permissions, and its place in the template."""

    logical_id: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class RequiredType:
    """A type with its permissions and who requires them; `granted` is None where the role's are not known here."""

    explained: Explained
    requesters: tuple[Requester, ...]
    granted: bool | None


@dataclass(frozen=True, slots=True)
class Grant:
    """All that some roles may do; `stacks` are those they deploy, as a person calls them."""

    stacks: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    """The types that templates have, all that is granted, and what is wrong with the templates."""

    types: tuple[RequiredType, ...]
    grants: tuple[Grant, ...]
    problems: tuple[Problem, ...] = ()


def of_pipeline(compiled: Compilation) -> Requirements:
    """What a pipeline's application and tests require, and all that its deploy roles may do."""
    pipeline = compiled.pipeline
    covered: list[tuple[Translated, tuple[str, ...] | None]] = []
    deployed: list[tuple[DeployedTemplate, tuple[str, ...] | None]] = []
    for app, template in compiled.apps:
        if template:
            values = pipeline.stages[-1].deployment_of(app.service).parameters
            deployed.append((DeployedTemplate(template, "", values), covered_types(pipeline.of(app))))
    if compiled.tests and pipeline.tests:
        deployed.append((DeployedTemplate(compiled.tests, "", {}), covered_types(pipeline, tests=True)))
    for stack, types in deployed:
        covered += [(translation(each, pipeline.service), types) for each in with_nested(stack)]
    grants = tuple(grant for rights in pipeline.deploy_rights for grant in _grants(rights, pipeline.service))
    problems = (*compiled.problems, *(problem for template, _ in covered for problem in template.problems))
    return Requirements(tuple(_types(covered)), grants, problems)


def _grants(rights: DeployRights, service: str) -> Iterator[Grant]:
    """What all of some roles may do, then what each may do by itself."""
    yield Grant(tuple(resolved(role.stack, service) for role in rights.roles), rights.statements)
    for role in rights.roles:
        if role.statements:
            yield Grant((resolved(role.stack, service),), role.statements)


def of_template(path: Path) -> Requirements:
    """What any CloudFormation template requires, and the rights to deploy it, itself and nothing else.

    Raises InvalidInputError for one that cannot be read.
    """
    source = parse(_text(path), str(path))
    if "Resources" not in source.document.data:
        hint = "--template names a CloudFormation template, which has at least the key Resources"
        raise InvalidInputError([source.problem((), "this is not a template", hint)])
    template = translate(source, {})
    resources = template.resources().values()
    named = tuple(dict.fromkeys(NamedResource(resource.type, name_of(resource)) for resource in resources))
    covers = tuple({lists.listed(resource.type) for resource in named if lists.is_covered(resource.type)})
    # What denies the pipeline's own roles means nothing to anybody else.
    allowed = tuple(statement for statement in statements(only=named) if statement.effect == "Allow")
    return Requirements(tuple(_types([(template, covers)])), (Grant((), allowed),), template.problems)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as refused:
        message = f"{path} cannot be read: {refused.strerror}"
        raise InvalidInputError([Problem(message, hint="--template names a CloudFormation template")]) from refused
    except UnicodeDecodeError as refused:
        raise InvalidInputError([Problem(f"{path} is not UTF-8 text")]) from refused


def _types(covered: Sequence[tuple[Translated, tuple[str, ...] | None]]) -> Iterator[RequiredType]:
    requesters: dict[str, list[Requester]] = {}
    granted: dict[str, bool | None] = {}
    for template, covers in covered:
        for logical_id, resource in template.all_known().items():
            requesters.setdefault(resource.type, []).append(Requester(logical_id, _place(template, logical_id)))
            here = None if covers is None else is_among(resource.type, covers)
            granted[resource.type] = here if granted.get(resource.type, here) == here else False
    for explained in explain(requesters):
        yield RequiredType(explained, tuple(requesters[explained.type]), granted[explained.type])


def _place(template: Translated, logical_id: str) -> Place | None:
    source = template.source
    path = ("Resources", logical_id) if logical_id in source.resources else source.origin_of(logical_id)
    return source.problem(path, "", at="key").place
