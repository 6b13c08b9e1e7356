"""What the deploy roles may do: the baseline, or exactly what the application's templates take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.application.template import Resource, Template
from generator.compiler.physical_names import DeployedTemplate, own_names, translation, with_nested
from generator.model.deployment import DEPLOY_ROLE, Deployment
from generator.model.environment import ARTIFACT_BUCKET, Environment, is_elsewhere, named_role
from generator.model.iam import DeployRights, DeployRole, Statement
from generator.model.stage import Stage
from generator.model.store import Store
from generator.model.tests import Tests
from generator.model.text import NOTHING as NO_TEMPLATES
from generator.model.text import Text
from generator.permissions import by_hand
from generator.permissions.corrections import BASELINE, RARE
from generator.permissions.deploy_role import Grant, NamedResource, for_names, statements
from generator.permissions.launched import NOTHING, Kept
from generator.permissions.lists import is_covered, listed
from generator.permissions.resource_names import NAMED, is_reached
from generator.pipeline_file.file import File
from generator.pipeline_file.keys.deploy_role import options
from generator.pipeline_file.own_buildspec import own_buildspec
from generator.pipeline_file.statements import statements as written_statements


def rights(  # noqa: PLR0913 - all but what deploys is named where it is called
    data: Mapping[str, Any],
    tests: Tests | None,
    stages: Sequence[Stage],
    templates: Sequence[Template | None],
    *,
    code: tuple[Text, ...] = (Store().packaged,),
    images: bool = False,
    kept: Kept = NOTHING,
    described: Mapping[str, Template] = NO_TEMPLATES,
) -> tuple[DeployRights, ...]:
    """What the roles may do; nothing where an existing one deploys. `templates`: the services' and the tests'.

    `code` are the objects that are packaged code, `images`: some of it is container images. Exact roles have the rights
    of what is `kept` as well. `described` has, by the names of deployments, what is known of a template that the build
    makes.
    """
    written = options(data)
    if "arn" in written or not (tests or any(stage.deployments for stage in stages)):
        return ()
    *apps, test = templates
    wide, boundary = written.get("scope") == "wide", written.get("permissions_boundary", "")
    grant = Grant(boundary=boundary, wide=wide, extra=written_extra(data), code=code, images=images)
    tests_stack = (_Deployed(tests.deployment, test, {}),) if tests else ()
    groups = [*_groups(stages, apps, described)]
    if written.get("permissions") != "exact":
        return _baselines(groups, tests_stack, grant, _rare((*templates, *described.values())))
    resources = (
        *_resources([each for group in groups for each in group.stacks], data),
        *map(NamedResource, sorted(kept.stages)),
    )
    every = [_exact("DeployPolicy", group, grant, resources) for group in groups if group.stacks]
    if tests:
        resources = (*_resources(tests_stack, data), *map(NamedResource, sorted(kept.tests)))
        # The rights of the stages come first, then those of the test stack: the build counts on it.
        every.insert(1, _exact("TestsDeployPolicy", _Group(None, tests_stack), grant, resources))
    return tuple(every)


class _Deployed(NamedTuple):
    """A deployment with the template of its stack, if it could be read, and the parameters that it is given."""

    deployment: Deployment
    template: Template | None
    parameters: Mapping[str, Text]


class _Group(NamedTuple):
    """The deployments whose roles one stack makes: the pipeline's, or that of an environment in another account."""

    environment: Environment | None
    stacks: tuple[_Deployed, ...]

    @property
    def word(self) -> str:
        """The environment's word; empty for the pipeline's own account."""
        return self.environment.word if self.environment else ""

    def granted(self, grant: Grant) -> Grant:
        """The grant with packaged code by the names that its bucket has for another account."""
        if not self.environment:
            return grant
        own = Store().arn
        return grant._replace(code=tuple(arn.replace(own, ARTIFACT_BUCKET) for arn in grant.code))

    def roles(self, granted: Sequence[Statement], grant: Grant) -> tuple[DeployRole, ...]:
        """The roles, each with the rights for the names that its own stack gives and that its policies do not reach."""
        return tuple(
            DeployRole(
                each.deployment.role_id,
                each.deployment.stack,
                _own(each, granted, grant),
                named_role(DEPLOY_ROLE, each.deployment.name) if self.environment else "",
            )
            for each in self.stacks
        )


def _groups(
    stages: Sequence[Stage], apps: Sequence[Template | None], described: Mapping[str, Template]
) -> Iterator[_Group]:
    """The deployments of all stages by where they are, those in the pipeline's own account first."""
    stacks: dict[str, list[_Deployed]] = {}
    environments: dict[str, Environment] = {}
    for stage in stages:
        environment = stage.environment if is_elsewhere(stage.environment) else None
        environments |= {environment.word: environment} if environment else {}
        here = stacks.setdefault(environment.word if environment else "", [])
        for deployment, app in zip(stage.deployments, apps, strict=False):
            here.append(_Deployed(deployment, described.get(deployment.name, app), deployment.parameters))
    for word in sorted(stacks, key=bool):
        yield _Group(environments.get(word), tuple(stacks[word]))


def _own(deployed: _Deployed, granted: Sequence[Statement], grant: Grant) -> tuple[Statement, ...]:
    if deployed.template is None or grant.wide:
        return ()
    stack = deployed.deployment.stack
    whole = DeployedTemplate(deployed.template, stack, deployed.parameters)
    names = dict.fromkeys(name for each in with_nested(whole) for name in own_names(each))
    beyond = [resource for resource in names if not is_reached(resource.type, resource.name, stack)]
    return for_names(granted, beyond)


def written_extra(data: Mapping[str, Any]) -> tuple[Statement, ...]:
    """What the file grants beyond what the roles have."""
    return written_statements(options(data).get("extra", ()), "Extra")


def packaged_code(file: File) -> tuple[Text, ...]:
    """The objects that a pipeline's build makes of packaged code."""
    store = Store(bucket=file.settings("artifacts").get("bucket", ""))
    buildspec = own_buildspec(file)
    return (store.packaged, *(store.packaged_at_root if buildspec and buildspec.packages_at_root else ()))


def _rare(templates: Iterable[Template | None]) -> tuple[str, ...]:
    """The rarer types that templates name: nothing that SAM adds by itself is one."""
    every = (each for template in templates if template for each in template.family)
    named = {resource.type for template in every for resource in template.resources.values()}
    return tuple(sorted(named & set(RARE)))


def _baselines(
    groups: Sequence[_Group], tests_stack: tuple[_Deployed, ...], grant: Grant, rare: Sequence[str]
) -> tuple[DeployRights, ...]:
    """The same rights for all roles of an account, that of the test stack among those at home."""
    covers = _with_extra((*BASELINE, *rare), grant)
    at_home = tuple(each for group in groups if not group.environment for each in group.stacks)
    elsewhere = (group for group in groups if group.environment)
    every = (_Group(None, (*tests_stack, *at_home)), *elsewhere)
    return tuple(_baseline(group, grant, rare, covers) for group in every if group.stacks)


def _baseline(group: _Group, grant: Grant, rare: Sequence[str], covers: tuple[str, ...]) -> DeployRights:
    granted = statements(group.granted(grant), rare=rare)
    roles = group.roles(granted, grant)
    return DeployRights("DeployPolicy", roles, granted, covers, grant.wide, environment=group.word)


def _exact(policy: str, group: _Group, grant: Grant, resources: Sequence[NamedResource]) -> DeployRights:
    covers = {listed(resource.type) for resource in resources if is_covered(resource.type)}
    granted = statements(group.granted(grant), resources)
    roles = group.roles(granted, grant)
    return DeployRights(
        policy, roles, granted, _with_extra(covers, grant), grant.wide, exact=True, environment=group.word
    )


def _with_extra(covers: Iterable[str], grant: Grant) -> tuple[str, ...]:
    return tuple(sorted({*covers, *(by_hand.types(grant.extra) if grant.extra else ())}))


def _resources(stacks: Sequence[_Deployed], data: Mapping[str, Any]) -> tuple[NamedResource, ...]:
    """The resources of all templates after SAM's transform, for every stage whose parameters may change them."""
    deployed = [DeployedTemplate(each.template, "", each.parameters) for each in stacks if each.template]
    translated = (translation(each, data["service"]) for whole in deployed for each in with_nested(whole))
    resources = (resource for each in translated for resource in each.resources().values())
    return tuple(dict.fromkeys(NamedResource(resource.type) for resource in resources))


def name_of(resource: Resource) -> str:
    """The name that a template gives a resource in plain text; empty where it gives none, or puts it together."""
    naming = NAMED.get(resource.type)
    name = resource.properties.get(naming.name) if naming else None
    return name if isinstance(name, str) else ""
