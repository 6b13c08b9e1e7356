"""What the deploy roles may do: the baseline, or exactly what the application's templates take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from generator.application.template import Resource, Template
from generator.application.translation import translate
from generator.model.iam import DeployRights, DeployRole
from generator.model.stage import Stage
from generator.model.store import Store
from generator.model.tests import Tests
from generator.model.text import resolved
from generator.permissions import by_hand
from generator.permissions.corrections import BASELINE, RARE
from generator.permissions.deploy_role import Grant, Made, statements
from generator.permissions.launched import NOTHING, Kept
from generator.permissions.lists import is_covered, listed
from generator.permissions.resource_names import NAMED
from generator.pipeline_file.keys.deploy_role import options
from generator.pipeline_file.statements import statements as written_statements

_TESTS = "TestsDeployRole"


def rights(
    data: Mapping[str, Any],
    tests: Tests | None,
    stages: Sequence[Stage],
    templates: Sequence[Template | None],
    kept: Kept = NOTHING,
) -> tuple[DeployRights, ...]:
    """What the roles may do; nothing where an existing one deploys. `templates`: the application's and the tests'.

    Exact roles have the rights of what is `kept` as well.
    """
    written = options(data)
    if "arn" in written:
        return ()
    for_stages = tuple(DeployRole(f"{stage.logical_id}DeployRole", stage.stack) for stage in stages)
    for_tests = (DeployRole(_TESTS, tests.stack),) if tests else ()
    grant = Grant(
        boundary=written.get("permissions_boundary", ""),
        wide=written.get("scope") == "wide",
        extra=written_statements(written.get("extra", ()), "Extra"),
        code=Store(bucket=data.get("artifacts", {}).get("bucket", "")).packaged,
    )
    app, test = templates
    if written.get("permissions") != "exact":
        rare = _rare(templates)
        covers = _with_extra((*BASELINE, *rare), grant)
        granted = statements(grant, rare=rare)
        return (DeployRights("DeployPolicy", (*for_tests, *for_stages), granted, covers, grant.wide),)
    rights = [_exact("DeployPolicy", for_stages, grant, (*_made(app, data, stages), *map(Made, sorted(kept.stages))))]
    if tests:
        made = (*_made(test, data, ()), *map(Made, sorted(kept.tests)))
        rights.append(_exact("TestsDeployPolicy", for_tests, grant, made))
    return tuple(rights)


def _rare(templates: Iterable[Template | None]) -> tuple[str, ...]:
    """The rarer types that templates name: nothing that SAM adds by itself is one."""
    named = {resource.type for template in templates if template for resource in template.resources.values()}
    return tuple(sorted(named & set(RARE)))


def _exact(policy: str, roles: tuple[DeployRole, ...], grant: Grant, made: Sequence[Made]) -> DeployRights:
    covers = {listed(resource.type) for resource in made if is_covered(resource.type)}
    return DeployRights(policy, roles, statements(grant, made), _with_extra(covers, grant), grant.wide, exact=True)


def _with_extra(covers: Iterable[str], grant: Grant) -> tuple[str, ...]:
    return tuple(sorted({*covers, *(by_hand.types(grant.extra) if grant.extra else ())}))


def _made(template: Template | None, data: Mapping[str, Any], stages: Sequence[Stage]) -> tuple[Made, ...]:
    """The resources of a template after SAM's transform, for every stage whose parameters may change them."""
    parameters = [
        {name: resolved(text, data["service"]) for name, text in stage.parameters.items()} for stage in stages
    ]
    translated = [translate(template, values) for values in (parameters or [{}])] if template else []
    resources = (resource for each in translated for resource in each.resources().values())
    return tuple(dict.fromkeys(Made(resource.type, name_of(resource)) for resource in resources))


def name_of(resource: Resource) -> str:
    """The name that a template gives a resource in plain text; empty where it gives none, or puts it together."""
    naming = NAMED.get(resource.type)
    name = resource.properties.get(naming.name) if naming else None
    return name if isinstance(name, str) else ""
