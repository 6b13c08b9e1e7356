"""The key `deploy_role`: which roles deploy the stacks, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.application.template import Resource, Template
from generator.application.translation import translate
from generator.compiler import grants
from generator.compiler.schema_parts import Schema, mapping
from generator.document import Document
from generator.errors import Problem
from generator.model.iam import DEPLOY_ROLE_TAGS, DeployRights, DeployRole
from generator.model.stage import Stage
from generator.model.store import Store
from generator.model.tests import Tests
from generator.model.text import literal, resolved
from generator.permissions import by_hand
from generator.permissions.corrections import BASELINE
from generator.permissions.deploy_role import Grant, Made, statements
from generator.permissions.launched import NOTHING, Kept
from generator.permissions.lists import is_covered, listed
from generator.permissions.resource_names import NAMED

KEY = "deploy_role"
_WORDS = ["baseline", "exact"]
_TESTS = "TestsDeployRole"


def schema() -> Schema:
    """The top-level key."""
    arn = {
        "type": "string",
        "pattern": r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@/_-]{1,512}$",
        "x-what": "the ARN of a role",
        "description": "An existing role that deploys all stacks; nothing is added to what it may do.",
    }
    boundary = {
        "type": "string",
        "pattern": r"^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@/_-]{1,512}$",
        "x-what": "the ARN of a managed policy",
        "description": "The permissions boundary that every role of the application must carry: without one, a role "
        "that may make roles may make one that may do anything.",
    }
    full = mapping(
        {
            "arn": arn,
            "permissions": {
                "enum": _WORDS,
                "default": _WORDS[0],
                "description": "baseline: what SAM makes and what usually stands beside it. exact: the types that the "
                "application's own templates have; a new type needs the pipeline launched again.",
            },
            "permissions_boundary": boundary,
            "scope": {
                "enum": ["stack", "wide"],
                "default": "stack",
                "description": "stack: what the stack's name begins. wide: any name, for names of one's own and for "
                "names so long that CloudFormation cuts them.",
            },
            "extra": grants.schema("What the application needs beyond that."),
        },
        least=1,
    )
    return {
        "anyOf": [{"enum": _WORDS}, full],
        "default": _WORDS[0],
        "description": "What CloudFormation may do when it deploys, each stack with a role of its own.",
    }


def settings(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the file says, as a mapping."""
    written = data.get(KEY, {})
    return {"permissions": written} if isinstance(written, str) else written


def role_of(data: Mapping[str, Any], logical_id: str) -> str:
    """The ARN, a text, of the role that deploys: the file's, or ours of this logical id."""
    return literal(settings(data).get("arn", "")) or f"${{{logical_id}.Arn}}"


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
    said = settings(data)
    if "arn" in said:
        return ()
    for_stages = tuple(DeployRole(f"{stage.logical_id}DeployRole", stage.stack) for stage in stages)
    for_tests = (DeployRole(_TESTS, tests.stack),) if tests else ()
    grant = Grant(
        boundary=said.get("permissions_boundary", ""),
        wide=said.get("scope") == "wide",
        extra=grants.statements(said.get("extra", ()), "Extra"),
        code=Store(bucket=data.get("artifacts", {}).get("bucket", "")).packaged,
    )
    if said.get("permissions") != "exact":
        return (
            DeployRights(
                "DeployPolicy", (*for_tests, *for_stages), statements(grant), _with_extra(BASELINE, grant), grant.wide
            ),
        )
    app, test = templates
    found = [_exact("DeployPolicy", for_stages, grant, (*_made(app, data, stages), *map(Made, sorted(kept.stages))))]
    if tests:
        made = (*_made(test, data, ()), *map(Made, sorted(kept.tests)))
        found.append(_exact("TestsDeployPolicy", for_tests, grant, made))
    return tuple(found)


def _exact(policy: str, roles: tuple[DeployRole, ...], grant: Grant, made: Sequence[Made]) -> DeployRights:
    covers = {listed(one.type) for one in made if is_covered(one.type)}
    return DeployRights(policy, roles, statements(grant, made), _with_extra(covers, grant), grant.wide, exact=True)


def _with_extra(covers: Iterable[str], grant: Grant) -> tuple[str, ...]:
    return tuple(sorted({*covers, *(by_hand.types(grant.extra) if grant.extra else ())}))


def _made(template: Template | None, data: Mapping[str, Any], stages: Sequence[Stage]) -> tuple[Made, ...]:
    """The resources of a template after SAM's transform, for every stage whose parameters may change them."""
    given = [{name: resolved(text, data["service"]) for name, text in stage.parameters.items()} for stage in stages]
    translated = [translate(template, values) for values in (given or [{}])] if template else []
    found = (Made(one.type, name_of(one)) for each in translated for one in each.resources().values())
    return tuple(dict.fromkeys(found))


def name_of(resource: Resource) -> str:
    """The name that a template gives a resource in plain text; empty where it gives none, or puts it together."""
    naming = NAMED.get(resource.type)
    name = resource.properties.get(naming.name) if naming else None
    return name if isinstance(name, str) else ""


def problems(document: Document) -> Iterator[Problem]:
    """What cannot be together."""
    said = settings(document.data)
    for key in said if "arn" in said else ():
        if key != "arn":
            message = f"'{key}' says what our own roles may do, and 'arn' that there are none"
            yield document.problem((KEY, key), message, "leave one of them out", at="key")
    for name in document.data.get("tags", {}):
        # IAM tells no capitals from small letters in the keys of tags:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
        if name.lower() in DEPLOY_ROLE_TAGS:
            hint = f"choose another key than {' and '.join(DEPLOY_ROLE_TAGS)}"
            yield document.problem(
                ("tags", name), f"the tag '{name}' says what a deploy role may touch", hint, at="key"
            )
