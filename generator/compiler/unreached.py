"""What an application names and its deploy role does not reach: an error before launch, with the statement to paste."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.application.template import Resource
from generator.application.translation import Translated
from generator.compiler.physical_names import DeployedTemplate, names, reference_values
from generator.compiler.references import Reference, parameter_arn, references
from generator.document import Path
from generator.errors import Problem
from generator.model.iam import DeployRights, DeployRole
from generator.model.text import resolved
from generator.permissions.reach import Reach, extra, making, own_actions
from generator.permissions.resource_names import NAMED, arns_of

_FROM_STORE = "AWS::SSM::Parameter::"


class Deployed(NamedTuple):
    """A template after SAM's transform as one stack has it, and what the role of that stack reaches."""

    template: Translated
    deployment: DeployedTemplate
    reach: Reach


class _Gap(NamedTuple):
    """Something out of reach: where the template says it, the actions, and its ARN."""

    path: Path
    what: str
    actions: tuple[str, ...]
    arn: str


def reach_of(rights: DeployRights, role: DeployRole) -> Reach:
    """What a role reaches, by its shared statements and its own."""
    return Reach((*rights.statements, *role.statements), role.stack)


def problems(stacks: Iterable[Deployed], service: str) -> Iterator[Problem]:
    """An error for each place of a template, with the ARNs of all stacks; `*` is what only a launch can tell."""
    gaps: dict[tuple[Path, str], dict[str, _Gap]] = {}
    template = None
    for deployed in stacks:
        template = deployed.template.source
        for gap in _gaps(deployed):
            gaps.setdefault((gap.path, gap.what), {})[resolved(gap.arn, service)] = gap
    for (path, what), by_arn in gaps.items():
        first, gap = next(iter(by_arn.items()))
        message = f"the deploy roles do not reach {what}: {first}"
        if template:
            yield template.problem(path, message, extra(gap.actions, by_arn), at="key")


def _gaps(deployed: Deployed) -> Iterator[_Gap]:
    template, deployment, resources = deployed.template, deployed.deployment, deployed.template.all_known()
    for logical_id, named in names(deployment, resources).items():
        arn = arns_of(named.type, named.name)[0]
        if (action := making(named.type)) and not deployed.reach.allows(action, arn):
            key = NAMED[named.type].name
            what = f"{key} of {logical_id}"
            yield _Gap(_path(template, logical_id, key), what, own_actions(named.type), arn)
    values = reference_values(deployment, resources)
    for resource in resources.values():
        for reference in references(resource, resources, template.source.document.data, values):
            if not deployed.reach.allows(reference.action, reference.arn, foreign=True):
                yield _referring(template, resource, reference)
    yield from _parameters(deployed)


def _referring(template: Translated, resource: Resource, reference: Reference) -> _Gap:
    key = reference.key.partition(".")[0]
    what = f"what {reference.key} of {resource.logical_id} names"
    return _Gap(_path(template, resource.logical_id, key), what, reference.actions, reference.arn)


def _parameters(deployed: Deployed) -> Iterator[_Gap]:
    """Parameters of a template that are read from the Parameter Store."""
    source, values = deployed.template.source, deployed.deployment.parameters
    for name, parameter in source.parameters.items():
        stored = values.get(name, parameter.default or "")
        if parameter.type.startswith(_FROM_STORE) and stored:
            arn, action = parameter_arn(stored), "ssm:GetParameters"
            if not deployed.reach.allows(action, arn):
                yield _Gap(("Parameters", name), f"the parameter that {name} reads", (action,), arn)


def _path(template: Translated, logical_id: str, key: str) -> Path:
    source = template.source
    if logical_id not in source.resources:
        return source.origin_of(logical_id)
    return source.place_of(logical_id, key)
